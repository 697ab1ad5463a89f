import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';

/** What every kiosk of a point has to apply, numbered per point in the order of commits. */
@Injectable()
export class GalleryChanges {
  constructor(private readonly clock: Clock) {}

  /**
   * Appends a change. The row of the point stays locked until the transaction ends, so a number that a kiosk can see
   * has no smaller one still to come.
   */
  async append(tx: EntityManager, change: { pointId: string; personCode: string; kind: 'put' | 'remove' }): Promise<void> {
    await tx.query('INSERT INTO gallery_head (point_id, seq) VALUES (?, 1) ON DUPLICATE KEY UPDATE seq = seq + 1', [change.pointId]);
    await tx.query(
      `INSERT INTO gallery_change (point_id, seq, person_code, kind, at)
       SELECT point_id, seq, ?, ?, ? FROM gallery_head WHERE point_id = ?`,
      [change.personCode, change.kind, this.clock.now(), change.pointId],
    );
  }
}
