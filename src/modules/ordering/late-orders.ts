import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AskLateOrderRequest, DecideLateOrderRequest, LateOrderAnswer, LateOrderListAnswer, LateOrderRow } from '../../contract/late-orders.js';
import { addDays, type BusinessDay, instantOf } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { MenuDirectory } from '../menu/index.js';
import { DepotDirectory, PointScope } from '../sites/index.js';
import { OrderCutoffs } from './order-cutoffs.js';
import { OrderScope } from './order-scope.js';
import { PlaceOrder } from './place-order.js';

type SqlRow = Omit<LateOrderRow, 'askedAt' | 'cutoffAt' | 'lateMin' | 'decidedAt'> & { pointId: string; askedAt: Date; cutoffAt: Date; decidedAt: Date | null };
const MINUTE_MS = 60_000;

const SELECT = `SELECT l.id, l.senior_id AS seniorId, s.name AS seniorName, l.point_id AS pointId, p.name AS pointName, l.business_day AS day, l.period, l.set_code AS setCode, l.fulfilment, l.channel, l.note,
    a.display_name AS askedBy, l.asked_at AS askedAt, l.cutoff_at AS cutoffAt, l.state, d.display_name AS decidedBy, l.decided_at AS decidedAt, l.decision_note AS decisionNote
  FROM late_order l JOIN senior s ON s.id = l.senior_id JOIN point p ON p.id = l.point_id JOIN staff a ON a.id = l.asked_by LEFT JOIN staff d ON d.id = l.decided_by`;

/** Who asked for a meal after its cut-off, through which channel and by whom, and what was decided. */
@Injectable()
export class LateOrders {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly scope: OrderScope, private readonly points: PointScope, private readonly depots: DepotDirectory, private readonly cutoffs: OrderCutoffs,
    private readonly menu: MenuDirectory, private readonly placeOrder: PlaceOrder, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(asked: string | undefined, staff: StaffIdentity): Promise<LateOrderListAnswer> {
    const day = (asked ?? this.clock.today()) as BusinessDay;
    const pointIds = staff.scopeKind === 'senior' ? [] : await this.points.points(staff);
    const mine = staff.scopeKind === 'senior' ? { sql: 'l.senior_id = ?', value: staff.scopeId } : { sql: 'l.point_id IN (?)', value: [...pointIds, ''] };
    const rows = await this.unitOfWork.reader.query<SqlRow[]>(`${SELECT} WHERE ${mine.sql} AND (l.waiting = 1 OR l.business_day = ?) ORDER BY l.asked_at DESC, l.id DESC LIMIT 500`, [mine.value, day]);
    return { day, asOf: this.clock.now().toISOString(), waiting: rows.filter(({ state }) => state === 'waiting').length, rows: rows.map(rowOf) };
  }

  /** @throws DomainError ORDER.STILL_OPEN, ORDER.SERVICE_OVER, ORDER.LATE_WAITS and the other ORDER codes; REQUEST.NOT_FOUND outside the scope */
  async ask(request: AskLateOrderRequest, staff: StaffIdentity): Promise<LateOrderAnswer> {
    const at = { day: request.day as BusinessDay, period: request.period };
    const channel = staff.role === 'family' ? 'family' : request.channel;
    try {
      return await this.unitOfWork.run(async (tx) => {
        const senior = await this.scope.requireSenior(staff, request.seniorId, tx);
        if (!senior.active) throw new DomainError('ORDER.SENIOR_NOT_ACTIVE', 'refused');
        const cutoffAt = await this.requireLate(tx, senior.pointId, at, channel);
        const wanted = { pointId: senior.pointId, ...at, code: request.setCode, today: this.clock.today() };
        if (!await this.menu.isOffered(tx, wanted)) throw new DomainError('ORDER.NOT_ON_MENU', 'refused', { code: request.setCode, day: at.day });
        const [ordered] = await tx.query<unknown[]>('SELECT 1 FROM meal_order WHERE senior_id = ? AND business_day = ? AND period = ? AND active = 1', [senior.id, at.day, at.period]);
        if (ordered !== undefined) throw new DomainError('ORDER.ALREADY_ORDERED', 'conflict');
        const id = newId();
        await tx.query(
          'INSERT INTO late_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, channel, note, cutoff_at, state, waiting, asked_by, asked_at) VALUES (?)',
          [[id, senior.id, senior.pointId, at.day, at.period, request.setCode, request.fulfilment, channel, request.note, cutoffAt, 'waiting', 1, staff.staffId, this.clock.now()]],
        );
        await this.record(tx, staff, 'late-order.asked', id);
        return this.answer(tx, id);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_late_order_waiting')) throw new DomainError('ORDER.LATE_WAITS', 'conflict');
      throw error;
    }
  }

  /** @throws DomainError ORDER.LATE_DECIDED, ORDER.LATE_NEEDS_TRIP, ORDER.LATE_WHY, ORDER.SERVICE_OVER, ORDER.NOT_SUITABLE and the other ORDER codes; REQUEST.NOT_FOUND outside the scope */
  async decide({ lateOrderId, decision, note }: DecideLateOrderRequest, staff: StaffIdentity): Promise<LateOrderAnswer> {
    return this.unitOfWork.run(async (tx) => {
      const [late] = await tx.query<SqlRow[]>(`${SELECT} WHERE l.id = ? FOR UPDATE`, [lateOrderId]);
      if (late === undefined || !(await this.points.points(staff, tx)).some((id) => id === late.pointId)) return this.points.refuse(staff, 'late-order', lateOrderId);
      if (late.state !== 'waiting') throw new DomainError('ORDER.LATE_DECIDED', 'conflict');
      if (decision === 'refuse' && note.length < 2) throw new DomainError('ORDER.LATE_WHY', 'refused');
      const orderId = decision === 'accept' ? await this.accept(tx, late, staff) : null;
      await tx.query('UPDATE late_order SET state = ?, waiting = NULL, decided_by = ?, decided_at = ?, decision_note = ?, order_id = ? WHERE id = ?',
        [decision === 'accept' ? 'accepted' : 'refused', staff.staffId, this.clock.now(), note, orderId, lateOrderId]);
      await this.record(tx, staff, decision === 'accept' ? 'late-order.accepted' : 'late-order.refused', lateOrderId);
      return this.answer(tx, lateOrderId);
    });
  }

  private async accept(tx: EntityManager, late: SqlRow, staff: StaffIdentity): Promise<string> {
    // What is brought needs a place on a trip, which only the dispatcher's plan can give.
    if (late.fulfilment === 'delivery') throw new DomainError('ORDER.LATE_NEEDS_TRIP', 'refused');
    await this.requireLate(tx, late.pointId, { day: late.day as BusinessDay, period: late.period }, late.channel);
    const { seniorId, day, period, setCode, fulfilment, channel } = late;
    const { orderId } = await this.placeOrder.placeLate(tx, { seniorId, day, period, setCode, fulfilment, channel }, staff);
    // Who took the call took the order; who accepted it stands beside the request.
    await tx.query('UPDATE meal_order SET created_by = (SELECT asked_by FROM late_order WHERE id = ?) WHERE id = ?', [late.id, orderId]);
    return orderId;
  }

  /** @returns the cut-off that has passed; the service of the day goes on */
  private async requireLate(tx: EntityManager, pointId: string, { day, period }: { day: BusinessDay; period: MealPeriod }, channel: LateOrderRow['channel']): Promise<Date> {
    const now = this.clock.now();
    if (day < this.clock.today()) throw new DomainError('ORDER.DAY_PAST', 'refused', { day });
    if (day > addDays(this.clock.today(), 1)) throw new DomainError('ORDER.TOO_FAR_AHEAD', 'refused', { day });
    const service = await this.depots.service(tx, pointId, period);
    if (service === null) throw new DomainError('ORDER.NOT_SERVED', 'refused');
    if (now >= instantOf(day, service.endMin)) throw new DomainError('ORDER.SERVICE_OVER', 'refused');
    const cutoffAt = await this.cutoffs.at(tx, service, day, channel);
    if (now < cutoffAt) throw new DomainError('ORDER.STILL_OPEN', 'refused', { cutoffAt: cutoffAt.toISOString() });
    return cutoffAt;
  }

  private async answer(tx: EntityManager, id: string): Promise<LateOrderAnswer> {
    const [row] = await tx.query<SqlRow[]>(`${SELECT} WHERE l.id = ?`, [id]);
    if (row === undefined) throw new InvariantError('the late order is not there');
    return { lateOrder: rowOf(row) };
  }

  private record(tx: EntityManager, staff: StaffIdentity, action: string, id: string): Promise<void> {
    return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action, objectKind: 'late-order', objectId: id, outcome: 'done' }, tx);
  }
}

function rowOf({ pointId: _pointId, askedAt, cutoffAt, decidedAt, ...row }: SqlRow): LateOrderRow {
  return {
    ...row, askedAt: askedAt.toISOString(), cutoffAt: cutoffAt.toISOString(), lateMin: Math.max(0, Math.floor((askedAt.getTime() - cutoffAt.getTime()) / MINUTE_MS)), decidedAt: decidedAt?.toISOString() ?? null,
  };
}
