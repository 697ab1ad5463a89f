import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeviceListAnswer } from '../../contract/devices.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';

interface Row {
  id: string; pointId: string; pointName: string; kind: 'kiosk' | 'gate' | 'scale'; name: string; status: 'active' | 'revoked';
  enrolledAt: Date; lastSeenAt: Date | null; revokedAt: Date | null; galleryBehind: string | number;
}

/** The devices inside a scope, with how far each lags behind the gallery of its point. */
@Injectable()
export class DeviceListQuery {
  constructor(private readonly dataSource: DataSource) {}

  async run(staff: StaffIdentity): Promise<DeviceListAnswer> {
    const scope = scopeFilter(staff, { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' });
    const rows = await this.dataSource.query<Row[]>(
      `SELECT d.id, d.point_id AS pointId, p.name AS pointName, d.kind, d.name, d.status, d.enrolled_at AS enrolledAt,
              d.last_seen_at AS lastSeenAt, d.revoked_at AS revokedAt,
              GREATEST(COALESCE(h.seq, 0) - COALESCE(r.applied_seq, 0), 0) AS galleryBehind
       FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id
       LEFT JOIN gallery_head h ON h.point_id = d.point_id
       LEFT JOIN gallery_receipt r ON r.device_id = d.id
       WHERE ${scope.sql} ORDER BY p.code, d.name, d.enrolled_at`,
      [...scope.params],
    );
    return {
      devices: rows.map((row) => ({
        ...row,
        enrolledAt: row.enrolledAt.toISOString(),
        lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
        revokedAt: row.revokedAt?.toISOString() ?? null,
        galleryBehind: Number(row.galleryBehind),
      })),
    };
  }
}
