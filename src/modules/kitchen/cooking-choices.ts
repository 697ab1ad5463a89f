import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ForecastChoicesAnswer, OverridePortionsRequest, SetCookingCostRequest } from '../../contract/kitchen.js';
import { cookingShare, type WalkInDemand } from '../../domain/forecast/index.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { COOKING_QUANTILES, cookingQuantiles, steeredQuantile } from '../../domain/kitchen/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope, type KitchenSite } from '../sites/index.js';
import { CookingOutcome } from './cooking-outcome.query.js';

/** Share of days on which walk-in portions suffice, until a kitchen says what waste and running out cost. */
export const DEFAULT_COOKING_SHARE = COOKING_QUANTILES.first;
const MEASURED_DAYS = 60;
/** Below so many set meals at points the outcome of the last weeks says nothing. */
const LEAST_CELLS = 84;

interface OverrideRow { id: string; pointId: string; day: BusinessDay; pointName: string; setCode: string; portions: number; forecastPortions: number; actual: string | number | null; reason: string; byName: string | null }

/** What people decide about the forecast: what waste and running out cost, and single figures that they know better. */
@Injectable()
export class CookingChoices {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly outcome: CookingOutcome, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** The cooking quantile of a day (the newsvendor's, from the costs in force). */
  async shareOn(kitchenId: string, day: BusinessDay): Promise<number> {
    const cost = await this.costOn(kitchenId, day);
    return cost === null ? DEFAULT_COOKING_SHARE : cookingShare(cost);
  }

  /** The cooking quantile from the costs, and as the last weeks corrected it: by run-outs, and by what was weighed as unserved. */
  async shares(kitchen: Pick<KitchenSite, 'id' | 'cooksFor'>, day: BusinessDay): Promise<{ share: number; steered: number; wastedShare: number | null }> {
    const share = await this.shareOn(kitchen.id, day);
    return { share, ...await this.steered(kitchen, share, cookingQuantiles(share).aimedRunOuts) };
  }

  /** @param aimed of set meals at points that may run out */
  async steered(kitchen: Pick<KitchenSite, 'id' | 'cooksFor'>, quantile: number, aimed: number): Promise<{ steered: number; wastedShare: number | null }> {
    const lately = await this.outcome.lately(kitchen.id, kitchen.cooksFor);
    // In hundredths: so many people more or less in a month change no forecast.
    return { steered: Math.round(steeredQuantile(quantile, aimed, lately, LEAST_CELLS) * 100) / 100, wastedShare: lately.arrived === 0 ? null : lately.unserved / lately.arrived };
  }

  /** Walk-in portions with what was set against the forecast; the rest as forecast. */
  async applied(cells: readonly WalkInDemand[], day: BusinessDay, period: MealPeriod): Promise<WalkInDemand[]> {
    const set = await this.standing([...new Set(cells.map(({ pointId }) => pointId))], day, period);
    return cells.map((cell) => ({ ...cell, portionsToCook: set.get(`${cell.pointId}/${cell.setCode}`) ?? cell.portionsToCook }));
  }

  /** Walk-in portions that were set against the forecast and stand, by `<point id>/<set code>`. */
  async standing(points: readonly string[], day: BusinessDay, period: MealPeriod): Promise<ReadonlyMap<string, number>> {
    if (points.length === 0) return new Map();
    const rows = await this.dataSource.query<{ pointId: string; setCode: string; portions: number; withdrawn: number }[]>(
      `SELECT o.point_id AS pointId, o.set_code AS setCode, o.portions, o.withdrawn FROM portion_override o
       WHERE o.point_id IN (?) AND o.business_day = ? AND o.period = ? AND o.id = (SELECT MAX(n.id) FROM portion_override n
         WHERE n.point_id = o.point_id AND n.business_day = o.business_day AND n.period = o.period AND n.set_code = o.set_code)`, [points, day, period],
    );
    return new Map(rows.filter(({ withdrawn }) => withdrawn === 0).map((row) => [`${row.pointId}/${row.setCode}`, row.portions]));
  }

  async setCost(request: SetCookingCostRequest, staff: StaffIdentity): Promise<{ done: true }> {
    const kitchen = await this.scope.kitchenOf(staff);
    const { wastedFen, missedFen, reason } = request;
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO cooking_cost (kitchen_id, effective_from, wasted_fen, missed_fen, reason, written_by, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE wasted_fen = VALUES(wasted_fen), missed_fen = VALUES(missed_fen), reason = VALUES(reason), written_by = VALUES(written_by), written_at = VALUES(written_at)`,
        [kitchen.id, this.clock.today(), wastedFen, missedFen, reason, staff.staffId, this.clock.now()],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'cooking-cost.set', objectKind: 'kitchen', objectId: kitchen.id, outcome: 'done', detail: { wastedFen, missedFen },
      }, tx);
    });
    return { done: true };
  }

  /** @param forecastPortions what the forecast says now, kept beside the override @throws DomainError KITCHEN.DAY_PAST */
  async override(request: OverridePortionsRequest, forecastPortions: number, staff: StaffIdentity): Promise<{ done: true }> {
    if (request.day < this.clock.today()) throw new DomainError('KITCHEN.DAY_PAST', 'refused');
    const { pointId, day, period, setCode, portions, reason } = request;
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        'INSERT INTO portion_override (id, point_id, business_day, period, set_code, portions, forecast_portions, reason, withdrawn, set_by, set_at) VALUES (?)',
        [[newId(), pointId, day, period, setCode, portions ?? 0, forecastPortions, reason, portions === null ? 1 : 0, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'portions.overridden', objectKind: 'point', objectId: pointId, outcome: 'done', detail: { day, setCode, portions, forecastPortions },
      }, tx);
    });
    return { done: true };
  }

  /** The setting in force, the overrides of the last weeks, and how far each and the forecast it replaced were off. */
  async choices(staff: StaffIdentity): Promise<ForecastChoicesAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const today = this.clock.today();
    const rows = kitchen.points.length === 0 ? [] : await this.overrides(kitchen.points.map(({ id }) => id), addDays(today, -MEASURED_DAYS));
    const overrides = rows.map(({ pointId: _pointId, ...row }) => ({ ...row, actual: row.day < today ? Number(row.actual ?? 0) : null }));
    const gone = overrides.flatMap(({ actual, portions, forecastPortions }) => (actual === null ? [] : [{ actual, portions, forecastPortions }]));
    return {
      cost: await this.costOn(kitchen.id, today), ...await this.shares(kitchen, today), overrides,
      outcome: await this.outcome.of(kitchen.id, kitchen.points.map(({ id }) => id)),
      measured: {
        count: gone.length, overrideError: gone.reduce((sum, one) => sum + Math.abs(one.portions - one.actual), 0), forecastError: gone.reduce((sum, one) => sum + Math.abs(one.forecastPortions - one.actual), 0),
      },
    };
  }

  private overrides(pointIds: readonly string[], from: BusinessDay): Promise<OverrideRow[]> {
    return this.dataSource.query<OverrideRow[]>(
      `SELECT o.id, o.point_id AS pointId, o.business_day AS day, p.name AS pointName, o.set_code AS setCode, o.portions, o.forecast_portions AS forecastPortions, o.reason, s.display_name AS byName,
         (SELECT COUNT(*) FROM meal m JOIN set_meal sm ON sm.id = m.set_meal_id LEFT JOIN meal_reversal r ON r.meal_id = m.id
          LEFT JOIN meal_order x ON x.senior_id = m.senior_id AND x.business_day = m.business_day AND x.period = m.period AND x.active = 1
          WHERE m.point_id = o.point_id AND m.business_day = o.business_day AND m.period = o.period AND sm.code = o.set_code AND m.channel <> 'delivery' AND r.meal_id IS NULL AND x.id IS NULL) AS actual
       FROM portion_override o JOIN point p ON p.id = o.point_id LEFT JOIN staff s ON s.id = o.set_by
       WHERE o.point_id IN (?) AND o.business_day >= ? AND o.withdrawn = 0 AND o.id = (SELECT MAX(n.id) FROM portion_override n
         WHERE n.point_id = o.point_id AND n.business_day = o.business_day AND n.period = o.period AND n.set_code = o.set_code)
       ORDER BY o.business_day DESC, p.code, o.set_code LIMIT 200`, [pointIds, from],
    );
  }

  private async costOn(kitchenId: string, day: BusinessDay): Promise<ForecastChoicesAnswer['cost']> {
    const [row] = await this.dataSource.query<{ wastedFen: string; missedFen: string; reason: string; effectiveFrom: BusinessDay }[]>(
      `SELECT wasted_fen AS wastedFen, missed_fen AS missedFen, reason, effective_from AS effectiveFrom FROM cooking_cost
       WHERE kitchen_id = ? AND effective_from <= ? ORDER BY effective_from DESC LIMIT 1`, [kitchenId, day],
    );
    return row === undefined ? null : { ...row, wastedFen: Number(row.wastedFen), missedFen: Number(row.missedFen) };
  }
}
