import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type PointWasteAnswer, WEIGHED_KINDS, type WeighPointWasteRequest } from '../../contract/food-safety.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { DayGate, PointScope, SiteDirectory } from '../sites/index.js';

type Row = { kind: PointWasteAnswer['rows'][number]['kind']; grams: number; note: string; weighedBy: string; weighedAt: Date };

/** What a point threw away, weighed by kind before it closes its day. Weighings are kept; a wrong one is taken back by its negative. */
@Injectable()
export class PointWaste {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly gate: DayGate,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async day(pointId: string, asked: string | undefined, staff: StaffIdentity): Promise<PointWasteAnswer> {
    await this.scope.narrowed(staff, pointId);
    const day = (asked ?? this.clock.today()) as BusinessDay;
    const rows = await this.dataSource.query<Row[]>(
      `SELECT w.kind, w.grams, w.note, s.display_name AS weighedBy, w.weighed_at AS weighedAt FROM weighed_waste w JOIN staff s ON s.id = w.weighed_by
       WHERE w.point_id = ? AND w.business_day = ? ORDER BY w.weighed_at, w.id`, [pointId, day],
    );
    return {
      day, asOf: this.clock.now().toISOString(), rows: rows.map((row) => ({ ...row, grams: Number(row.grams), weighedAt: row.weighedAt.toISOString() })),
      sums: WEIGHED_KINDS.map((kind) => ({ kind, grams: rows.filter((row) => row.kind === kind).reduce((sum, { grams }) => sum + Number(grams), 0) })),
    };
  }

  /** @throws DomainError CLOSE.DAY_CLOSED; REQUEST.NOT_FOUND outside the scope */
  async weigh(pointId: string, { kind, grams, note }: WeighPointWasteRequest, staff: StaffIdentity): Promise<PointWasteAnswer> {
    await this.scope.narrowed(staff, pointId);
    const { kitchenId } = await this.sites.point(pointId as PointId);
    await this.unitOfWork.run(async (tx) => {
      await this.gate.requireOpen(tx, pointId, this.clock.today());
      const id = newId();
      await tx.query('INSERT INTO weighed_waste (id, kitchen_id, point_id, business_day, kind, grams, note, weighed_by, weighed_at) VALUES (?)',
        [[id, kitchenId, pointId, this.clock.today(), kind, grams, note, staff.staffId, this.clock.now()]]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'waste.weighed', objectKind: 'weighed-waste', objectId: id, outcome: 'done', detail: { kind, grams } }, tx);
    });
    return this.day(pointId, undefined, staff);
  }
}
