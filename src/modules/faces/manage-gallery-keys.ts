import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { P256PublicKey } from '../../contract/devices.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { FormerFaces } from './former-faces.js';
import { GalleryChanges } from './gallery-changes.js';
import { notReplaced } from './replaced-device.js';

const DONE = { done: true } as const;

/** What staff decide about gallery keys: where galleries are sealed, which devices may hold a key, the recovery key, giving a key up. */
@Injectable()
export class ManageGalleryKeys {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly changes: GalleryChanges, private readonly former: FormerFaces, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Begins to seal a point's gallery: the first of its devices to ask makes the key. @throws DomainError FACE.POINT_UNKNOWN also outside the scope */
  async beginSealing(pointId: string, actor: Actor): Promise<typeof DONE> {
    await this.unitOfWork.run(async (tx) => {
      await this.requireOne(tx, actor, 'FROM point p JOIN community c ON c.id = p.community_id WHERE p.id = ?', pointId, 'FACE.POINT_UNKNOWN');
      await tx.query('INSERT IGNORE INTO gallery_sealing (point_id, begun_at, begun_by) VALUES (?, ?, ?)', [pointId, this.clock.now(), actor.staff.staffId]);
      await this.audit.record({ ...auditActor(actor), action: 'gallery.sealing-begun', objectKind: 'point', objectId: pointId, outcome: 'done' }, tx);
    });
    return DONE;
  }

  /** Allows a device to be given the key by one that has it. @throws DomainError DEVICE.NOT_FOUND also outside the scope and for a revoked device */
  async approve(deviceId: string, actor: Actor): Promise<typeof DONE> {
    await this.unitOfWork.run(async (tx) => {
      await this.requireOne(
        tx, actor, "FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id WHERE d.status = 'active' AND d.id = ?", deviceId, 'DEVICE.NOT_FOUND',
      );
      await tx.query('INSERT IGNORE INTO gallery_approval (device_id, approved_by, approved_at) VALUES (?, ?, ?)', [deviceId, actor.staff.staffId, this.clock.now()]);
      await this.audit.record({ ...auditActor(actor), action: 'gallery.device-approved', objectKind: 'device', objectId: deviceId, outcome: 'done' }, tx);
    });
    return DONE;
  }

  /** Names the street's recovery key; the one before holds no copy of what is made from now on. @throws DomainError FACE.NO_STREET for staff without a street */
  async setRecovery(publicKey: P256PublicKey, actor: Actor): Promise<typeof DONE> {
    if (actor.staff.scopeKind !== 'street') throw new DomainError('FACE.NO_STREET', 'forbidden');
    const streetId = actor.staff.scopeId;
    await this.unitOfWork.run(async (tx) => {
      await tx.query('UPDATE gallery_recovery SET active = NULL, retired_at = ? WHERE street_id = ? AND active = 1', [this.clock.now(), streetId]);
      const id = newId();
      await tx.query(
        'INSERT INTO gallery_recovery (id, street_id, public_key_jwk, active, made_by, made_at) VALUES (?, ?, ?, 1, ?, ?)',
        [id, streetId, JSON.stringify(publicKey), actor.staff.staffId, this.clock.now()],
      );
      await this.audit.record({ ...auditActor(actor), action: 'gallery.recovery-set', objectKind: 'gallery-recovery', objectId: id, outcome: 'done' }, tx);
    });
    return DONE;
  }

  /**
   * Gives up a key that nobody can open any more: its templates are deleted, but for those of which a roaming consent
   * allows the server a copy; the next device makes a new key.
   *
   * @returns how many people must be captured again
   * @throws DomainError FACE.KEY_UNKNOWN also outside the scope, FACE.KEY_STILL_HELD while a device holds it
   */
  async abandon(keyId: string, reason: string, actor: Actor): Promise<{ forgotten: number }> {
    return this.unitOfWork.run(async (tx) => {
      await this.requireOne(
        tx, actor, 'FROM gallery_key k JOIN point p ON p.id = k.point_id JOIN community c ON c.id = p.community_id WHERE k.active = 1 AND k.id = ?', keyId, 'FACE.KEY_UNKNOWN',
      );
      const [held] = await tx.query<unknown[]>(
        `SELECT 1 FROM gallery_key_copy c JOIN device d ON d.id = c.holder WHERE c.key_id = ? AND d.status = 'active' AND ${notReplaced('d')}`, [keyId],
      );
      if (held !== undefined) throw new DomainError('FACE.KEY_STILL_HELD', 'conflict');
      const lost = await tx.query<{ personCode: string; pointId: string }[]>(
        'SELECT person_code AS personCode, point_id AS pointId FROM face_template WHERE sealed_key_id = ? AND template_cipher IS NULL FOR UPDATE', [keyId],
      );
      await tx.query('DELETE FROM face_template WHERE sealed_key_id = ? AND template_cipher IS NULL', [keyId]);
      await tx.query('UPDATE face_template SET sealed_key_id = NULL, sealed_box = NULL WHERE sealed_key_id = ?', [keyId]);
      await this.former.abandon(tx, keyId);
      for (const { personCode, pointId } of lost) await this.changes.append(tx, { pointId, personCode, kind: 'remove' });
      await tx.query('UPDATE gallery_key SET active = NULL, retired_at = ? WHERE id = ?', [this.clock.now(), keyId]);
      await tx.query('DELETE FROM gallery_key_copy WHERE key_id = ?', [keyId]);
      await this.audit.record({
        ...auditActor(actor), action: 'gallery.key-abandoned', objectKind: 'gallery-key', objectId: keyId, outcome: 'done', detail: { reason, forgotten: lost.length },
      }, tx);
      return { forgotten: lost.length };
    });
  }

  private async requireOne(tx: EntityManager, actor: Actor, from: string, id: string, code: 'FACE.POINT_UNKNOWN' | 'FACE.KEY_UNKNOWN' | 'DEVICE.NOT_FOUND'): Promise<void> {
    const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const [row] = await tx.query<unknown[]>(`SELECT 1 ${from} AND ${scope.sql} FOR UPDATE`, [id, ...scope.params]);
    if (row === undefined) throw new DomainError(code, 'not-found');
  }
}
