import type { DataSource } from 'typeorm';
import { addDays, ageOn, instantOf, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { fen } from '../../src/domain/kernel/money.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';
import { mealSalePostings, reversalPostings, topUpPostings } from '../../src/domain/ledger/index.js';
import { SPECIAL_SENIOR } from '../../src/domain/persons/index.js';
import { payersOf, quoteMeal, type Diner, type MealQuote, type QuoteFacts } from '../../src/domain/pricing/index.js';
import type { SubsidyPolicy } from '../../src/domain/subsidy/index.js';
import { SystemClock } from '../../src/infra/clock/clock.js';
import { IdMint } from '../../src/modules/demo-street/id-mint.js';
import { demoStreetPolicy, PolicyBook } from '../../src/modules/subsidy/index.js';
import { YearLedger, type Posted } from './year-ledger.js';
import { instantText, YearWriter } from './year-writer.js';

export const YEAR = 2025;
const AREA = '330199001';
const PRICES_FEN = [1_500, 1_800, 2_000] as const;
const MEAL_COLUMNS = `id, transfer_id, senior_id, point_id, operator_id, set_meal_id, business_day, period, channel, gross_fen, due_fen, policy_version_id,
  rule_id, age_years, age_tier, category_code, facts, explanation, identified_by, identification, device_id, staff_id, route_stop_id, pickup_no, sold_at`;

export interface YearSize {
  readonly points: number;
  readonly seniors: number;
  readonly mealsADay: number;
  /** A part of the year, both days included; without them all of it. */
  readonly from?: BusinessDay;
  readonly to?: BusinessDay;
}

export interface GeneratedYear {
  readonly streetId: string;
  readonly pointIds: readonly string[];
  /** The version in force at the end of the year, other than the one before July's middle. */
  readonly lastPolicyId: string;
  readonly meals: number;
  readonly reversals: number;
  readonly rows: number;
  readonly seconds: number;
}

interface Person { id: string; point: number; diner: Diner; delivery: boolean; special: boolean }
interface Point { id: string; operatorId: string }
interface Taken { mealId: string; posted: Posted; point: Point; reverseOn: BusinessDay }

/**
 * One street and its whole year: seniors with wallets, meals priced by the policy of their day, balanced and sealed
 * transfers, some of them reversed on the day or weeks later. The same seed gives the same meals.
 */
export async function generateYear(dataSource: DataSource, seed: number, size: YearSize, onStep: (line: string) => void): Promise<GeneratedYear> {
  const started = performance.now();
  const random = new SeededRandom(`year-${seed}`);
  const mint = new IdMint(random.fork('ids'), Date.UTC(YEAR, 0, 1));
  const writer = new YearWriter(dataSource);
  const { streetId, points } = layStreet(writer, mint, size.points);
  const people = moveIn(writer, mint, random.fork('people'), streetId, points, size.seniors);
  await writer.finish();
  const policies = await storePolicies(dataSource, streetId);
  const year = new YearOfMeals(writer, mint, random.fork('meals'), points, people, policies);
  const last = size.to ?? `${YEAR}-12-31` as BusinessDay;
  const swing = Math.min(40, Math.floor(size.mealsADay / 10));
  for (let day = size.from ?? `${YEAR}-01-01` as BusinessDay; day <= last; day = addDays(day, 1)) {
    year.writeDay(day, size.mealsADay + random.int(-swing, swing));
    await writer.handOver();
    if (day.endsWith('-01')) onStep(`${day.slice(0, 7)}: ${year.meals} meals, ${Math.round(writer.rowsWritten / ((performance.now() - started) / 1000))} rows/s`);
  }
  year.ledger.writeAccounts(Date.UTC(YEAR, 0, 1));
  await writer.finish();
  const seconds = (performance.now() - started) / 1000;
  return { streetId, pointIds: points.map((point) => point.id), lastPolicyId: policies.at(-1)?.versionId ?? '', meals: year.meals, reversals: year.reversals, rows: writer.rowsWritten, seconds };
}

class YearOfMeals {
  readonly ledger: YearLedger;
  meals = 0;
  reversals = 0;
  private readonly quotes = new Map<string, MealQuote>();
  private readonly wallets = new Map<string, number>();
  private taken: Taken[] = [];

  constructor(
    private readonly writer: YearWriter, private readonly mint: IdMint, private readonly random: SeededRandom, private readonly points: readonly Point[],
    private readonly people: readonly Person[], private readonly policies: readonly SubsidyPolicy[],
  ) {
    this.ledger = new YearLedger(writer, mint);
  }

  writeDay(day: BusinessDay, meals: number): void {
    const midnight = instantOf(day, 0).getTime();
    for (const one of this.taken.filter((candidate) => candidate.reverseOn === day)) this.takeBack(one, day, midnight + 36_000_000);
    this.taken = this.taken.filter((one) => one.reverseOn !== day);
    const eaters = this.eatersOf(day, meals);
    for (let index = 0; index < eaters.length; index += 1) {
      const atMs = midnight + 37_800_000 + Math.floor((index / eaters.length) * 10_000_000);
      this.writeMeal(day, eaters[index] ?? null, atMs);
    }
  }

  /** A different part of the street eats each day; one in thirty has no account. */
  private eatersOf(day: BusinessDay, meals: number): (Person | null)[] {
    const start = this.random.int(0, this.people.length - 1);
    const step = 1 + 2 * (Number(day.slice(8)) % 7);
    return Array.from({ length: meals }, (_, index) => (index % 30 === 29 ? null : this.people[(start + index * step) % this.people.length] ?? null));
  }

  private factsOf(day: BusinessDay, person: Person | null): QuoteFacts {
    const channel = person?.delivery === true ? 'delivery' as const : this.random.chance(0.12) ? 'take-away' as const : 'eat-in' as const;
    return {
      grossFen: fen(this.random.pick(PRICES_FEN)), day, period: 'lunch', channel, mealKind: 'set', pointArea: AREA, diner: person?.diner ?? null, usedSlots: [],
    };
  }

  private writeMeal(day: BusinessDay, person: Person | null, atMs: number): void {
    const point = this.pointOf(person);
    const facts = this.factsOf(day, person);
    const seniorId = person?.id ?? null;
    const quote = this.quote(facts, person);
    if (person !== null) this.topUp(day, point, person, quote.dueFen, atMs - 60_000);
    const payers = payersOf(quote);
    const posted = this.ledger.post('meal-sale', day, point.id, mealSalePostings({
      grossFen: quote.grossFen, dueFen: quote.dueFen, payers: payers.map((part) => ({ ...part, amountFen: fen(part.amountFen) })),
      operatorId: point.operatorId, pointId: point.id, seniorId, tender: person === null ? 'cash' : 'wallet',
    }), atMs);
    const mealId = this.mint.next<string>();
    this.writer.add('meal', MEAL_COLUMNS, [
      mealId, posted.id, seniorId, point.id, point.operatorId, point.id, day, 'lunch', facts.channel, quote.grossFen, quote.dueFen,
      quote.policyVersionId, quote.ruleId, quote.ageYears, quote.ageTier, quote.categoryCode, JSON.stringify(facts), JSON.stringify(quote.explanation),
      person === null ? 'none' : 'face', '{"frames":3}', null, null, null, 'A001', instantText(atMs),
    ]);
    for (const part of payers) this.writer.add('meal_payer', 'meal_id, payer_code, rule_id, amount_fen', [mealId, part.payerCode, part.ruleId, part.amountFen]);
    this.meals += 1;
    if (this.random.chance(0.004)) this.taken.push({ mealId, posted, point, reverseOn: addDays(day, this.random.chance(0.6) ? 1 : this.random.int(2, 40)) });
  }

  private takeBack({ mealId, posted, point }: Taken, day: BusinessDay, atMs: number): void {
    const reversal = this.ledger.post('meal-reversal', day, point.id, reversalPostings(posted.postings), atMs, posted.id);
    this.writer.add('meal_reversal', 'meal_id, transfer_id, reason, note, staff_id, business_day, at',
      [mealId, reversal.id, 'not-eaten', '', point.id, day, instantText(atMs)]);
    this.reversals += 1;
  }

  private topUp(day: BusinessDay, point: Point, person: Person, dueFen: number, atMs: number): void {
    const held = this.wallets.get(person.id) ?? 0;
    if (held >= dueFen) {
      this.wallets.set(person.id, held - dueFen);
      return;
    }
    const amountFen = fen(100_000);
    this.ledger.post('top-up', day, point.id, topUpPostings({ seniorId: person.id, pointId: point.id, amountFen, tender: 'cash' }), atMs);
    this.wallets.set(person.id, held + amountFen - dueFen);
  }

  /** Most eat at their own point, some elsewhere. */
  private pointOf(person: Person | null): Point {
    const own = person === null || this.random.chance(0.05) ? this.random.int(0, this.points.length - 1) : person.point;
    return this.points[own] ?? this.points[0] ?? { id: '', operatorId: '' };
  }

  /** Prices repeat: the same policy, age, category, channel and menu price make the same quote. */
  private quote(facts: QuoteFacts, person: Person | null): MealQuote {
    const policy = person === null ? null : this.policies.find((one) => one.effectiveTo === null || facts.day < one.effectiveTo) ?? null;
    const age = person === null ? '' : ageOn(person.diner.birthDate, facts.day);
    const key = `${policy?.versionId ?? ''}|${age}|${person?.special === true}|${facts.channel}|${facts.grossFen}`;
    const known = this.quotes.get(key);
    if (known !== undefined) return known;
    const quote = quoteMeal({ ...facts, policy });
    this.quotes.set(key, quote);
    return quote;
  }
}

function layStreet(writer: YearWriter, mint: IdMint, count: number): { streetId: string; points: Point[] } {
  const [streetId, communityId, kitchenId] = [mint.next<string>(), mint.next<string>(), mint.next<string>()];
  writer.add('street', 'id, name, jurisdiction_code', [streetId, '测量街道', AREA]);
  writer.add('community', 'id, street_id, name', [communityId, streetId, '测量社区']);
  writer.add('kitchen', 'id, street_id, name, latitude, longitude', [kitchenId, streetId, '中央厨房', 30.3, 120.3]);
  const operators = [1, 2, 3].map((number) => {
    const id = mint.next<string>();
    writer.add('operator', 'id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name',
      [id, `餐饮公司${number}`, 'company', `HT-${number}`, `${YEAR}-01-01`, '2040-01-01', `XK-${number}`, '2040-01-01', `餐饮公司${number}`]);
    return id;
  });
  const points = Array.from({ length: count }, (_, index): Point => {
    const point = { id: mint.next<string>(), operatorId: operators[index % 3] ?? '' };
    writer.add('point', 'id, community_id, operator_id, kitchen_id, code, name, kind, open_to_public, latitude, longitude, phone',
      [point.id, communityId, point.operatorId, kitchenId, `P${String(index + 1).padStart(2, '0')}`, `第${index + 1}助餐点`, 'community-point', 1, 30.3, 120.3, '0571-00000000']);
    return point;
  });
  return { streetId, points };
}

function moveIn(writer: YearWriter, mint: IdMint, random: SeededRandom, streetId: string, points: readonly Point[], count: number): Person[] {
  return Array.from({ length: count }, (_, index): Person => {
    const id = mint.next<string>();
    const point = index % points.length;
    const age = random.weighted([[66, 4], [74, 4], [83, 3], [92, 1]] as const) + random.int(-6, 6);
    const birthDate = `${YEAR - age}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}` as BusinessDay;
    const special = random.chance(0.04);
    const categories = special ? [{ code: SPECIAL_SENIOR, validFrom: '2020-01-01' as BusinessDay, validTo: null, evidence: 'D-1' }] : [];
    writer.add('senior', `id, person_code, street_id, community_id, point_id, name, name_initials, sex, birth_date, id_number_cipher, id_number_hash, phone_cipher, phone_hash,
        phone_last4_hash, address_cipher, latitude, longitude, floor, has_lift, hukou_area, created_at`,
      [id, mint.next<string>(), streetId, points[point]?.id ?? '', points[point]?.id ?? '', '陈示例', 'csl', index % 2 === 0 ? 'M' : 'F', birthDate, 'x', id, 'x', id, id, 'x', 30.3, 120.3, 1, 0, AREA,
        `${YEAR}-01-01 00:00:00.000`]);
    return { id, point, diner: { birthDate, hukouArea: AREA, residenceArea: AREA, categories }, delivery: special || age >= 90, special };
  });
}

/** The demo street's rules, and from the middle of July on a version with other discounts. */
async function storePolicies(dataSource: DataSource, streetId: string): Promise<SubsidyPolicy[]> {
  const book = new PolicyBook(new SystemClock());
  const change = `${YEAR}-07-16` as BusinessDay;
  const later = demoStreetPolicy();
  for (const stage of later.rules.stages) {
    for (const rule of stage.rules) for (const one of rule.effects) if (one.effect.kind === 'percent') one.effect.payPercent -= 5;
  }
  return dataSource.transaction(async (tx) => {
    const ids = [
      await book.store(tx, streetId, demoStreetPolicy(), { effectiveFrom: `${YEAR}-01-01` as BusinessDay, effectiveTo: change }, false),
      await book.store(tx, streetId, later, { effectiveFrom: change, effectiveTo: null }, false),
    ];
    const versions = await Promise.all(ids.map((id) => book.version(tx, id)));
    return versions.flatMap((version) => (version === null ? [] : [version]));
  });
}
