import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RISK_BOUNDS_PPM, type RiskBound } from '../../contract/risk-bound.js';
import { falseMatchPpmAt } from '../../domain/identity/index.js';
import { addDays } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { RecognitionSettings } from './recognition-settings.js';

/** Meals of so many days say what a bound would have cost. */
const WITHIN_DAYS = 28;
const MOST_SIMILAR = 1;

/** The wished bound per stranger as it is set, and what each choice costs in digits that are asked for. */
@Injectable()
export class RiskChoicesQuery {
  constructor(private readonly dataSource: DataSource, private readonly settings: RecognitionSettings, private readonly clock: Clock) {}

  async run(modelId: string): Promise<RiskBound> {
    const rates = await this.settings.current(modelId);
    const clearPpm = falseMatchPpmAt(rates, MOST_SIMILAR);
    const upTo = (boundPpm: number, ratePpm: number): number | null => (ratePpm === 0 ? null : Math.floor(boundPpm / ratePpm));
    const sizes = (await this.dataSource.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM face_template WHERE model_id = ? GROUP BY point_id', [modelId])).map(({ n }) => Number(n));
    const bounds = [...new Set([...RISK_BOUNDS_PPM, rates.maxRiskPpm])].sort((one, other) => other - one);
    const { meals, above } = await this.mealsAbove(bounds);
    return {
      maxRiskPpm: rates.maxRiskPpm, calibrated: rates.falseMatchTail.length > 0, points: sizes.length, meals,
      choices: bounds.map((maxRiskPpm, index) => {
        const [upToPeople, upToClear] = [upTo(maxRiskPpm, rates.falseMatchPpm), upTo(maxRiskPpm, clearPpm)];
        return {
          maxRiskPpm, upToPeople, upToClear, pointsAbove: sizes.filter((size) => upToPeople !== null && size > upToPeople).length,
          pointsNever: sizes.filter((size) => upToClear !== null && size > upToClear).length, mealsAsked: above[index] ?? 0,
        };
      }),
    };
  }

  /** Of the meals that a face paid for alone: how many rested on a greater risk than each bound, and would have asked for digits. */
  private async mealsAbove(bounds: readonly number[]): Promise<{ meals: number; above: number[] }> {
    const columns = bounds.map((_, index) => `COALESCE(SUM(CAST(JSON_VALUE(identification, '$.riskPpm') AS UNSIGNED) > ?), 0) AS above${index}`);
    const [row] = await this.dataSource.query<Record<string, string | number>[]>(
      `SELECT COUNT(*) AS meals, ${columns.join(', ')} FROM meal WHERE identified_by = 'face' AND business_day >= ?`, [...bounds, addDays(this.clock.today(), -WITHIN_DAYS)],
    );
    return { meals: Number(row?.['meals'] ?? 0), above: bounds.map((_, index) => Number(row?.[`above${index}`] ?? 0)) };
  }
}
