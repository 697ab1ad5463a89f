import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PostStopAnswer } from '../../contract/unposted.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { AuditTrail } from '../audit/index.js';
import { LateLines } from '../closing/index.js';
import { MenuDirectory } from '../menu/index.js';
import { SellDeliveredMeal } from '../payment/index.js';
import { DayGate } from '../sites/index.js';
import { UnpostedStopRows } from './unposted-stop-rows.js';

/**
 * Posts the meal of a delivered stop once the cause that kept it from being posted is mended: under the rule of its own
 * day, with the crew's proof, once however many people press at the same time.
 */
@Injectable()
export class PostDeliveredStop {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly stops: UnpostedStopRows,
    private readonly menu: MenuDirectory,
    private readonly sellDelivered: SellDeliveredMeal,
    private readonly gate: DayGate,
    private readonly late: LateLines,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError of UnpostedStopRows.require; the PAYMENT code of the cause while it is not mended */
  async execute(stopId: string, actor: Actor, key: string): Promise<PostStopAnswer> {
    const { answer } = await this.idempotency.run(
      { scope: `staff:${actor.staff.staffId}`, key, request: { postStop: stopId } }, (tx) => this.post(tx, stopId, actor),
    );
    return answer;
  }

  private async post(tx: EntityManager, stopId: string, actor: Actor): Promise<PostStopAnswer> {
    const stop = await this.stops.require(tx, stopId, actor.staff);
    const offer = (await this.menu.offers(stop.pointId, stop.day, stop.period, tx)).find((one) => one.code === stop.setCode);
    if (offer === undefined) throw new DomainError('PAYMENT.MEAL_UNKNOWN', 'refused');
    const proof = { receivedBy: stop.receivedBy, proof: stop.proof, deviceAt: stop.deviceAt?.toISOString() ?? null, postedLater: true };
    const { setMealId } = offer;
    const staffId = actor.staff.staffId;
    // A closed day takes no meal any more: it counts on today, at the price of its own day.
    const { mealId, grossFen, dueFen } = await this.gate.isClosed(tx, stop.pointId, stop.day)
      ? await this.late.bookNow(tx, {
        kind: 'stop', sourceId: stopId, pointId: stop.pointId, mealDay: stop.day, period: stop.period, seniorId: stop.seniorId, setMealId, channel: 'delivery',
        tender: 'wallet', identification: proof, recordedBy: staffId,
      })
      : await this.sellDelivered.execute(tx, { seniorId: stop.seniorId, pointId: stop.pointId, setMealId, routeStopId: stopId, staffId, proof });
    await tx.query('UPDATE route_stop SET meal_id = ? WHERE id = ?', [mealId, stopId]);
    await tx.query(
      `INSERT INTO unposted_stop (route_stop_id, state, settled_by, settled_at, meal_id) VALUES (?, 'posted', ?, ?, ?)
       ON DUPLICATE KEY UPDATE state = VALUES(state), settled_by = VALUES(settled_by), settled_at = VALUES(settled_at), meal_id = VALUES(meal_id)`,
      [stopId, actor.staff.staffId, this.clock.now(), mealId],
    );
    await this.audit.record({
      ...auditActor(actor), action: 'meal.posted-late', objectKind: 'stop', objectId: stopId, outcome: 'done', detail: { mealId, grossFen, dueFen },
    }, tx);
    return { stopId, mealId, grossFen, dueFen };
  }
}
