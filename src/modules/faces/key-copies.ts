import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeyCopiesRequest } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';

/** Boxes with a private half, each for one holder. */
@Injectable()
export class KeyCopies {
  constructor(private readonly clock: Clock) {}

  /**
   * Keeps copies for those who may have one: the maker itself, whose copy alone may be written anew; active devices of the
   * point that staff approved, or that held the key before; the street's recovery key.
   *
   * @throws DomainError FACE.HOLDER_REFUSED for anybody else
   */
  async add(tx: EntityManager, of: { keyId: string; formerKeyId: string | null; pointId: string; by: string }, copies: KeyCopiesRequest['copies']): Promise<void> {
    for (const { holder, box } of copies) {
      if (holder !== of.by && !await this.mayHold(tx, of, holder)) throw new DomainError('FACE.HOLDER_REFUSED', 'refused');
      await tx.query(
        `INSERT INTO gallery_key_copy (key_id, holder, box, made_by, made_at) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE box = IF(holder = ?, VALUES(box), box)`,
        [of.keyId, holder, JSON.stringify(box), of.by, this.clock.now(), of.by],
      );
    }
  }

  private async mayHold(tx: EntityManager, of: { keyId: string; formerKeyId: string | null; pointId: string }, holder: string): Promise<boolean> {
    const [row] = await tx.query<unknown[]>(
      `SELECT 1 FROM device d WHERE d.id = ? AND d.point_id = ? AND d.status = 'active'
         AND (EXISTS (SELECT 1 FROM gallery_approval a WHERE a.device_id = d.id) OR EXISTS (SELECT 1 FROM gallery_key_copy c WHERE c.holder = d.id AND c.key_id IN (?, ?)))
       UNION ALL SELECT 1 FROM gallery_recovery r JOIN community c ON c.street_id = r.street_id JOIN point p ON p.community_id = c.id
         WHERE r.id = ? AND r.active = 1 AND p.id = ?`,
      [holder, of.pointId, of.keyId, of.formerKeyId ?? of.keyId, holder, of.pointId],
    );
    return row !== undefined;
  }
}
