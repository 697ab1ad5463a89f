import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { offlineLimits, type OfflineLimitsRequest, type OfflineSettingsAnswer } from '../../contract/offline.js';
import { DEFAULT_OFFLINE_LIMITS, type OfflineLimits } from '../../domain/offline/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';

interface Row { pointId: string; pointName: string; settings: unknown; signedBy: string | null; signedAt: Date | null }

/** The limits that finance has signed for each point; without a signature a point sells nothing without network. */
@Injectable()
export class OfflineSettingsBook {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async ofPoint(pointId: string, tx: EntityManager = this.dataSource.manager): Promise<OfflineLimits> {
    const [row] = await tx.query<{ settings: unknown }[]>('SELECT settings FROM offline_setting WHERE point_id = ?', [pointId]);
    return row === undefined ? DEFAULT_OFFLINE_LIMITS : limitsOf(row.settings);
  }

  async list(staff: StaffIdentity): Promise<OfflineSettingsAnswer> {
    const pointIds = await this.scope.points(staff);
    if (pointIds.length === 0) return { points: [] };
    const rows = await this.dataSource.query<Row[]>(
      `SELECT p.id AS pointId, p.name AS pointName, o.settings, s.display_name AS signedBy, o.signed_at AS signedAt
       FROM point p LEFT JOIN offline_setting o ON o.point_id = p.id LEFT JOIN staff s ON s.id = o.signed_by WHERE p.id IN (?) ORDER BY p.code`, [pointIds],
    );
    return {
      points: rows.map(({ settings, signedAt, ...row }) => ({
        ...row, limits: settings === null ? { ...DEFAULT_OFFLINE_LIMITS } : limitsOf(settings), signedAt: signedAt?.toISOString() ?? null,
      })),
    };
  }

  /** Binds envelopes that are issued from now on. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async sign(pointId: string, limits: OfflineLimitsRequest, staff: StaffIdentity): Promise<OfflineSettingsAnswer> {
    await this.scope.narrowed(staff, pointId);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO offline_setting (point_id, settings, signed_by, signed_at) VALUES (?)
         ON DUPLICATE KEY UPDATE settings = VALUES(settings), signed_by = VALUES(signed_by), signed_at = VALUES(signed_at)`,
        [[pointId, JSON.stringify(limits), staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'offline-settings.signed', objectKind: 'point', objectId: pointId, outcome: 'done', detail: { ...limits },
      }, tx);
    });
    return this.list(staff);
  }
}

/** Limits as they are stored, with the defaults of what was not there when they were signed. */
export function limitsOf(stored: unknown): OfflineLimitsRequest {
  return offlineLimits.parse({ ...DEFAULT_OFFLINE_LIMITS, ...parseJson<object>(stored) });
}
