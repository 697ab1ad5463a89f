import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LoadRow, SealLoadRequest } from '../../contract/kitchen.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { BatchBook } from '../production/index.js';
import { DayGate, KitchenScope, type KitchenSite } from '../sites/index.js';
import { LoadList } from './load-list.query.js';

interface SetRow { id: string; day: string; period: string }

/** Seals a load: what the kitchen packed for a point, counted before it leaves. The hot-holding clock starts. */
@Injectable()
export class SealLoad {
  constructor(
    private readonly idempotency: Idempotency, private readonly scope: KitchenScope, private readonly loads: LoadList,
    private readonly gate: DayGate, private readonly batches: BatchBook, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope, KITCHEN.NOT_ON_MENU for a set meal of another day, BATCH.NOT_ENOUGH_RELEASED, CLOSE.DAY_CLOSED */
  async execute(request: SealLoadRequest, staff: StaffIdentity, key: string): Promise<LoadRow> {
    const kitchen = await this.scope.kitchenOf(staff);
    if (!kitchen.points.some(({ id }) => id === request.pointId)) return this.scope.refuse(staff, 'point', request.pointId);
    const run = { scope: `staff:${staff.staffId}`, key, request };
    return (await this.idempotency.run(run, (tx) => this.seal(tx, kitchen, request, staff))).answer;
  }

  private async seal(tx: EntityManager, kitchen: KitchenSite, request: SealLoadRequest, staff: StaffIdentity): Promise<LoadRow> {
    const period = await this.requireTodaysMenu(tx, kitchen, request);
    const day = this.clock.today();
    await this.gate.requireOpen(tx, request.pointId, day);
    const loadId = newId();
    // A kitchen seals one load after the other, so that each gets its own number; no payment touches this row.
    await tx.query('SELECT id FROM kitchen WHERE id = ? FOR UPDATE', [kitchen.id]);
    await tx.query(
      `INSERT INTO portion_load (id, kitchen_id, point_id, business_day, period, wave, state, sealed_at, sealed_by)
       SELECT ?, ?, ?, ?, ?, COALESCE(MAX(wave), 0) + 1, 'sealed', ?, ? FROM portion_load WHERE point_id = ? AND business_day = ? AND period = ?`,
      [loadId, kitchen.id, request.pointId, day, period, this.clock.now(), staff.staffId, request.pointId, day, period],
    );
    await tx.query('INSERT INTO portion_load_item (load_id, set_meal_id, sent) VALUES ?',
      [request.items.map(({ setMealId, sent }) => [loadId, setMealId, sent])]);
    await this.batches.feed(tx, { loadId, pointId: request.pointId, kitchenId: kitchen.id, day, period }, request.items);
    await tx.query(
      `INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent) VALUES ?
       ON DUPLICATE KEY UPDATE sent = sent + VALUES(sent)`,
      [request.items.map(({ setMealId, sent }) => [request.pointId, setMealId, day, period, sent])],
    );
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'load.sealed', objectKind: 'load', objectId: loadId, outcome: 'done',
    }, tx);
    const load = await this.loads.byId(loadId, tx);
    if (load === null) throw new InvariantError('the sealed load is not there');
    return load;
  }

  /** All set meals are on today's menu of this kitchen, in one period, each named once. @returns the period */
  private async requireTodaysMenu(tx: EntityManager, kitchen: KitchenSite, request: SealLoadRequest): Promise<string> {
    const ids = new Set(request.items.map(({ setMealId }) => setMealId));
    const rows = await tx.query<SetRow[]>(
      'SELECT id, business_day AS day, period FROM set_meal WHERE kitchen_id = ? AND id IN (?)', [kitchen.id, [...ids]],
    );
    const today = this.clock.today();
    const [first] = rows;
    const fits = ids.size === request.items.length && rows.length === ids.size && rows.every(({ day, period }) => day === today && period === first?.period);
    if (first === undefined || !fits) throw new DomainError('KITCHEN.NOT_ON_MENU', 'refused');
    return first.period;
  }
}
