import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PLACE_TRIES, type WaitingDevice } from '../../contract/device-place.js';
import type { DeviceListAnswer } from '../../contract/devices.js';
import { modelInUse } from '../../contract/faces.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { FaceModels } from '../faces/index.js';

interface Row {
  id: string; pointId: string; pointName: string; kind: 'kiosk' | 'gate' | 'scale'; name: string; status: 'active' | 'revoked';
  enrolledAt: Date; lastSeenAt: Date | null; revokedAt: Date | null; galleryBehind: string | number; removalsBehind: string | number; missingSales: string | number | null;
  storageLostAt: Date | null; faceModel: string | null; reportedAt: Date | null; appVersion: string; queueCount: number; queueOldestAt: Date | null; clockDriftMs: string | number; camera: 'ok' | 'none' | 'demo';
  storageUsed: string | number | null; storageQuota: string | number | null; storagePersisted: number; offlineUntil: Date | null;
}

interface WaitingRow {
  id: string; pointId: string; pointName: string; name: string; enrolledAt: Date; waitsUntil: Date; lastSeenAt: Date | null; wrong: string | number; own: string | number;
}

/** The devices inside a scope, how far each lags behind the gallery of its point, and what it last said of itself. */
@Injectable()
export class DeviceListQuery {
  constructor(private readonly dataSource: DataSource, private readonly models: FaceModels) {}

  async run(staff: StaffIdentity): Promise<DeviceListAnswer> {
    const scope = scopeFilter(staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const rows = await this.dataSource.query<Row[]>(
      `SELECT d.id, d.point_id AS pointId, p.name AS pointName, d.kind, d.name, d.status, d.enrolled_at AS enrolledAt,
              d.last_seen_at AS lastSeenAt, d.revoked_at AS revokedAt, d.storage_lost_at AS storageLostAt, d.face_model AS faceModel,
              GREATEST(COALESCE(h.seq, 0) - COALESCE(r.applied_seq, 0), 0) AS galleryBehind,
              (SELECT COUNT(DISTINCT g.person_code) FROM gallery_change g WHERE g.point_id = d.point_id AND g.kind = 'remove' AND g.seq > COALESCE(r.applied_seq, 0)
                 AND g.at >= d.enrolled_at) AS removalsBehind,
              GREATEST(COALESCE(t.chain_seq, 0) - (SELECT COUNT(DISTINCT o.seq) FROM offline_sale o WHERE o.device_id = d.id AND o.genuine = 1), 0) AS missingSales,
              t.reported_at AS reportedAt, t.app_version AS appVersion, t.queue_count AS queueCount, t.queue_oldest_at AS queueOldestAt, t.clock_drift_ms AS clockDriftMs,
              t.camera, t.storage_used AS storageUsed, t.storage_quota AS storageQuota, t.storage_persisted AS storagePersisted, t.offline_until AS offlineUntil
       FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
       LEFT JOIN gallery_head h ON h.point_id = d.point_id
       LEFT JOIN gallery_receipt r ON r.device_id = d.id
       LEFT JOIN device_status t ON t.device_id = d.id
       WHERE d.status <> 'waiting' AND ${scope.sql} ORDER BY p.code, d.name, d.enrolled_at`,
      [...scope.params],
    );
    const inUse = modelInUse(await this.models.all()).id;
    return { devices: rows.map((row) => deviceOf(row, inUse)), waiting: await this.waiting(staff) };
  }

  /** What nobody has confirmed yet. The number of its glass is never told here: whoever confirms stands before it. */
  private async waiting(staff: StaffIdentity): Promise<WaitingDevice[]> {
    const scope = scopeFilter(staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const rows = await this.dataSource.query<WaitingRow[]>(
      `SELECT d.id, d.point_id AS pointId, p.name AS pointName, d.name, d.enrolled_at AS enrolledAt, w.waits_until AS waitsUntil, d.last_seen_at AS lastSeenAt,
              w.wrong, (w.code_issued_by <=> ?) AS own
       FROM device d JOIN device_place w ON w.device_id = d.id JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
       WHERE d.status = 'waiting' AND ${scope.sql} ORDER BY d.enrolled_at`,
      [staff.staffId, ...scope.params],
    );
    return rows.map(({ wrong, own, enrolledAt, waitsUntil, lastSeenAt, ...row }) => ({
      ...row, enrolledAt: enrolledAt.toISOString(), waitsUntil: waitsUntil.toISOString(), lastSeenAt: textOf(lastSeenAt),
      triesLeft: PLACE_TRIES - Number(wrong), mayConfirm: Number(own) === 0 && ['street', 'attendant'].includes(staff.role),
    }));
  }
}

const textOf = (instant: Date | null): string | null => instant?.toISOString() ?? null;
const numberOf = (value: string | number | null): number | null => (value === null ? null : Number(value));

function deviceOf(row: Row, inUse: string): DeviceListAnswer['devices'][number] {
  return {
    id: row.id, pointId: row.pointId, pointName: row.pointName, kind: row.kind, name: row.name, status: row.status, enrolledAt: row.enrolledAt.toISOString(),
    lastSeenAt: textOf(row.lastSeenAt), revokedAt: textOf(row.revokedAt), storageLostAt: textOf(row.storageLostAt), formerModel: row.faceModel === inUse ? null : row.faceModel, galleryBehind: Number(row.galleryBehind),
    removalsBehind: Number(row.removalsBehind), missingSales: Number(row.missingSales), report: row.reportedAt === null ? null : reportOf(row, row.reportedAt),
  };
}

function reportOf(row: Row, reportedAt: Date): NonNullable<DeviceListAnswer['devices'][number]['report']> {
  return {
    reportedAt: reportedAt.toISOString(), appVersion: row.appVersion, queueCount: Number(row.queueCount), queueOldestAt: textOf(row.queueOldestAt),
    clockDriftMs: Number(row.clockDriftMs), camera: row.camera, storageUsed: numberOf(row.storageUsed), storageQuota: numberOf(row.storageQuota),
    storagePersisted: row.storagePersisted === 1, offlineUntil: textOf(row.offlineUntil),
  };
}
