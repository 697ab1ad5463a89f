import type { DataSource } from 'typeorm';
import type { PointId, SeniorId, SetMealId } from '../../src/domain/kernel/ids.js';
import type { PolicyRules } from '../../src/domain/subsidy/index.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { MealClaims, ReverseMeal, SellDeliveredMeal } from '../../src/modules/payment/index.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 15);
const label = { zh: '补贴', en: 'subsidy' };

/** Half of each meal, once a week and at most 13.00 a month; the district owes the operator 3.00 per person and day. */
const rulesWith = (limits: PolicyRules['stages'][number]['rules'][number]['limits']): PolicyRules => ({
  ageTiers: [], payers: [{ code: 'street', label }, { code: 'district', label }],
  stages: [{ id: 'meal', rules: [{ id: 'half', label, when: {}, effects: [{ tier: null, effect: { kind: 'percent', payPercent: 50 } }], cap: null, ...(limits ? { limits } : {}), shares: [{ payer: 'street', weight: 1 }] }] }],
  operatorPayments: [{ id: 'operating', label, when: {}, amounts: [{ tier: null, amountFen: 300 }], cap: { per: 'day', count: 1, pool: 'operating' }, payer: 'district' }],
});

let test: TestApp;
let street: LunchTime;
let dinnerId: string;
let units: UnitOfWork;
let sell: SellDeliveredMeal;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test, { portions: 1_000 });
  dinnerId = newId();
  await test.dataSource.query(
    "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'dinner', 'A', '晚餐', 2000, '[]')", [dinnerId, street.kitchenId, street.day],
  );
  units = test.app.get(UnitOfWork);
  sell = test.app.get(SellDeliveredMeal);
});
afterAll(() => test.close());

const use = (rules: PolicyRules) => test.dataSource.query('UPDATE policy_version SET policy = ? WHERE street_id = ?', [JSON.stringify(rules), street.streetId]);
const deliver = (seniorId: string, setMealId: string) => units.run((tx) => sell.execute(tx, {
  seniorId: seniorId as SeniorId, pointId: street.pointIds[0] as PointId, setMealId: setMealId as SetMealId, routeStopId: newId(), staffId: newId(), proof: {},
}));
/** Lunch and dinner of one senior at the same instant: no slot of the day is shared, only the cap. */
const bothAtOnce = (seniorId: string) => Promise.all([deliver(seniorId, street.setMealId), deliver(seniorId, dinnerId)]);
const usedFen = async (seniorId: string): Promise<number> =>
  Number((await test.dataSource.query<{ used: number | null }[]>('SELECT SUM(used_fen) AS used FROM entitlement_amount WHERE senior_id = ?', [seniorId]))[0]?.used ?? 0);
const operatingFen = async (seniorId: string): Promise<number> => Number((await test.dataSource.query<{ sum: number | null }[]>(
  'SELECT SUM(o.amount_fen) AS sum FROM meal_operator_payment o JOIN meal m ON m.id = o.meal_id WHERE m.senior_id = ?', [seniorId]))[0]?.sum ?? 0);

describe(`caps when two meals of one senior are sold at the same instant, ${ROUNDS} rounds each`, () => {
  it('a count by week is used once, and the operator is owed once a day', async () => {
    await use(rulesWith([{ per: 'week', count: 1, pool: null }]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seniorId } = await insertSenior(test, street);
      const sold = await bothAtOnce(seniorId);
      expect(sold.map((meal) => meal.dueFen).sort()).toEqual([1_000, 2_000]);
      expect(await operatingFen(seniorId)).toBe(300);
    }
  });

  it('an amount by month is used to the fen and no further', async () => {
    await use(rulesWith([{ per: 'month', amountFen: 1_300, pool: null }]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seniorId } = await insertSenior(test, street);
      const sold = await bothAtOnce(seniorId);
      expect(sold.map((meal) => meal.dueFen).sort()).toEqual([1_000, 1_700]);
      expect(await usedFen(seniorId)).toBe(1_300);
    }
  });

  it('a meal taken back gives its part of the cap back, once', async () => {
    const { seniorId } = await insertSenior(test, street);
    const { mealId } = await deliver(seniorId, street.setMealId);
    const claims = test.app.get(MealClaims);
    for (let time = 0; time < 2; time += 1) await units.run((tx) => claims.release(tx, mealId));
    expect(await usedFen(seniorId)).toBe(0);
    expect((await deliver(seniorId, dinnerId)).dueFen).toBe(1_000);
  });

  it('amounts of several units are claimed together, or not at all', async () => {
    await use(rulesWith([{ per: 'month', amountFen: 1_300, pool: null }, { per: 'day', amountFen: 1_100, pool: null }]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const { seniorId } = await insertSenior(test, street);
      const sold = await bothAtOnce(seniorId);
      expect(sold.map((meal) => meal.dueFen).sort()).toEqual([1_000, 1_900]);
      expect(await usedFen(seniorId)).toBe(2_200);
    }
  });

  it('the payment for a person’s day goes back with the meal that carried it, and to the next one sold, never to one that stands', async () => {
    await use(rulesWith(undefined));
    const { seniorId } = await insertSenior(test, street);
    const lunch = await deliver(seniorId, street.setMealId);
    const dinner = await deliver(seniorId, dinnerId);
    const paidFor = async (mealId: string): Promise<number> => Number((await test.dataSource.query<{ sum: string | null }[]>('SELECT SUM(amount_fen) AS sum FROM meal_operator_payment WHERE meal_id = ?', [mealId]))[0]?.sum ?? 0);
    expect([await paidFor(lunch.mealId), await paidFor(dinner.mealId)]).toEqual([300, 0]);
    await units.run((tx) => test.app.get(ReverseMeal).execute(tx, { mealId: lunch.mealId, note: '', staffId: newId(), key: newId() }));
    const owed = async (): Promise<number> => Number((await test.dataSource.query<{ sum: string | null }[]>(
      `SELECT -SUM(e.amount_fen) AS sum FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id JOIN entry e ON e.transfer_id IN (m.transfer_id, r.transfer_id)
       JOIN account a ON a.id = e.account_id AND a.owner_code LIKE 'district:%' WHERE m.senior_id = ?`, [seniorId]))[0]?.sum ?? 0);
    // The dinner keeps the price it was sold at: what was posted is never edited (decision 12).
    expect([await owed(), await paidFor(dinner.mealId)]).toEqual([0, 0]);
    const again = await deliver(seniorId, street.setMealId);
    expect([await owed(), await paidFor(again.mealId)]).toEqual([300, 300]);
  });

  it('a delivery fee of the day is part of the price and of no discount, and is told', async () => {
    await use(rulesWith(undefined));
    await test.dataSource.query("INSERT INTO delivery_fee (street_id, valid_from, fee_fen, source_document, set_by, set_at) VALUES (?, ?, 200, '文件 9', ?, ?)", [street.streetId, street.day, newId(), test.clock.now()]);
    const { seniorId } = await insertSenior(test, street);
    const { mealId, grossFen, dueFen } = await deliver(seniorId, street.setMealId);
    expect([grossFen, dueFen]).toEqual([2_200, 1_200]);
    const [meal] = await test.dataSource.query<{ fee: string; told: string }[]>("SELECT JSON_VALUE(facts, '$.deliveryFeeFen') AS fee, JSON_VALUE(explanation, '$.zh') AS told FROM meal WHERE id = ?", [mealId]);
    expect(meal).toEqual({ fee: '200', told: expect.stringContaining('原价 22 元（含送餐费 2 元）') });
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.find((finding) => finding.invariant === 'I10')?.examples.filter((example) => example.includes(mealId))).toEqual([]);
    await test.dataSource.query('DELETE FROM delivery_fee');
    expect((await deliver(seniorId, dinnerId)).grossFen).toBe(2_000);
  });

  it('the ledger proves the payments to the operator', async () => {
    const { seniorId } = await insertSenior(test, street);
    const { mealId } = await deliver(seniorId, street.setMealId);
    const entries = await test.dataSource.query<{ kind: string; ownerCode: string; amountFen: number }[]>(
      `SELECT a.kind, a.owner_code AS ownerCode, e.amount_fen AS amountFen FROM meal m JOIN entry e ON e.transfer_id = m.transfer_id
       JOIN account a ON a.id = e.account_id WHERE m.id = ? ORDER BY e.amount_fen`, [mealId]);
    expect(entries.map((entry) => [entry.kind, entry.ownerCode.split(':')[0] === 'district', Number(entry.amountFen)]))
      .toEqual(expect.arrayContaining([['operator', false, 2_300], ['payer', true, -300]]));
    // The stops of these deliveries were never planned, and the rules were changed under them: only what meals claim is asked.
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.find((finding) => finding.invariant === 'I1')?.violations).toBe(0);
  });

  it('negative control: reading what is used and adding to it later passes the cap', async () => {
    let passed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const seniorId = newId();
      await Promise.all([naiveClaim(test.dataSource, seniorId, 1_000, 1_300), naiveClaim(test.dataSource, seniorId, 1_000, 1_300)]);
      if (await usedFen(seniorId) > 1_300) passed += 1;
    }
    expect(passed).toBeGreaterThan(0);
  });
});

/** A till without care: it reads the amount, decides in the program, and adds without asking again. */
async function naiveClaim(dataSource: DataSource, seniorId: string, wantedFen: number, capFen: number): Promise<void> {
  await dataSource.transaction('READ COMMITTED', async (tx) => {
    const [row] = await tx.query<{ used: number }[]>("SELECT used_fen AS used FROM entitlement_amount WHERE senior_id = ? AND unit_key = 'month:2026-11'", [seniorId]);
    const reliefFen = Math.min(wantedFen, capFen - Number(row?.used ?? 0));
    await tx.query(
      "INSERT INTO entitlement_amount (senior_id, unit_key, used_fen) VALUES (?, 'month:2026-11', ?) ON DUPLICATE KEY UPDATE used_fen = used_fen + VALUES(used_fen)", [seniorId, reliefFen],
    );
  });
}

