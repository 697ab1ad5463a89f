import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FaceStateAnswer, KioskReceipt } from '../../contract/seniors.js';
import { notReplaced } from './replaced-device.js';

interface ChangeRow { kind: 'put' | 'remove'; at: Date }
interface ReceiptRow {
  deviceId: string; name: string; pointName: string; status: 'active' | 'revoked'; lastSeenAt: Date | null;
  changedAt: Date; enrolledAt: Date; confirmed: string | number; receiptAt: Date | null; removedAt: Date | null;
}

/** Which kiosks have done what they were last told about a person's face. */
@Injectable()
export class KioskReceiptsQuery {
  constructor(private readonly dataSource: DataSource) {}

  async run(personCode: string): Promise<Pick<FaceStateAnswer, 'lastChange' | 'changedAt' | 'kiosks'>> {
    const [last] = await this.dataSource.query<ChangeRow[]>(
      'SELECT kind, at FROM gallery_change WHERE person_code = ? ORDER BY at DESC, seq DESC LIMIT 1', [personCode],
    );
    if (last === undefined) return { lastChange: null, changedAt: null, kiosks: [] };
    const rows = await this.dataSource.query<ReceiptRow[]>(
      `SELECT d.id AS deviceId, d.name, p.name AS pointName, d.status, d.last_seen_at AS lastSeenAt, d.enrolled_at AS enrolledAt,
              g.at AS changedAt, (COALESCE(r.applied_seq, 0) >= g.seq) AS confirmed, r.at AS receiptAt,
              (SELECT MIN(a.at) FROM audit_line a WHERE a.object_kind = 'face' AND a.object_id = g.person_code
                AND a.action = 'face.removed-on-device' AND a.actor_id = d.id AND a.at >= g.at) AS removedAt
       FROM (SELECT point_id, person_code, MAX(seq) AS seq, MAX(at) AS at FROM gallery_change
             WHERE person_code = ? GROUP BY point_id, person_code) g
       JOIN device d ON d.point_id = g.point_id AND d.kind = 'kiosk' AND NOT EXISTS (SELECT 1 FROM device_place w WHERE w.device_id = d.id AND w.confirmed_at IS NULL)
       JOIN point p ON p.id = d.point_id
       LEFT JOIN gallery_receipt r ON r.device_id = d.id
       WHERE (d.revoked_at IS NULL OR d.revoked_at >= g.at) AND ${notReplaced('d')}
       ORDER BY p.code, d.name`,
      [personCode],
    );
    return { lastChange: last.kind, changedAt: last.at.toISOString(), kiosks: rows.map(receiptOf) };
  }
}

function receiptOf(row: ReceiptRow): KioskReceipt {
  // A kiosk that was enrolled after the change has never held the face.
  const confirmed = Number(row.confirmed) === 1 || row.enrolledAt > row.changedAt;
  const confirmedAt = confirmed ? row.removedAt ?? row.receiptAt : null;
  return {
    deviceId: row.deviceId, name: row.name, pointName: row.pointName, status: row.status, confirmed,
    confirmedAt: confirmedAt?.toISOString() ?? null, lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
}
