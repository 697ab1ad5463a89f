import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ORDER_DAYS_AHEAD, type OrderChannel, type PlaceOrderAnswer, type PlaceOrderRequest } from '../../contract/ordering.js';
import { daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey } from '../../infra/database/unit-of-work.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { MealSuitability } from '../nutrition/index.js';
import { DepotDirectory } from '../sites/index.js';
import { AdjustMeal } from './adjust-meal.js';
import { OrderCutoffs } from './order-cutoffs.js';
import { OrderScope, type OrderingSenior } from './order-scope.js';

type Wanted = Pick<PlaceOrderRequest, 'day' | 'period' | 'setCode' | 'fulfilment' | 'adjustments'>;
/** Who orders, and through which channel: staff for a senior of their scope, or a kiosk for the senior in front of it. */
interface Orderer { readonly staff: StaffIdentity | null; readonly actorKind: 'staff' | 'device'; readonly actorId: string; readonly channel: OrderChannel; readonly late: boolean }

/** Orders one meal for a senior before the cut-off of its point. */
@Injectable()
export class PlaceOrder {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly scope: OrderScope,
    private readonly depots: DepotDirectory,
    private readonly cutoffs: OrderCutoffs,
    private readonly menu: MenuDirectory,
    private readonly suitability: MealSuitability,
    private readonly adjust: AdjustMeal,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError ORDER.CUTOFF_PASSED and the other ORDER codes; REQUEST.NOT_FOUND outside the scope */
  async execute(request: PlaceOrderRequest, staff: StaffIdentity, key: string): Promise<PlaceOrderAnswer> {
    const { answer } = await this.idempotency.run({ scope: `staff:${staff.staffId}`, key, request }, (tx) => this.byStaff(tx, request, staff, false));
    return answer;
  }

  /** In the caller's transaction: an order that somebody accepted after its cut-off. @throws DomainError ORDER.* but ORDER.CUTOFF_PASSED */
  async placeLate(tx: EntityManager, request: PlaceOrderRequest, staff: StaffIdentity): Promise<{ orderId: string }> {
    return this.byStaff(tx, request, staff, true);
  }

  /** In the caller's transaction: a meal to collect that a senior orders at a kiosk. @throws DomainError ORDER.* */
  async placeAtKiosk(tx: EntityManager, senior: OrderingSenior, wanted: Omit<Wanted, 'fulfilment' | 'adjustments'>, deviceId: string): Promise<PlaceOrderAnswer> {
    return this.place(tx, senior, { ...wanted, fulfilment: 'collect' }, { staff: null, actorKind: 'device', actorId: deviceId, channel: 'kiosk', late: false });
  }

  private async byStaff(tx: EntityManager, request: PlaceOrderRequest, staff: StaffIdentity, late: boolean): Promise<PlaceOrderAnswer> {
    const senior = await this.scope.requireSenior(staff, request.seniorId, tx);
    const channel = staff.role === 'family' ? 'family' : request.channel ?? 'desk';
    return this.place(tx, senior, request, { staff, actorKind: 'staff', actorId: staff.staffId, channel, late });
  }

  private async place(tx: EntityManager, senior: OrderingSenior, wanted: Wanted, by: Orderer): Promise<PlaceOrderAnswer> {
    if (!senior.active) throw new DomainError('ORDER.SENIOR_NOT_ACTIVE', 'refused');
    const day = wanted.day as BusinessDay;
    const { period, setCode, fulfilment } = wanted;
    const ahead = daysBetween(this.clock.today(), day);
    if (ahead < 0) throw new DomainError('ORDER.DAY_PAST', 'refused', { day });
    if (ahead > ORDER_DAYS_AHEAD) throw new DomainError('ORDER.TOO_FAR_AHEAD', 'refused', { day });
    await requireAtHome(tx, senior.id, day);
    const cutoffAt = await this.requireOpen(tx, senior.pointId, { day, period, channel: by.channel, late: by.late });
    if (!await this.menu.isOffered(tx, { pointId: senior.pointId, day, period, code: setCode, today: this.clock.today() })) throw new DomainError('ORDER.NOT_ON_MENU', 'refused', { code: setCode, day });
    await this.requireSuitable(tx, senior, wanted, by.staff);
    const orderId = newId();
    try {
      await tx.query(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, channel, status, active, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'order', ?, 'ordered', 1, ?, ?)`,
        [orderId, senior.id, senior.pointId, day, period, setCode, fulfilment, by.channel, by.staff?.staffId ?? null, this.clock.now()],
      );
    } catch (error) {
      if (isDuplicateKey(error, 'uq_meal_order')) throw new DomainError('ORDER.ALREADY_ORDERED', 'conflict');
      throw error;
    }
    await this.audit.record({ actorKind: by.actorKind, actorId: by.actorId, action: 'order.placed', objectKind: 'order', objectId: orderId, outcome: 'done' }, tx);
    return { orderId, cutoffAt: cutoffAt.toISOString() };
  }

  /** Substitutes that came with the order are decided first; then nothing of the meal may be against the person. */
  private async requireSuitable(tx: EntityManager, senior: OrderingSenior, wanted: Wanted, staff: StaffIdentity | null): Promise<void> {
    const at = { day: wanted.day as BusinessDay, period: wanted.period };
    const offer = (await this.menu.offers(senior.pointId as PointId, at.day, at.period, tx)).find(({ code }) => code === wanted.setCode);
    if (offer === undefined) return; // no menu is written for that day yet; the clash sheet looks when it is
    for (const { dishId, substituteId } of wanted.adjustments ?? []) {
      if (staff !== null) await this.adjust.write(tx, { seniorId: senior.id, pointId: senior.pointId, ...at, dishId, substituteId, setCode: wanted.setCode }, staff);
    }
    await this.suitability.require(tx, senior.id, { ...at, door: 'order' }, offer.setMealId, 'ORDER.NOT_SUITABLE');
  }

  /** Shares the lock of the meal service with others who order; the one who closes waits for all of them, then nobody follows. */
  private async requireOpen(tx: EntityManager, pointId: string, { day, period, channel, late }: { day: BusinessDay; period: MealPeriod; channel: OrderChannel; late: boolean }): Promise<Date> {
    const service = await this.depots.service(tx, pointId, period, 'share');
    if (service === null) throw new DomainError('ORDER.NOT_SERVED', 'refused');
    const cutoffAt = await this.cutoffs.at(tx, service, day, channel);
    if (!late && this.clock.now() >= cutoffAt) throw new DomainError('ORDER.CUTOFF_PASSED', 'refused', { cutoffAt: cutoffAt.toISOString() });
    return cutoffAt;
  }
}

/** @throws DomainError ORDER.SENIOR_AWAY while a stay in a hospital or a nursing home covers the day */
export async function requireAtHome(tx: EntityManager, seniorId: string, day: BusinessDay): Promise<void> {
  const [stay] = await tx.query<{ to: BusinessDay | null }[]>(
    'SELECT to_day AS `to` FROM senior_stay WHERE senior_id = ? AND active = 1 AND from_day <= ? AND (to_day IS NULL OR to_day > ?) LIMIT 1', [seniorId, day, day],
  );
  if (stay !== undefined) throw new DomainError('ORDER.SENIOR_AWAY', 'refused', { day, until: stay.to });
}
