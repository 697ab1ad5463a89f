import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelInUse } from '../../contract/faces.js';
import { RISK_BOUNDS_PPM, type RiskBound } from '../../contract/risk-bound.js';
import { falseMatchPpmAt, galleryRiskPpm, mostExpected } from '../../domain/identity/index.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter, type SqlCondition } from '../../infra/http/scope-filter.js';
import { FaceModels } from './face-models.js';
import { RecognitionSettings } from './recognition-settings.js';

/** Meals of so many days say what a bound would have cost. */
const WITHIN_DAYS = 28;
const MOST_SIMILAR = 1;
const PLACE = { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' } as const;

/** The wished bound per stranger as it is set, and what each choice costs in digits that are asked for at the places of whoever asks. */
@Injectable()
export class RiskChoicesQuery {
  constructor(
    private readonly dataSource: DataSource, private readonly models: FaceModels, private readonly settings: RecognitionSettings, private readonly clock: Clock,
  ) {}

  async run(staff: Pick<StaffIdentity, 'scopeKind' | 'scopeId'>): Promise<RiskBound> {
    const modelId = modelInUse(await this.models.all()).id;
    const rates = await this.settings.current(modelId);
    const clearPpm = falseMatchPpmAt(rates, MOST_SIMILAR);
    const upTo = (boundPpm: number, ratePpm: number): number | null => (ratePpm === 0 ? null : Math.floor(boundPpm / ratePpm));
    const scope = scopeFilter(staff, PLACE);
    const galleries = await this.galleries(modelId, scope);
    const sizes = galleries.map(({ people }) => people);
    const expected = mostExpected(rates);
    const bounds = [...new Set([...RISK_BOUNDS_PPM, rates.maxRiskPpm])].sort((one, other) => other - one);
    const { meals, above } = await this.mealsAbove(bounds, scope);
    return {
      maxRiskPpm: rates.maxRiskPpm, calibrated: rates.falseMatchTail.length > 0, points: sizes.length, meals,
      large: galleries.filter(({ people }) => galleryRiskPpm(people, rates.falseMatchPpm) > rates.maxRiskPpm), upToExpected: Number.isFinite(expected) ? expected : null,
      choices: bounds.map((maxRiskPpm, index) => {
        const [upToPeople, upToClear] = [upTo(maxRiskPpm, rates.falseMatchPpm), upTo(maxRiskPpm, clearPpm)];
        return {
          maxRiskPpm, upToPeople, upToClear, pointsAbove: sizes.filter((size) => upToPeople !== null && size > upToPeople).length,
          pointsNever: sizes.filter((size) => upToClear !== null && size > upToClear).length, mealsAsked: above[index] ?? 0,
        };
      }),
    };
  }

  private async galleries(modelId: string, scope: SqlCondition): Promise<RiskBound['large']> {
    const rows = await this.dataSource.query<{ pointName: string; people: string | number }[]>(
      `SELECT p.name AS pointName, COUNT(*) AS people FROM face_template t JOIN point p ON p.id = t.point_id JOIN community c ON c.id = p.community_id
       WHERE t.model_id = ? AND ${scope.sql} GROUP BY t.point_id, p.name, p.code ORDER BY p.code`, [modelId, ...scope.params],
    );
    return rows.map(({ pointName, people }) => ({ pointName, people: Number(people) }));
  }

  /** Of the meals that a face paid for alone: how many rested on a greater risk than each bound, and would have asked for digits. */
  private async mealsAbove(bounds: readonly number[], scope: SqlCondition): Promise<{ meals: number; above: number[] }> {
    const columns = bounds.map((_, index) => `COALESCE(SUM(CAST(JSON_VALUE(m.identification, '$.riskPpm') AS UNSIGNED) > ?), 0) AS above${index}`);
    const [row] = await this.dataSource.query<Record<string, string | number>[]>(
      `SELECT COUNT(*) AS meals, ${columns.join(', ')} FROM meal m JOIN point p ON p.id = m.point_id JOIN community c ON c.id = p.community_id
       WHERE m.identified_by = 'face' AND m.business_day >= ? AND ${scope.sql}`, [...bounds, addDays(this.clock.today(), -WITHIN_DAYS), ...scope.params],
    );
    return { meals: Number(row?.['meals'] ?? 0), above: bounds.map((_, index) => Number(row?.[`above${index}`] ?? 0)) };
  }
}
