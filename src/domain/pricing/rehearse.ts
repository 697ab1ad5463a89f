import type { BusinessDay } from '../kernel/business-day.js';
import { fen, sumFen, type Fen } from '../kernel/money.js';
import type { SubsidyPolicy } from '../subsidy/policy.js';
import { amountKeysOf, slotCounts, slotDay } from './entitlement-slot.js';
import type { MealQuote, QuoteFacts, UsedAmount } from './meal-quote.js';
import { quoteMeal } from './quote-meal.js';

/** A sold meal as it is rehearsed: who ate, its facts, and what was paid. */
export interface PastMeal {
  mealId: string;
  seniorId: string | null;
  pointId: string;
  facts: QuoteFacts;
  dueFen: Fen;
  ageTier: string;
  payers: readonly { payerCode: string; amountFen: Fen }[];
  operatorPayments: readonly { payerCode: string; amountFen: Fen }[];
}

interface HeldSlot { slot: string; keptDay: BusinessDay }
interface Held { day: BusinessDay | null; slots: HeldSlot[]; amounts: Map<string, Fen> }

/**
 * Prices past meals by another policy. What a meal would hold of each cap is carried along per person, so that caps are
 * replayed; meals must therefore come in the order of sale. What the meals held in truth is not looked at.
 */
export class PolicyRehearsal {
  private readonly held = new Map<string, Held>();

  /** @param policy in force on every day that will be priced */
  constructor(private readonly policy: SubsidyPolicy) {}

  /** The price of the next meal under the policy. */
  price(seniorId: string | null, facts: QuoteFacts): MealQuote {
    if (seniorId === null || facts.diner === null) return quoteMeal({ ...facts, usedSlots: [], policy: this.policy });
    const held = this.heldBy(seniorId);
    // Meals come in order: a slot of a past day, week or month never counts again.
    if (held.day !== facts.day) held.slots = held.slots.filter((one) => slotCounts(one.slot, one.keptDay, facts.day));
    held.day = facts.day;
    const usedSlots = held.slots.map((one) => one.slot);
    const usedAmounts = amountKeysOf(this.policy, facts).flatMap((key): UsedAmount[] => {
      const amountFen = held.amounts.get(key);
      return amountFen === undefined ? [] : [{ key, amountFen }];
    });
    const quote = quoteMeal({ ...facts, usedSlots, usedAmounts, policy: this.policy });
    for (const slot of quote.entitlementSlots) held.slots.push({ slot, keptDay: slotDay(slot, facts.day) });
    for (const { key, amountFen } of quote.entitlementAmounts) held.amounts.set(key, fen((held.amounts.get(key) ?? 0) + amountFen));
    return quote;
  }

  private heldBy(seniorId: string): Held {
    const known = this.held.get(seniorId);
    if (known !== undefined) return known;
    const held: Held = { day: null, slots: [], amounts: new Map<string, Fen>() };
    this.held.set(seniorId, held);
    return held;
  }
}

/** What two prices of the same meals add up to, before (paid) and after (rehearsed). */
export interface RehearsalGroup {
  people: Set<string>;
  meals: number;
  dueBeforeFen: Fen;
  dueAfterFen: Fen;
  subsidyBeforeFen: Fen;
  subsidyAfterFen: Fen;
}

export interface PersonDifference { seniorId: string; meals: number; diffFen: Fen }

/** Adds up rehearsed meals: in all, per payer, tier, point and person. */
export class RehearsalTotals {
  readonly all = emptyGroup();
  readonly tiers = new Map<string, RehearsalGroup>();
  readonly points = new Map<string, RehearsalGroup>();
  readonly payers = new Map<string, { beforeFen: Fen; afterFen: Fen }>();
  readonly operatorPayers = new Map<string, { beforeFen: Fen; afterFen: Fen }>();
  private readonly people = new Map<string, PersonDifference>();
  grossFen = fen(0);
  changedMeals = 0;

  add(meal: PastMeal, quote: MealQuote): void {
    this.grossFen = fen(this.grossFen + meal.facts.grossFen);
    const tier = meal.seniorId === null ? meal.ageTier : quote.ageTier;
    for (const group of [this.all, groupOf(this.tiers, tier), groupOf(this.points, meal.pointId)]) addTo(group, meal, quote);
    this.addPayers(meal, quote);
    if (meal.seniorId === null) return;
    const person = this.people.get(meal.seniorId) ?? { seniorId: meal.seniorId, meals: 0, diffFen: fen(0) };
    if (quote.dueFen !== meal.dueFen) {
      this.changedMeals += 1;
      person.meals += 1;
      person.diffFen = fen(person.diffFen + quote.dueFen - meal.dueFen);
    }
    this.people.set(meal.seniorId, person);
  }

  /** Who pays less (negative) or more over the whole month; the largest difference first, ties by id. */
  differences(): { gain: PersonDifference[]; lose: PersonDifference[]; samePeople: number } {
    const people = [...this.people.values()];
    const order = (a: PersonDifference, b: PersonDifference): number => Math.abs(b.diffFen) - Math.abs(a.diffFen) || (a.seniorId < b.seniorId ? -1 : 1);
    const gain = people.filter((one) => one.diffFen < 0).sort(order);
    const lose = people.filter((one) => one.diffFen > 0).sort(order);
    return { gain, lose, samePeople: people.length - gain.length - lose.length };
  }

  private addPayers(meal: PastMeal, quote: MealQuote): void {
    const add = (sums: Map<string, { beforeFen: Fen; afterFen: Fen }>, code: string, before: number, after: number): void => {
      const sum = sums.get(code) ?? { beforeFen: fen(0), afterFen: fen(0) };
      sums.set(code, { beforeFen: fen(sum.beforeFen + before), afterFen: fen(sum.afterFen + after) });
    };
    for (const part of meal.payers) add(this.payers, part.payerCode, part.amountFen, 0);
    for (const part of quote.reliefs.flatMap((relief) => relief.payers)) add(this.payers, part.payerCode, 0, part.amountFen);
    for (const part of meal.operatorPayments) add(this.operatorPayers, part.payerCode, part.amountFen, 0);
    for (const part of quote.operatorPayments) add(this.operatorPayers, part.payerCode, 0, part.amountFen);
  }
}

function emptyGroup(): RehearsalGroup {
  const none = fen(0);
  return { people: new Set(), meals: 0, dueBeforeFen: none, dueAfterFen: none, subsidyBeforeFen: none, subsidyAfterFen: none };
}

function groupOf(groups: Map<string, RehearsalGroup>, key: string): RehearsalGroup {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = emptyGroup();
  groups.set(key, group);
  return group;
}

function addTo(group: RehearsalGroup, meal: PastMeal, quote: MealQuote): void {
  if (meal.seniorId !== null) group.people.add(meal.seniorId);
  group.meals += 1;
  group.dueBeforeFen = fen(group.dueBeforeFen + meal.dueFen);
  group.dueAfterFen = fen(group.dueAfterFen + quote.dueFen);
  group.subsidyBeforeFen = fen(group.subsidyBeforeFen + sumFen(meal.payers.map((part) => part.amountFen)));
  group.subsidyAfterFen = fen(group.subsidyAfterFen + sumFen(quote.reliefs.map((relief) => relief.amountFen)));
}
