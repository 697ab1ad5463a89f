import { type BusinessDay, instantOf } from '../../../domain/kernel/business-day.js';
import { type Fen, fen } from '../../../domain/kernel/money.js';
import { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import { mealSalePostings, topUpPostings, walletOf } from '../../../domain/ledger/index.js';
import { type Diner, type MealQuote, quoteMeal, type QuoteFacts } from '../../../domain/pricing/index.js';
import type { SubsidyPolicy } from '../../../domain/subsidy/index.js';
import type { Lunch, SetCode } from '../days/lunch-crowd.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { DemoPoint, DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';
import type { PastLedger } from './past-ledger.js';
import type { SetMealIds } from './write-menus.js';

/** What was on sale on a past day. */
export interface PastMenu {
  day: BusinessDay;
  ids: SetMealIds;
  grossFen: Readonly<Record<SetCode, Fen>>;
}

const TOP_UPS: readonly (readonly [fen: number, weight: number])[] = [[5_000, 2], [10_000, 4], [20_000, 3], [30_000, 1]];

/** Writes meals of the past as the payment of today writes them: priced, posted, with payers and entitlement. */
export class PastMeals {
  private readonly random: SeededRandom;
  private readonly portionNumbers = new Map<string, number>();
  /** Facts of a person that do not change from day to day. */
  private readonly diners = new Map<number, Diner>();
  private written = 0;

  constructor(
    private readonly writer: BulkWriter, private readonly ledger: PastLedger, private readonly street: DemoStreet,
    private readonly people: readonly DemoSenior[], private readonly policy: SubsidyPolicy, seed: string,
  ) {
    this.random = new SeededRandom(`${seed}/past-meals`);
  }

  get meals(): number {
    return this.written;
  }

  /** Writes one lunch; the wallet is topped up before where it would not suffice. @returns the meal's id */
  write(mint: IdMint, menu: PastMenu, lunch: Lunch, routeStopId: string | null): string {
    const point = this.street.points[lunch.pointIndex];
    const senior = lunch.seniorIndex === null ? null : (this.people[lunch.seniorIndex] ?? null);
    const facts: QuoteFacts = {
      grossFen: menu.grossFen[lunch.setCode], day: menu.day, period: 'lunch', channel: lunch.channel, mealKind: 'set',
      pointArea: this.street.areaCode, diner: lunch.seniorIndex === null ? null : this.dinerOf(lunch.seniorIndex), usedSlots: [],
    };
    const quote = quoteMeal({ ...facts, policy: senior === null ? null : this.policy });
    const at = new Date(instantOf(menu.day, lunch.minute).getTime() + this.random.int(0, 59_999));
    if (senior !== null) this.topUp(mint, menu.day, point.id, senior.id, quote.dueFen, at);
    const mealId = mint.next<string>();
    const transferId = mint.next<string>();
    const operatorId = this.street.operators[point.operatorIndex]?.id ?? '';
    this.ledger.post(transferId, 'meal-sale', menu.day, point.id, `meal lunch ${lunch.setCode}`, mealSalePostings({
      grossFen: quote.grossFen, dueFen: quote.dueFen, payers: quote.reliefs.flatMap((relief) => relief.payers),
      operatorId, pointId: point.id, seniorId: senior?.id ?? null, tender: senior === null ? 'cash' : 'wallet',
    }), at);
    this.addMeal({ mealId, transferId, menu, lunch, point, senior, operatorId, facts, quote, at, routeStopId });
    if (senior !== null) this.addEntitlement(mint, mealId, menu.day, senior.id, quote);
    this.written += 1;
    return mealId;
  }

  /** Money on the card before lunch: what people bring in round sums, in cash more often than by QR code. */
  topUp(mint: IdMint, day: BusinessDay, pointId: string, seniorId: string, neededFen: number, at: Date): void {
    while (this.ledger.balanceFen(walletOf(seniorId)) < neededFen) {
      const amountFen = fen(this.random.weighted(TOP_UPS));
      const postings = topUpPostings({ seniorId, pointId, amountFen, tender: this.random.chance(0.7) ? 'cash' : 'qr' });
      this.ledger.post(mint.next(), 'top-up', day, pointId, 'top-up', postings, new Date(at.getTime() - 90_000));
    }
  }

  private addMeal(sale: {
    mealId: string; transferId: string; menu: PastMenu; lunch: Lunch; point: DemoPoint; senior: DemoSenior | null; operatorId: string;
    facts: QuoteFacts; quote: MealQuote; at: Date; routeStopId: string | null;
  }): void {
    const { mealId, menu, lunch, point, senior, facts, quote } = sale;
    this.writer.add('meal', {
      id: mealId, transfer_id: sale.transferId, senior_id: senior?.id ?? null, point_id: point.id, operator_id: sale.operatorId,
      set_meal_id: menu.ids[lunch.setCode], business_day: menu.day, period: 'lunch', channel: lunch.channel,
      gross_fen: quote.grossFen, due_fen: quote.dueFen, policy_version_id: quote.policyVersionId, rule_id: quote.ruleId,
      age_years: quote.ageYears, age_tier: quote.ageTier, category_code: quote.categoryCode, facts: JSON.stringify(facts),
      explanation: JSON.stringify(quote.explanation), identified_by: lunch.identifiedBy,
      identification: JSON.stringify({ demo: true, method: lunch.identifiedBy }), device_id: null, staff_id: null,
      route_stop_id: sale.routeStopId, pickup_no: this.pickupNo(menu, lunch), sold_at: sale.at,
    });
    for (const relief of quote.reliefs) {
      for (const { payerCode, amountFen } of relief.payers) {
        this.writer.add('meal_payer', { meal_id: mealId, payer_code: payerCode, rule_id: relief.ruleId, amount_fen: amountFen });
      }
    }
  }

  private addEntitlement(mint: IdMint, mealId: string, day: BusinessDay, seniorId: string, quote: MealQuote): void {
    for (const slot of ['meal:lunch', ...quote.entitlementSlots]) {
      this.writer.add('entitlement_use', { id: mint.next(), senior_id: seniorId, business_day: day, slot, meal_id: mealId, active: 1 });
    }
  }

  private pickupNo(menu: PastMenu, lunch: Lunch): string {
    const name = `${menu.day}/${lunch.pointIndex}/${lunch.setCode}`;
    if (this.portionNumbers.size > 10_000) this.portionNumbers.clear();
    const number = (this.portionNumbers.get(name) ?? 0) + 1;
    this.portionNumbers.set(name, number);
    return `${lunch.setCode}${String(number).padStart(3, '0')}`;
  }

  private dinerOf(seniorIndex: number): Diner {
    const known = this.diners.get(seniorIndex);
    if (known !== undefined) return known;
    const senior = this.people[seniorIndex];
    const categories = senior.categories
      .filter(({ status }) => status === 'approved')
      .map(({ code, validFrom, validTo, evidence }) => ({ code, validFrom, validTo, evidence }))
      .sort((a, b) => (a.code + a.validFrom < b.code + b.validFrom ? -1 : 1));
    const diner = { birthDate: senior.birthDate, hukouArea: senior.hukouArea, residenceArea: this.street.areaCode, categories };
    this.diners.set(seniorIndex, diner);
    return diner;
  }
}
