import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CloseOverviewAnswer, CloseOverviewQuery, CloseState } from '../../contract/closing.js';
import { addDays, daysBetween, minuteOfDay, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { DayFacts } from './day-facts.query.js';

interface PointRow { id: string; code: string; name: string; endMin: number | null }
interface CloseRow { pointId: string; day: BusinessDay; state: 'signed' | 'closed' | 'no-service'; meals: number; subsidyFen: number }

export interface UnclosedDay { readonly pointId: string; readonly pointName: string; readonly day: BusinessDay; readonly state: CloseState; readonly ageDays: number }

const DEFAULT_DAYS = 14;
const MOST_DAYS = 62;

/** Points × days: which are closed, which wait, how old those are. */
@Injectable()
export class CloseOverview {
  constructor(private readonly dataSource: DataSource, private readonly facts: DayFacts, private readonly clock: Clock) {}

  /** @throws DomainError CLOSE.TOO_MANY_DAYS */
  async of(pointIds: readonly string[], query: CloseOverviewQuery): Promise<CloseOverviewAnswer> {
    const today = this.clock.today();
    const to = (query.to ?? today) as BusinessDay;
    const from = (query.from ?? addDays(to, 1 - DEFAULT_DAYS)) as BusinessDay;
    if (from > to || daysBetween(from, to) >= MOST_DAYS) throw new DomainError('CLOSE.TOO_MANY_DAYS', 'invalid');
    const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index));
    const points = await this.points(pointIds);
    const closes = await this.closes(pointIds, from, to);
    const owed = await this.facts.owedFrom(pointIds);
    const rows = points.map((point) => ({
      pointId: point.id, code: point.code, name: point.name,
      cells: days.map((day) => {
        const close = closes.get(`${point.id} ${day}`);
        const figures = close === undefined || close.state === 'no-service' ? { meals: null, subsidyFen: null } : { meals: close.meals, subsidyFen: Number(close.subsidyFen) };
        return { day, state: close?.state ?? this.stateOf(point, day, owed.get(point.id)), ...figures };
      }),
    }));
    const cellsOf = (day: BusinessDay): CloseState[] => rows.flatMap((row) => row.cells.filter((cell) => cell.day === day).map((cell) => cell.state));
    return {
      from, to, asOf: this.clock.now().toISOString(), points: rows,
      days: days.map((day) => {
        const states = cellsOf(day).filter((state) => state !== 'before');
        return { day, closed: states.filter((state) => state === 'closed' || state === 'no-service').length, owed: states.length };
      }),
      unclosed: await this.unclosed(pointIds),
    };
  }

  /** Every day whose services are over and that is not closed, oldest first; today's among them once it is over. */
  async unclosed(pointIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<UnclosedDay[]> {
    const today = this.clock.today();
    const owed = await this.facts.owedFrom(pointIds, tx);
    const first = [...owed.values()].sort()[0];
    if (first === undefined || first > today) return [];
    const closes = await this.closes(pointIds, first, today, tx);
    const found: UnclosedDay[] = [];
    for (const point of await this.points(pointIds, tx)) {
      const since = owed.get(point.id);
      for (let day = since ?? addDays(today, 1); day <= today; day = addDays(day, 1)) {
        const state = closes.get(`${point.id} ${day}`)?.state ?? this.stateOf(point, day, since);
        if (state === 'open' || state === 'signed') found.push({ pointId: point.id, pointName: point.name, day, state, ageDays: daysBetween(day, today) });
      }
    }
    return found.sort((a, b) => (a.day === b.day ? (a.pointName < b.pointName ? -1 : 1) : a.day < b.day ? -1 : 1));
  }

  private stateOf(point: PointRow, day: BusinessDay, since: BusinessDay | undefined): CloseState {
    const today = this.clock.today();
    if (since === undefined || day < since || day > today) return 'before';
    return day < today || minuteOfDay(this.clock.now()) >= Number(point.endMin ?? 0) ? 'open' : 'serving';
  }

  private async points(pointIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<PointRow[]> {
    if (pointIds.length === 0) return [];
    return tx.query(
      `SELECT p.id, p.code, p.name, (SELECT MAX(end_min) FROM meal_service s WHERE s.point_id = p.id) AS endMin FROM point p WHERE p.id IN (?) ORDER BY p.code`,
      [pointIds],
    );
  }

  private async closes(
    pointIds: readonly string[], from: BusinessDay, to: BusinessDay, tx: EntityManager = this.dataSource.manager,
  ): Promise<Map<string, CloseRow>> {
    if (pointIds.length === 0) return new Map();
    const rows = await tx.query<CloseRow[]>(
      `SELECT point_id AS pointId, business_day AS day, state, meals, subsidy_fen AS subsidyFen FROM point_day_close
       WHERE point_id IN (?) AND business_day BETWEEN ? AND ?`, [pointIds, from, to],
    );
    return new Map(rows.map((row) => [`${row.pointId} ${row.day}`, row]));
  }
}
