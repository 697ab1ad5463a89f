import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SendPortionsRequest, TransferRow } from '../../contract/closing.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { Notices } from '../notices/index.js';
import { DayGate, PointScope, SiteDirectory } from '../sites/index.js';
import { PortionTransfers } from './portion-transfers.query.js';

/** Sends portions to another point of the same kitchen: out of this point's at once, in transit until the other counts them. */
@Injectable()
export class SendPortions {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly sites: SiteDirectory, private readonly gate: DayGate, private readonly menu: MenuDirectory,
    private readonly transfers: PortionTransfers, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, PORTIONS.SAME_POINT, PORTIONS.OTHER_KITCHEN, PORTIONS.RECALLED, PORTIONS.TOO_MANY,
   *   CLOSE.DAY_CLOSED when either point has closed the day
   */
  async execute(pointId: string, request: SendPortionsRequest, staff: StaffIdentity, key: string): Promise<TransferRow> {
    await this.scope.narrowed(staff, pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { transfer: pointId, ...request } };
    return (await this.idempotency.run(run, (tx) => this.send(tx, pointId, request, staff))).answer;
  }

  private async send(tx: EntityManager, pointId: string, request: SendPortionsRequest, staff: StaffIdentity): Promise<TransferRow> {
    if (request.toPointId === pointId) throw new DomainError('PORTIONS.SAME_POINT', 'invalid');
    const from = await this.sites.point(pointId as PointId, tx);
    const to = await this.sites.point(request.toPointId as PointId, tx);
    // The point of another street is unknown here; the point of another kitchen has another menu.
    if (to.streetId !== from.streetId) return this.scope.refuse(staff, 'point', request.toPointId);
    if (to.kitchenId !== from.kitchenId) throw new DomainError('PORTIONS.OTHER_KITCHEN', 'refused');
    const day = this.clock.today();
    for (const id of [pointId, request.toPointId].sort()) await this.gate.requireOpen(tx, id, day);
    if (await this.menu.isRecalled(tx, request.setMealId)) throw new DomainError('PORTIONS.RECALLED', 'refused');
    const result: unknown = await tx.query(
      'UPDATE portion_stock SET transferred_out = transferred_out + ? WHERE point_id = ? AND set_meal_id = ? AND business_day = ? AND left_portions >= ?',
      [request.portions, pointId, request.setMealId, day, request.portions],
    );
    if (affectedRows(result) !== 1) throw new DomainError('PORTIONS.TOO_MANY', 'conflict');
    const id = newId();
    await tx.query(
      `INSERT INTO portion_transfer (id, from_point_id, to_point_id, set_meal_id, business_day, period, portions, state, sent_by, sent_at, note)
       SELECT ?, ?, ?, m.id, m.business_day, m.period, ?, 'sent', ?, ?, ? FROM set_meal m WHERE m.id = ?`,
      [id, pointId, request.toPointId, request.portions, staff.staffId, this.clock.now(), request.note, request.setMealId],
    );
    const transfer = await this.transfers.byId(id, tx);
    if (transfer === null) throw new InvariantError('the transfer is not there');
    await this.notices.request(tx, {
      kind: 'portions-sent', recipientKind: 'point', recipientId: request.toPointId, dedupKey: `portions-sent-${id}`,
      facts: { from: from.name, portions: request.portions, set: `${transfer.setCode} ${transfer.setName}` },
    });
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'portions.sent', objectKind: 'portion-transfer', objectId: id, outcome: 'done',
      detail: { portions: request.portions, toPointId: request.toPointId },
    }, tx);
    return transfer;
  }
}
