import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ReplaySummary } from '../../contract/policy-editor.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { recomputeMeal } from '../../domain/pricing/index.js';
import type { SubsidyPolicy } from '../../domain/subsidy/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { daysOfMonth, mealsBetween, type SoldMeal } from './month-meals.query.js';
import { PolicyBook } from './policy-book.js';

const LISTED_MOST = 500;
type Difference = ReplaySummary['differences'][number];

/** Prices every meal of a month again under the rules of its day and lists what differs. It changes nothing. */
@Injectable()
export class ReplayMonth {
  constructor(private readonly units: UnitOfWork, private readonly book: PolicyBook) {}

  /** @param tell hears how many meals are done, day by day */
  async execute(streetId: string, month: string, tell: (mealsDone: number) => Promise<void> = () => Promise.resolve()): Promise<ReplaySummary> {
    const { from, to } = daysOfMonth(month);
    const tx = this.units.reader;
    const summary: ReplaySummary = { meals: 0, agreed: 0, differing: 0, differences: [] };
    const read = (day: BusinessDay): Promise<SoldMeal[]> => (day < to ? mealsBetween(tx, { streetId, reversed: true }, day, addDays(day, 1)) : Promise.resolve([]));
    let ahead = read(from);
    for (let day = from; day < to; day = addDays(day, 1)) {
      const meals = await ahead;
      ahead = read(addDays(day, 1));
      if (meals.length === 0) continue;
      const policy = await this.policyOf(tx, streetId, day);
      for (const meal of meals) note(summary, replay(meal, policy));
      await tell(summary.meals);
    }
    return summary;
  }

  /** The rules of a day; null where there are none or they can no longer be read. */
  private policyOf(tx: EntityManager, streetId: string, day: BusinessDay): Promise<SubsidyPolicy | null> {
    return this.book.forDay(tx, streetId, day).catch(() => null);
  }
}

function note(summary: ReplaySummary, difference: Difference | null): void {
  summary.meals += 1;
  if (difference === null) {
    summary.agreed += 1;
    return;
  }
  summary.differing += 1;
  if (summary.differences.length < LISTED_MOST) summary.differences.push(difference);
}

/** What differs between a sold meal and its price under the rules of its day; null where nothing does. */
function replay(meal: SoldMeal, policy: SubsidyPolicy | null): Difference | null {
  const differs = (fields: string[], computedDueFen: number | null): Difference =>
    ({ mealId: meal.mealId, day: meal.day, pointName: meal.pointName, fields, storedDueFen: meal.price.dueFen, computedDueFen });
  if (meal.facts === null || meal.facts.day !== meal.day || meal.facts.period !== meal.period) return differs(['facts'], null);
  if (policy === null && meal.price.policyVersionId !== null) return differs(['policyVersionId'], null);
  const { quote, differences } = recomputeMeal(meal.price, meal.facts, policy);
  return differences.length === 0 ? null : differs(differences, quote.dueFen);
}
