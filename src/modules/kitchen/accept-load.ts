import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AcceptLoadRequest, LoadRow } from '../../contract/kitchen.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { affectedRows } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { Notices } from '../notices/index.js';
import { DayGate, PointScope } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

/**
 * Records what was counted and measured when a load arrived. Sold can only be what was accepted; where the count differs
 * from what was sent, both numbers stay and the note says why.
 */
@Injectable()
export class AcceptLoad {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: PointScope, private readonly loads: LoadList,
    private readonly gate: DayGate, private readonly notices: Notices, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError REQUEST.NOT_FOUND outside the scope, KITCHEN.NOT_LEFT, KITCHEN.ALREADY_ACCEPTED, KITCHEN.ITEMS_DIFFER,
   *   KITCHEN.MORE_THAN_SENT, KITCHEN.DIFFERENCE_UNEXPLAINED, KITCHEN.LOAD_VOID, CLOSE.DAY_CLOSED
   */
  async execute(at: { pointId: string; loadId: string }, request: AcceptLoadRequest, staff: StaffIdentity, key: string): Promise<LoadRow> {
    await this.scope.narrowed(staff, at.pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request: { ...at, ...request } };
    return (await this.idempotency.run(run, (tx) => this.accept(tx, at, request, staff))).answer;
  }

  private async accept(tx: EntityManager, at: { pointId: string; loadId: string }, request: AcceptLoadRequest, staff: StaffIdentity): Promise<LoadRow> {
    const load = await this.loads.byId(at.loadId, tx);
    if (load === null || load.pointId !== at.pointId) return this.scope.refuse(staff, 'load', at.loadId);
    await this.gate.requireOpen(tx, load.pointId, load.day as BusinessDay);
    requireEveryItem(load, request);
    const result: unknown = await tx.query(
      `UPDATE portion_load SET state = 'accepted', accepted_at = ?, accepted_by = ?, accepted_temperature_c = ?, note = ?
       WHERE id = ? AND state = 'left'`,
      [this.clock.now(), staff.staffId, request.temperatureC, request.note, load.id],
    );
    if (affectedRows(result) !== 1) {
      const refusals = { sealed: 'KITCHEN.NOT_LEFT', void: 'KITCHEN.LOAD_VOID', left: 'KITCHEN.ALREADY_ACCEPTED', accepted: 'KITCHEN.ALREADY_ACCEPTED' } as const;
      throw new DomainError(refusals[load.state], 'conflict');
    }
    for (const { setMealId, accepted } of request.items) {
      await tx.query('UPDATE portion_load_item SET accepted = ? WHERE load_id = ? AND set_meal_id = ?', [accepted, load.id, setMealId]);
      await tx.query('UPDATE portion_stock SET accepted = accepted + ? WHERE point_id = ? AND set_meal_id = ?', [accepted, load.pointId, setMealId]);
    }
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'load.accepted', objectKind: 'load', objectId: load.id, outcome: 'done',
    }, tx);
    const accepted = (await this.loads.byId(load.id, tx)) ?? load;
    if (accepted.temperatureOff) await this.tellWarm(tx, accepted);
    return accepted;
  }

  /** It arrived, and that stays recorded; whether it may still be served is decided by people who know of it. */
  private async tellWarm(tx: EntityManager, load: LoadRow): Promise<void> {
    const [at] = await tx.query<{ kitchenId: string; streetId: string }[]>('SELECT k.id AS kitchenId, k.street_id AS streetId FROM portion_load l JOIN kitchen k ON k.id = l.kitchen_id WHERE l.id = ?', [load.id]);
    if (at === undefined) return;
    const told = { kind: 'load-warm', facts: { point: load.pointName, wave: load.wave, celsius: load.acceptedTemperatureC ?? 0 } } as const;
    await this.notices.request(tx, { ...told, recipientKind: 'kitchen', recipientId: at.kitchenId, dedupKey: `load-warm-kitchen-${load.id}` });
    await this.notices.request(tx, { ...told, recipientKind: 'street', recipientId: at.streetId, dedupKey: `load-warm-${load.id}` });
  }
}

function requireEveryItem(load: LoadRow, request: AcceptLoadRequest): void {
  const counted = new Map(request.items.map(({ setMealId, accepted }) => [setMealId, accepted]));
  const complete = counted.size === request.items.length && counted.size === load.items.length
    && load.items.every(({ setMealId }) => counted.has(setMealId));
  if (!complete) throw new DomainError('KITCHEN.ITEMS_DIFFER', 'invalid');
  const differs = load.items.some(({ setMealId, sent }) => counted.get(setMealId) !== sent);
  if (load.items.some(({ setMealId, sent }) => (counted.get(setMealId) ?? 0) > sent)) throw new DomainError('KITCHEN.MORE_THAN_SENT', 'refused');
  if (differs && request.note === '') throw new DomainError('KITCHEN.DIFFERENCE_UNEXPLAINED', 'refused');
}
