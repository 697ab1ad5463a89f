import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type {
  OrderListAnswer, OrderListQuery, OrderRow, StandingPlanListAnswer, StandingPlanListQuery, StandingPlanRow,
} from '../../contract/ordering.js';
import { addDays, ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { asksFor, cutoffInstant, nextAskedDay, type StandingPlanDays } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { DepotDirectory, PointScope } from '../sites/index.js';

interface Where { readonly sql: string; readonly parameters: readonly unknown[] }

type OrderSqlRow = Omit<OrderRow, 'ageYears' | 'open' | 'onMenu' | 'createdAt' | 'late'> & { birthDate: BusinessDay; createdAt: Date; missing: number; late: number };
type PlanSqlRow = StandingPlanDays & Omit<StandingPlanRow, 'weekdays' | 'state' | 'nextDay'>;

/** Lists of orders and standing plans inside the reader's scope: its points, or the one senior of a family. */
@Injectable()
export class OrderLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly points: PointScope,
    private readonly depots: DepotDirectory,
    private readonly clock: Clock,
  ) {}

  async orders(query: OrderListQuery, staff: StaffIdentity): Promise<OrderListAnswer> {
    const day = (query.day ?? addDays(this.clock.today(), 1)) as BusinessDay;
    const base = all(await this.inScope(staff, query.pointId, 'o.point_id', 'o.senior_id'), found(query.search));
    const where = all(base, equal('o.business_day', day), equal('o.period', query.period), equal('o.fulfilment', query.fulfilment), equal('o.status', query.status), query.menu === 'missing' ? MISSING : NOTHING);
    const from = 'FROM meal_order o JOIN senior s ON s.id = o.senior_id JOIN point p ON p.id = o.point_id';
    const rows = await this.dataSource.query<OrderSqlRow[]>(
      `SELECT o.id, o.senior_id AS seniorId, s.name AS seniorName, s.birth_date AS birthDate, o.point_id AS pointId, p.name AS pointName,
         o.business_day AS day, o.period, o.set_code AS setCode, o.fulfilment, o.source, o.status, o.created_at AS createdAt, (${MISSING.sql}) AS missing,
         o.channel, t.display_name AS takenBy, EXISTS (SELECT 1 FROM late_order l WHERE l.order_id = o.id) AS late
       ${from} LEFT JOIN staff t ON t.id = o.created_by WHERE ${where.sql} ORDER BY p.code, s.name_initials, s.name, o.id LIMIT ? OFFSET ?`,
      [...where.parameters, query.size, (query.page - 1) * query.size],
    );
    const [count] = await this.dataSource.query<{ total: number }[]>(`SELECT COUNT(*) AS total ${from} WHERE ${where.sql}`, [...where.parameters]);
    const [missing] = await this.dataSource.query<{ total: number }[]>(
      `SELECT COUNT(*) AS total ${from} WHERE ${base.sql} AND o.business_day = ? AND o.period = ? AND ${MISSING.sql}`, [...base.parameters, day, query.period],
    );
    const open = await this.openPoints(day, query.period);
    return {
      day, period: query.period, total: Number(count?.total ?? 0), notOnMenu: Number(missing?.total ?? 0), asOf: this.clock.now().toISOString(),
      fromStandingPlans: await this.plannedMeals(await this.inScope(staff, query.pointId, 's.point_id', 's.id'), day, query.period, open),
      rows: rows.map(({ birthDate, createdAt, missing: lacks, ...row }) => ({
        ...row, late: Number(row.late) === 1, onMenu: Number(lacks) === 0, ageYears: ageOn(birthDate, day), createdAt: createdAt.toISOString(), open: row.status === 'ordered' && open.has(row.pointId),
      })),
    };
  }

  async standingPlans(query: StandingPlanListQuery, staff: StaffIdentity): Promise<StandingPlanListAnswer> {
    const today = this.clock.today();
    const state = {
      running: { sql: '(p.valid_to IS NULL OR p.valid_to > ?) AND NOT (p.paused_from IS NOT NULL AND p.paused_from <= ? AND (p.paused_to IS NULL OR p.paused_to > ?))', parameters: [today, today, today] },
      paused: { sql: '(p.valid_to IS NULL OR p.valid_to > ?) AND p.paused_from <= ? AND (p.paused_to IS NULL OR p.paused_to > ?)', parameters: [today, today, today] },
      ended: { sql: 'p.valid_to <= ?', parameters: [today] },
      'not-on-menu': { sql: `(${DROPPED_ON}) IS NOT NULL`, parameters: [today] },
      all: NOTHING,
    }[query.state];
    const where = all(await this.inScope(staff, query.pointId, 's.point_id', 's.id'), found(query.search), equal('p.senior_id', query.seniorId), state);
    const from = 'FROM standing_plan p JOIN senior s ON s.id = p.senior_id JOIN point t ON t.id = s.point_id';
    const rows = await this.dataSource.query<PlanSqlRow[]>(
      `SELECT p.id, p.senior_id AS seniorId, s.name AS seniorName, t.id AS pointId, t.name AS pointName, p.period, p.weekday_mask AS weekdayMask,
         p.set_code AS setCode, p.fulfilment, p.valid_from AS validFrom, p.valid_to AS validTo, p.paused_from AS pausedFrom, p.paused_to AS pausedTo,
         (${DROPPED_ON}) AS notOnMenuOn
       ${from} WHERE ${where.sql} ORDER BY t.code, s.name_initials, s.name, p.id LIMIT ? OFFSET ?`,
      [today, ...where.parameters, query.size, (query.page - 1) * query.size],
    );
    const [count] = await this.dataSource.query<{ total: number }[]>(`SELECT COUNT(*) AS total ${from} WHERE ${where.sql}`, [...where.parameters]);
    return { total: Number(count?.total ?? 0), rows: rows.map(({ weekdayMask, ...row }) => ({
      ...row, weekdays: [1, 2, 3, 4, 5, 6, 7].filter((weekday) => (weekdayMask & (1 << (weekday - 1))) !== 0),
      state: row.validTo !== null && row.validTo <= today ? 'ended' : pausedOn(row, today) ? 'paused' : 'running',
      nextDay: nextAskedDay({ ...row, weekdayMask }, today),
    })) };
  }

  private async inScope(staff: StaffIdentity, pointId: string | undefined, pointColumn: string, seniorColumn: string): Promise<Where> {
    if (staff.scopeKind === 'senior') return equal(seniorColumn, staff.scopeId);
    const points = await this.points.narrowed(staff, pointId);
    return points.length === 0 ? { sql: '1 = 0', parameters: [] } : { sql: `${pointColumn} IN (?)`, parameters: [points] };
  }

  private async openPoints(day: BusinessDay, period: MealPeriod): Promise<Set<string>> {
    const services = (await this.depots.services()).filter((service) => service.period === period);
    return new Set(services.filter((service) => this.clock.now() < cutoffInstant(service, day)).map((service) => service.pointId));
  }

  /** Meals that standing plans will still add where orders are open. */
  private async plannedMeals(scope: Where, day: BusinessDay, period: MealPeriod, open: ReadonlySet<string>): Promise<number> {
    const plans = await this.dataSource.query<(StandingPlanDays & { pointId: string })[]>(
      `SELECT s.point_id AS pointId, p.weekday_mask AS weekdayMask, p.valid_from AS validFrom, p.valid_to AS validTo,
         p.paused_from AS pausedFrom, p.paused_to AS pausedTo
       FROM standing_plan p JOIN senior s ON s.id = p.senior_id
       WHERE ${scope.sql} AND p.period = ? AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to > ?) AND (s.status = 'active' OR s.status_from > ?)
         AND NOT EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = p.senior_id AND o.business_day = ? AND o.period = p.period
           AND (o.active = 1 OR o.standing_plan_id = p.id))`,
      [...scope.parameters, period, day, day, day, day],
    );
    return plans.filter((plan) => open.has(plan.pointId) && asksFor(plan, day)).length;
  }
}

/** An order that stands although the written menu of its day lacks its set meal; a day without any menu lacks nothing yet. */
const MISSING: Where = {
  sql: `o.status = 'ordered' AND EXISTS (SELECT 1 FROM set_meal m WHERE m.kitchen_id = p.kitchen_id AND m.business_day = o.business_day AND m.period = o.period)
    AND NOT EXISTS (SELECT 1 FROM set_meal m WHERE m.kitchen_id = p.kitchen_id AND m.business_day = o.business_day AND m.period = o.period AND m.code = o.set_code)`,
  parameters: [],
};

/** The first written menu from a day on that a plan asks for in vain; the same rule as asksFor, in SQL. Takes that day. */
const DROPPED_ON = `SELECT MIN(m.business_day) FROM set_meal m
  WHERE m.kitchen_id = t.kitchen_id AND m.period = p.period AND m.business_day >= ? AND m.business_day >= p.valid_from
    AND (p.valid_to IS NULL OR m.business_day < p.valid_to) AND (p.weekday_mask & (1 << WEEKDAY(m.business_day))) <> 0
    AND (p.paused_from IS NULL OR m.business_day < p.paused_from OR m.business_day >= p.paused_to)
    AND NOT EXISTS (SELECT 1 FROM set_meal x WHERE x.kitchen_id = m.kitchen_id AND x.business_day = m.business_day AND x.period = m.period AND x.code = p.set_code)`;

const NOTHING: Where = { sql: '1 = 1', parameters: [] };

function equal(column: string, value: unknown): Where {
  return value === undefined ? NOTHING : { sql: `${column} = ?`, parameters: [value] };
}

function all(...conditions: readonly Where[]): Where {
  return { sql: conditions.map((one) => `(${one.sql})`).join(' AND '), parameters: conditions.flatMap((one) => [...one.parameters]) };
}

/** Part of the name or the beginning of its pinyin initials; wildcards typed by a user are ordinary characters. */
function found(search: string | undefined): Where {
  if (search === undefined || search === '') return NOTHING;
  const literal = search.replace(/[\\%_]/g, (character) => `\\${character}`);
  return { sql: 's.name LIKE ? OR s.name_initials LIKE ?', parameters: [`%${literal}%`, `${literal.toLowerCase()}%`] };
}

function pausedOn(plan: Pick<StandingPlanDays, 'pausedFrom' | 'pausedTo'>, day: BusinessDay): boolean {
  return plan.pausedFrom !== null && plan.pausedFrom <= day && (plan.pausedTo === null || day < plan.pausedTo);
}
