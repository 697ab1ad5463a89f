import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RehearsalSummary, RehearsedPersonAnswer } from '../../contract/policy-editor.js';
import { ageTierWords } from '../../contract/finance.words.js';
import { addDays, mondayOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { sumFen } from '../../domain/kernel/money.js';
import { PolicyRehearsal, RehearsalTotals, type PersonDifference, type RehearsalGroup } from '../../domain/pricing/index.js';
import type { Bilingual, PolicyRules } from '../../domain/subsidy/index.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { daysOfMonth, mealsBetween, pastMealOf, type SoldMeal } from './month-meals.query.js';
import { policyForTrying } from './try-policy.js';

const LISTED_PEOPLE = 50;

/** A summary as it is stored: people by their senior id, so that names are read when they are shown. */
export type StoredRehearsal = Omit<RehearsalSummary, 'topGain' | 'topLose'> & { topGain: PersonDifference[]; topLose: PersonDifference[] };

/**
 * Prices the meals of a past month by the rules of a draft: the real meals with their stored facts, without those taken
 * back. Caps are replayed in the order of days and sale; counting begins on the Monday before the month, so that weekly
 * caps are whole. Caps over a person's whole life count from that Monday. Nothing is posted.
 */
@Injectable()
export class RehearseMonth {
  constructor(private readonly units: UnitOfWork) {}

  async execute(
    streetId: string, month: string, rules: PolicyRules, tell: (mealsDone: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<StoredRehearsal> {
    const { from, to } = daysOfMonth(month);
    const rehearsal = new PolicyRehearsal(policyForTrying(rules));
    const totals = new RehearsalTotals();
    const pointNames = new Map<string, string>();
    let unreadable = 0;
    // The next day is read while this one is priced: two days are held, never the month.
    const read = (day: BusinessDay): Promise<SoldMeal[]> => (day < to ? mealsBetween(this.units.reader, { streetId, reversed: false }, day, addDays(day, 1)) : Promise.resolve([]));
    let ahead = read(mondayOf(from));
    for (let day = mondayOf(from); day < to; day = addDays(day, 1)) {
      const meals = await ahead;
      ahead = read(addDays(day, 1));
      for (const meal of meals) {
        const past = pastMealOf(meal);
        const quote = past === null ? null : rehearsal.price(past.seniorId, past.facts);
        if (day < from) continue;
        pointNames.set(meal.pointId, meal.pointName);
        if (past === null || quote === null) unreadable += 1;
        else totals.add(past, quote);
      }
      if (day >= from && meals.length > 0) await tell(totals.all.meals + unreadable);
    }
    return summaryOf(totals, unreadable, mondayOf(from), pointNames, await this.payerLabels(this.units.reader, streetId, rules));
  }

  /** The meals of one person under the rules, each beside what was paid. */
  async person(streetId: string, month: string, rules: PolicyRules, seniorId: string): Promise<RehearsedPersonAnswer['meals']> {
    const { from, to } = daysOfMonth(month);
    const rehearsal = new PolicyRehearsal(policyForTrying(rules));
    const meals = await mealsBetween(this.units.reader, { streetId, reversed: false, seniorId }, mondayOf(from), to);
    return meals.flatMap((meal) => {
      const past = pastMealOf(meal);
      if (past === null) return [];
      const quote = rehearsal.price(seniorId, past.facts);
      return meal.day < from ? [] : [{
        mealId: meal.mealId, day: meal.day, period: meal.period, pointName: meal.pointName, grossFen: quote.grossFen,
        dueBeforeFen: meal.price.dueFen, dueAfterFen: quote.dueFen, explanation: quote.explanation,
      }];
    });
  }

  private async payerLabels(tx: EntityManager, streetId: string, rules: PolicyRules): Promise<Map<string, Bilingual>> {
    const rows = await tx.query<{ payers: unknown }[]>(
      "SELECT JSON_EXTRACT(policy, '$.payers') AS payers FROM policy_version WHERE street_id = ? ORDER BY effective_from", [streetId],
    );
    const known = rows.flatMap((row) => (typeof row.payers === 'string' ? JSON.parse(row.payers) : row.payers) as PolicyRules['payers']);
    return new Map([...known, ...rules.payers].map((payer) => [payer.code, payer.label]));
  }
}

function summaryOf(
  totals: RehearsalTotals, unreadableMeals: number, countedFrom: BusinessDay, pointNames: ReadonlyMap<string, string>, labels: ReadonlyMap<string, Bilingual>,
): StoredRehearsal {
  const { gain, lose, samePeople } = totals.differences();
  const payerSums = (sums: RehearsalTotals['payers']): RehearsalSummary['payers'] =>
    [...sums].map(([payerCode, sum]) => ({ payerCode, label: labels.get(payerCode) ?? { zh: payerCode, en: payerCode }, ...sum }))
      .sort((a, b) => (a.payerCode < b.payerCode ? -1 : 1));
  const { all } = totals;
  return {
    meals: all.meals, people: all.people.size, changedMeals: totals.changedMeals, unreadableMeals, countedFrom, grossFen: totals.grossFen,
    dueBeforeFen: all.dueBeforeFen, dueAfterFen: all.dueAfterFen, subsidyBeforeFen: all.subsidyBeforeFen, subsidyAfterFen: all.subsidyAfterFen,
    operatorBeforeFen: sumFen([...totals.operatorPayers.values()].map((sum) => sum.beforeFen)),
    operatorAfterFen: sumFen([...totals.operatorPayers.values()].map((sum) => sum.afterFen)),
    payers: payerSums(totals.payers), operatorPayers: payerSums(totals.operatorPayers),
    tiers: groupsOf(totals.tiers, ageTierWords),
    points: groupsOf(totals.points, (id) => ({ zh: pointNames.get(id) ?? id, en: pointNames.get(id) ?? id })),
    gain: sideOf(gain), lose: sideOf(lose), samePeople, topGain: gain.slice(0, LISTED_PEOPLE), topLose: lose.slice(0, LISTED_PEOPLE),
  };
}

function groupsOf(groups: ReadonlyMap<string, RehearsalGroup>, labelOf: (key: string) => Bilingual): RehearsalSummary['tiers'] {
  return [...groups].map(([key, { people, ...group }]) => ({ key, label: labelOf(key), people: people.size, ...group })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function sideOf(people: readonly PersonDifference[]): RehearsalSummary['gain'] {
  return { people: people.length, meals: people.reduce((sum, one) => sum + one.meals, 0), sumFen: sumFen(people.map((one) => one.diffFen)) };
}
