import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { P256PublicKey, SealedBox } from '../../contract/devices.js';
import type { GalleryKeyListAnswer, GalleryKeysAnswer, RecoveryBoxAnswer } from '../../contract/gallery-keys.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { Actor } from '../../infra/http/actor.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { GalleryKeyBook } from './gallery-key-book.js';
import { notReplaced } from './replaced-device.js';

interface PointRow { pointId: string; pointName: string; sealing: number; keyId: string | null; since: Date | null; dueAt: Date | null; inRecovery: number; sealed: string | number; open: string | number }
interface DeviceRow { deviceId: string; pointId: string; name: string; holds: number; approved: number; jwk: string }

const read = <T>(text: string): T => JSON.parse(text) as T;

/** Who holds which gallery key: for the devices of a point, and for the staff who answer for them. */
@Injectable()
export class GalleryKeysQuery {
  constructor(private readonly dataSource: DataSource, private readonly book: GalleryKeyBook) {}

  async forDevice(device: DeviceIdentity): Promise<GalleryKeysAnswer> {
    const { pointId, deviceId } = device;
    const [sealing] = await this.dataSource.query<unknown[]>('SELECT 1 FROM gallery_sealing WHERE point_id = ?', [pointId]);
    const current = await this.book.current(this.dataSource.manager, pointId);
    const keys = await this.dataSource.query<{ keyId: string; jwk: string; box: string }[]>(
      `SELECT k.id AS keyId, k.public_key_jwk AS jwk, c.box FROM gallery_key k JOIN gallery_key_copy c ON c.key_id = k.id
       WHERE k.point_id = ? AND c.holder = ?`, [pointId, deviceId],
    );
    return {
      pointId, sealing: sealing !== undefined, current,
      keys: keys.map(({ keyId, jwk, box }) => ({ keyId, publicKey: read<P256PublicKey>(jwk), copy: read<SealedBox>(box) })),
      wanting: current === null ? [] : await this.wanting(device, current),
    };
  }

  /** Of a key that must be replaced, everybody who may hold the next one; of another, those who lack a copy. */
  private async wanting(device: DeviceIdentity, key: { keyId: string; due: boolean }): Promise<GalleryKeysAnswer['wanting']> {
    const devices = await this.dataSource.query<{ holder: string; name: string; jwk: string; holds: number }[]>(
      `SELECT d.id AS holder, d.name, d.sealing_key_jwk AS jwk, (c.holder IS NOT NULL) AS holds
       FROM device d LEFT JOIN gallery_approval a ON a.device_id = d.id LEFT JOIN gallery_key_copy c ON c.holder = d.id AND c.key_id = ?
       WHERE d.point_id = ? AND d.status = 'active' AND ${notReplaced('d')} AND d.id <> ? AND (a.device_id IS NOT NULL OR c.holder IS NOT NULL)`,
      [key.keyId, device.pointId, device.deviceId],
    );
    const recovery = await this.dataSource.query<{ holder: string; jwk: string; holds: number }[]>(
      `SELECT r.id AS holder, r.public_key_jwk AS jwk, (k.holder IS NOT NULL) AS holds
       FROM gallery_recovery r JOIN community c ON c.street_id = r.street_id JOIN point p ON p.community_id = c.id
       LEFT JOIN gallery_key_copy k ON k.holder = r.id AND k.key_id = ? WHERE p.id = ? AND r.active = 1`, [key.keyId, device.pointId],
    );
    return [
      ...devices.map((one) => ({ ...one, kind: 'device' as const })), ...recovery.map((one) => ({ ...one, name: '', kind: 'recovery' as const })),
    ].filter((one) => key.due || Number(one.holds) === 0).map(({ holder, kind, name, jwk }) => ({ holder, kind, name, publicKey: read<P256PublicKey>(jwk) }));
  }

  async list(actor: Actor): Promise<GalleryKeyListAnswer> {
    const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const points = await this.dataSource.query<PointRow[]>(
      `SELECT p.id AS pointId, p.name AS pointName, (s.point_id IS NOT NULL) AS sealing, k.id AS keyId, k.made_at AS since, k.due_at AS dueAt,
         EXISTS (SELECT 1 FROM gallery_recovery r JOIN gallery_key_copy y ON y.holder = r.id AND y.key_id = k.id WHERE r.street_id = c.street_id AND r.active = 1) AS inRecovery,
         (SELECT COUNT(*) FROM face_template t WHERE t.point_id = p.id AND t.sealed_box IS NOT NULL) AS sealed,
         (SELECT COUNT(*) FROM face_template t WHERE t.point_id = p.id AND t.template_cipher IS NOT NULL AND t.roaming = 0) AS open
       FROM point p JOIN community c ON c.id = p.community_id LEFT JOIN gallery_sealing s ON s.point_id = p.id
       LEFT JOIN gallery_key k ON k.point_id = p.id AND k.active = 1 WHERE ${scope.sql} ORDER BY p.code`, [...scope.params],
    );
    const devices = await this.dataSource.query<DeviceRow[]>(
      `SELECT d.id AS deviceId, d.point_id AS pointId, d.name, d.sealing_key_jwk AS jwk, (a.device_id IS NOT NULL) AS approved, (y.holder IS NOT NULL) AS holds
       FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
       LEFT JOIN gallery_approval a ON a.device_id = d.id LEFT JOIN gallery_key k ON k.point_id = d.point_id AND k.active = 1
       LEFT JOIN gallery_key_copy y ON y.key_id = k.id AND y.holder = d.id
       WHERE d.status = 'active' AND d.kind = 'kiosk' AND ${notReplaced('d')} AND ${scope.sql} ORDER BY d.name`, [...scope.params],
    );
    return { recovery: await this.recoveryOf(actor), points: points.map((point) => pointOf(point, devices)) };
  }

  /** @throws DomainError FACE.KEY_UNKNOWN also outside the scope, FACE.NO_RECOVERY */
  async recoveryBox(keyId: string, actor: Actor): Promise<RecoveryBoxAnswer> {
    const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const [key] = await this.dataSource.query<{ pointId: string }[]>(
      `SELECT p.id AS pointId FROM gallery_key k JOIN point p ON p.id = k.point_id JOIN community c ON c.id = p.community_id WHERE k.id = ? AND k.active = 1 AND ${scope.sql}`,
      [keyId, ...scope.params],
    );
    if (key === undefined) throw new DomainError('FACE.KEY_UNKNOWN', 'not-found');
    const [copy] = await this.dataSource.query<{ recoveryId: string; box: string }[]>(
      `SELECT r.id AS recoveryId, y.box FROM gallery_key_copy y JOIN gallery_recovery r ON r.id = y.holder WHERE y.key_id = ? ORDER BY r.made_at DESC LIMIT 1`, [keyId],
    );
    if (copy === undefined) throw new DomainError('FACE.NO_RECOVERY', 'refused');
    const devices = await this.dataSource.query<{ deviceId: string; name: string; jwk: string }[]>(
      `SELECT d.id AS deviceId, d.name, d.sealing_key_jwk AS jwk FROM device d JOIN gallery_approval a ON a.device_id = d.id
       WHERE d.point_id = ? AND d.status = 'active' AND ${notReplaced('d')} AND NOT EXISTS (SELECT 1 FROM gallery_key_copy y WHERE y.key_id = ? AND y.holder = d.id)`, [key.pointId, keyId],
    );
    return { recoveryId: copy.recoveryId, box: read<SealedBox>(copy.box), devices: devices.map(({ deviceId, name, jwk }) => ({ deviceId, name, publicKey: read<P256PublicKey>(jwk) })) };
  }

  private async recoveryOf(actor: Actor): Promise<GalleryKeyListAnswer['recovery']> {
    const scope = scopeFilter(actor.staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const [row] = await this.dataSource.query<{ recoveryId: string; jwk: string; madeAt: Date }[]>(
      `SELECT r.id AS recoveryId, r.public_key_jwk AS jwk, r.made_at AS madeAt FROM gallery_recovery r
       WHERE r.active = 1 AND r.street_id IN (SELECT c.street_id FROM community c LEFT JOIN point p ON p.community_id = c.id WHERE ${scope.sql}) LIMIT 1`, [...scope.params],
    );
    return row === undefined ? null : { recoveryId: row.recoveryId, publicKey: read<P256PublicKey>(row.jwk), createdAt: row.madeAt.toISOString() };
  }
}

function pointOf(point: PointRow, devices: readonly DeviceRow[]): GalleryKeyListAnswer['points'][number] {
  return {
    pointId: point.pointId, pointName: point.pointName, sealing: Number(point.sealing) === 1, keyId: point.keyId, since: point.since?.toISOString() ?? null,
    due: point.dueAt !== null, inRecovery: Number(point.inRecovery) === 1, sealed: Number(point.sealed), open: Number(point.open),
    devices: devices.filter((one) => one.pointId === point.pointId).map(({ deviceId, name, holds, approved, jwk }) => (
      { deviceId, name, holds: Number(holds) === 1, approved: Number(approved) === 1, publicKey: read<P256PublicKey>(jwk) }
    )),
  };
}
