import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { Fen } from '../../domain/kernel/money.js';
import type { MealId, PointId, SeniorId, SetMealId } from '../../domain/kernel/ids.js';
import type { MealChannel, MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { SellHeldMeal } from '../payment/index.js';
import { DayGate } from '../sites/index.js';

/** A meal that was handed over, and reached us after its day was closed. */
export interface LateMeal {
  readonly kind: 'stop' | 'paper';
  /** The stop or the paper line it came from: one late line each. */
  readonly sourceId: string;
  readonly pointId: string;
  readonly mealDay: BusinessDay;
  readonly period: MealPeriod;
  readonly seniorId: string;
  readonly setMealId: string;
  readonly channel: MealChannel;
  readonly tender: 'wallet' | 'cash' | 'qr';
  readonly identification: Readonly<Record<string, string | number | boolean | null>>;
  readonly recordedBy: string;
}

/** A late line that has become a meal; amounts in fen. */
export interface BookedMeal { readonly mealId: MealId; readonly grossFen: Fen; readonly dueFen: Fen }

interface HeldRow extends Omit<LateMeal, 'identification'> { id: string; state: string; identification: unknown }

const COLUMNS = `id, kind, source_id AS sourceId, point_id AS pointId, meal_day AS mealDay, period, senior_id AS seniorId, set_meal_id AS setMealId,
  channel, tender, identification, recorded_by AS recordedBy, state`;

/** Keeps what came too late for its day, and books it on a day that is open. A closed day never changes. */
@Injectable()
export class LateLines {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly gate: DayGate, private readonly sell: SellHeldMeal,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Holds a line in the caller's transaction, in which the event itself is recorded. Repeating it for one source changes nothing. */
  async hold(tx: EntityManager, late: LateMeal): Promise<void> {
    try {
      await tx.query(
        `INSERT INTO late_line (id, kind, source_id, point_id, meal_day, period, senior_id, set_meal_id, channel, tender, identification, recorded_by, state, held_at)
         VALUES (?)`,
        [[
          newId(), late.kind, late.sourceId, late.pointId, late.mealDay, late.period, late.seniorId, late.setMealId, late.channel, late.tender,
          JSON.stringify(late.identification), late.recordedBy, 'held', this.clock.now(),
        ]],
      );
    } catch (error) {
      if (!isDuplicateKey(error, 'uq_late_line_source')) throw error;
    }
  }

  /** Writes down a meal that was priced and booked elsewhere for a day before (a kiosk without network, a price that was corrected). */
  async noteBooked(tx: EntityManager, booked: { kind: 'kiosk' | 'repriced'; id: string; sourceId: string; pointId: string; mealDay: BusinessDay; mealId: string; seniorId: string; recordedBy: string }): Promise<void> {
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO late_line (id, kind, source_id, point_id, meal_day, period, senior_id, set_meal_id, channel, tender, identification, recorded_by, state, held_at, booked_on, booked_at, meal_id)
       SELECT ?, ?, ?, ?, ?, m.period, ?, m.set_meal_id, m.channel, m.tender, m.identification, ?, 'booked', ?, m.business_day, ?, m.id FROM meal m WHERE m.id = ?`,
      [booked.id, booked.kind, booked.sourceId, booked.pointId, booked.mealDay, booked.seniorId, booked.recordedBy, now, now, booked.mealId],
    );
  }

  /**
   * Holds a line and books it at once, for a person who settles it now. An earlier line of the same source is used.
   *
   * @throws DomainError CLOSE.DAY_CLOSED while today is closed as well, and what SellHeldMeal throws
   */
  async bookNow(tx: EntityManager, late: LateMeal): Promise<BookedMeal> {
    await this.hold(tx, late);
    const [line] = await tx.query<{ id: string }[]>('SELECT id FROM late_line WHERE kind = ? AND source_id = ?', [late.kind, late.sourceId]);
    const booked = await this.bookWithin(tx, line?.id ?? '');
    if (booked === null) throw new DomainError('DELIVERY.ALREADY_POSTED', 'conflict');
    return booked;
  }

  /** Books every held line of these points (all points without a list) whose point has today open. */
  async bookHeld(pointIds: readonly string[] | null): Promise<{ booked: number; refused: number; waiting: number }> {
    if (pointIds?.length === 0) return { booked: 0, refused: 0, waiting: 0 };
    const held = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM late_line WHERE state = 'held' ${pointIds === null ? '' : 'AND point_id IN (?)'} ORDER BY held_at, id LIMIT 500`,
      pointIds === null ? [] : [pointIds],
    );
    const done = { booked: 0, refused: 0, waiting: 0 };
    for (const { id } of held) done[await this.book(id)] += 1;
    return done;
  }

  private async book(lineId: string): Promise<'booked' | 'refused' | 'waiting'> {
    try {
      return await this.unitOfWork.run((tx) => this.bookWithin(tx, lineId)) === null ? 'waiting' : 'booked';
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      if (error.code === 'CLOSE.DAY_CLOSED') return 'waiting';
      await this.unitOfWork.run((tx) => tx.query("UPDATE late_line SET state = 'refused', refusal = ? WHERE id = ? AND state = 'held'", [error.code, lineId]));
      return 'refused';
    }
  }

  private async bookWithin(tx: EntityManager, lineId: string): Promise<BookedMeal | null> {
    const [line] = await tx.query<HeldRow[]>(`SELECT ${COLUMNS} FROM late_line WHERE id = ? FOR UPDATE`, [lineId]);
    if (line === undefined || line.state !== 'held') return null;
    const today = this.clock.today();
    await this.gate.requireOpen(tx, line.pointId, today);
    if (line.kind === 'stop') await requireUnsettled(tx, line.sourceId);
    const booked = await this.sell.execute(tx, {
      pointId: line.pointId as PointId, seniorId: line.seniorId as SeniorId, setMealId: line.setMealId as SetMealId, channel: line.channel, tender: line.tender,
      staffId: line.recordedBy, identifiedBy: line.kind === 'stop' ? 'crew' : 'paper',
      identification: { ...parseJson<LateMeal['identification']>(line.identification), mealDay: line.mealDay, late: true },
      routeStopId: line.kind === 'stop' ? line.sourceId : null, key: `late-${line.id}`, bookedOn: today,
    });
    const { mealId } = booked;
    await tx.query("UPDATE late_line SET state = 'booked', booked_on = ?, booked_at = ?, meal_id = ? WHERE id = ?", [today, this.clock.now(), mealId, line.id]);
    if (line.kind === 'stop') await tx.query('UPDATE route_stop SET meal_id = ?, reason = NULL WHERE id = ?', [mealId, line.sourceId]);
    else await tx.query('UPDATE paper_line SET meal_id = ? WHERE id = ?', [mealId, line.sourceId]);
    await this.audit.record({
      actorKind: 'system', actorId: null, action: 'late-line.booked', objectKind: 'late-line', objectId: line.id, outcome: 'done',
      detail: { mealId, mealDay: line.mealDay, bookedOn: today },
    }, tx);
    return booked;
  }
}

/** What a person decided about a door in the meantime stands. @throws DomainError DELIVERY.ALREADY_POSTED, DELIVERY.GIVEN_FREE */
async function requireUnsettled(tx: EntityManager, stopId: string): Promise<void> {
  const [stop] = await tx.query<{ mealId: string | null; state: string | null }[]>(
    'SELECT s.meal_id AS mealId, u.state FROM route_stop s LEFT JOIN unposted_stop u ON u.route_stop_id = s.id WHERE s.id = ? FOR UPDATE', [stopId],
  );
  if (stop?.state === 'rejected') throw new DomainError('DELIVERY.REJECTED', 'conflict');
  if (stop?.state === 'given-free') throw new DomainError('DELIVERY.GIVEN_FREE', 'conflict');
  if (stop !== undefined && stop.mealId !== null) throw new DomainError('DELIVERY.ALREADY_POSTED', 'conflict');
}
