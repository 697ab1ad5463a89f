import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { addMonths, lastDayOf, parseMonth, type ClaimMonth } from '../../src/domain/settlement/index.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../src/infra/http/request-context.js';
import { JournalSealer } from '../../src/modules/ledger/index.js';
import { CheckClaim } from '../../src/modules/settlement/claims/check-claim.js';
import { ClaimDetails } from '../../src/modules/settlement/claims/claim-detail.query.js';
import { ClaimFiguresQuery } from '../../src/modules/settlement/claims/claim-figures.query.js';
import { DraftClaim } from '../../src/modules/settlement/claims/draft-claim.js';
import { SignClaim } from '../../src/modules/settlement/claims/sign-claim.js';
import { MealRollup, RollupCheck } from '../../src/modules/settlement/index.js';
import { demoStreetPolicy, PolicyBook } from '../../src/modules/subsidy/index.js';
import { MealHistory, type MealPlan, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

/**
 * One street through the whole of 2026, meal by meal through the real ledger: a policy that changes in the middle of a
 * month, birthdays, births on a leap day, reversals within and across months, meals that come in late, and two records
 * of one person. Each month is claimed and frozen while the next one runs.
 */
const CHANGE = '2026-07-16';
const PAYERS = ['street', 'district'] as const;

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;
let people: Record<'younger' | 'turns80' | 'leap' | 'oldest' | 'twin', PlantedSenior>;
const claims = new Map<string, { payableFen: number; adjustmentFen: number; meals: number; persons: number; claimId: string }>();

const staff = (name: string): StaffIdentity => ({
  staffId: name.padEnd(36, '0') as StaffIdentity['staffId'], displayName: name, role: 'finance', scopeKind: 'street', scopeId: street.streetId,
});
const key = (month: string, code: string): string => `${month} ${code}`;
const dueOf = async (meal: PlantedMeal): Promise<number> =>
  Number((await test.dataSource.query<{ due: string }[]>('SELECT due_fen AS due FROM meal WHERE id = ?', [meal.mealId]))[0]?.due);
const eat = (senior: PlantedSenior | null, day: string, more: Partial<MealPlan> = {}): Promise<PlantedMeal> => history.meal({ street, point: 0, senior, day, ...more });
const at = (day: string): void => test.clock.moveTo(new Date(`${day}T04:00:00Z`));

/** Drafted, checked and signed twice, by three people. */
async function freeze(month: ClaimMonth, partyKind: 'payer' | 'operator', partyCode: string): Promise<void> {
  const { claimId } = await test.app.get(DraftClaim).execute(staff('maker'), { month, partyKind, partyCode });
  const claim = (await test.app.get(ClaimDetails).claim(street.streetId, claimId))?.answer;
  if (claim === undefined) throw new Error('no claim');
  await test.app.get(CheckClaim).execute(staff('checker'), claimId, claim.snapshotId);
  await test.app.get(SignClaim).execute(staff('checker'), claimId, { snapshotId: claim.snapshotId });
  await test.app.get(SignClaim).execute(staff('second'), claimId, { snapshotId: claim.snapshotId });
  claims.set(key(month, partyCode), { payableFen: claim.payableFen, adjustmentFen: claim.adjustmentFen, meals: claim.meals, persons: claim.persons, claimId });
}

/** The same every month: both points, three kinds of diners, a reversal on the day. */
async function ordinaryDays(month: ClaimMonth): Promise<PlantedMeal> {
  await eat(people.younger, `${month}-03`, { grossFen: 1801 });
  await eat(people.oldest, `${month}-04`, { point: 1, channel: 'delivery', grossFen: 1500 });
  await eat(null, `${month}-05`, { point: 1 });
  await eat(people.leap, `${month}-06`, { point: 1, period: 'dinner', grossFen: 1333 });
  const taken = await eat(people.younger, `${month}-07`);
  await history.reverse(taken, `${month}-07`, street.pointIds[0]);
  return eat(people.turns80, lastDayOf(month), { grossFen: 1999 });
}

beforeAll(async () => {
  test = await startApp({ now: new Date('2026-01-02T04:00:00Z') });
  history = new MealHistory(test);
  street = await history.street('金年街道');
  await test.dataSource.query('UPDATE policy_version SET effective_to = ? WHERE street_id = ?', [CHANGE, street.streetId]);
  const later = demoStreetPolicy();
  for (const stage of later.rules.stages) for (const rule of stage.rules) for (const one of rule.effects) if (one.effect.kind === 'percent') one.effect.payPercent -= 10;
  await test.app.get(UnitOfWork).run((tx) => test.app.get(PolicyBook).store(tx, street.streetId, later, { effectiveFrom: CHANGE as BusinessDay, effectiveTo: null }, true));
  people = {
    younger: await history.senior(street, '1960-05-01'), turns80: await history.senior(street, '1946-05-10'), leap: await history.senior(street, '1936-02-29'),
    oldest: await history.senior(street, '1932-05-01'), twin: await history.senior(street, '1960-05-01', [], '陈示例'),
  };
  for (const person of Object.values(people)) await history.topUp(street, person, 500_000);
}, 120_000);
afterAll(() => test.close());

describe('a golden year', () => {
  const dues = new Map<string, number>();

  it('is lived and claimed month by month', async () => {
    let last: PlantedMeal | null = null;
    for (let month = parseMonth('2026-01'); month <= '2026-12'; month = addMonths(month, 1)) {
      at(`${month}-20`);
      if (last !== null) await history.reverse(last, `${month}-09`, street.pointIds[0]);
      last = await ordinaryDays(month);
      if (month === '2026-02') dues.set('leap, the day before', await dueOf(await eat(people.leap, '2026-02-28')));
      if (month === '2026-03') {
        dues.set('leap, on 1 March', await dueOf(await eat(people.leap, '2026-03-01')));
        await history.meal({ street, point: 1, senior: people.twin, day: '2026-03-03', grossFen: 1801 }); // the same person at a second point
      }
      if (month === '2026-05') {
        dues.set('the day before 80', await dueOf(await eat(people.turns80, '2026-05-09')));
        dues.set('on the 80th birthday', await dueOf(await eat(people.turns80, '2026-05-10')));
      }
      if (month === '2026-07') {
        dues.set('before the change', await dueOf(await eat(people.younger, '2026-07-15')));
        dues.set('after the change', await dueOf(await eat(people.younger, '2026-07-16')));
      }
      await test.app.get(JournalSealer).sealCommitted();
      await test.app.get(MealRollup).catchUp();
      const next = addMonths(month, 1);
      at(`${next}-03`);
      for (const payer of PAYERS) await freeze(month, 'payer', payer);
      for (const operator of street.operatorIds) await freeze(month, 'operator', operator);
      if (month === '2026-04') {
        // Found in May: two records of one person. The second meal of 3 March is taken back, months after its claim.
        const [twice] = await test.dataSource.query<PlantedMeal[]>('SELECT id AS mealId, transfer_id AS transferId FROM meal WHERE senior_id = ?', [people.twin.id]);
        if (twice === undefined) throw new Error('the twin did not eat');
        await history.reverse(twice, '2026-05-03', street.pointIds[1]);
        await history.insert('person_merge', {
          senior_id: people.twin.id, into_senior_id: people.younger.id, evidence: '身份证', detail: '{}', merged_by: street.streetId, at: test.clock.now(),
        });
      }
      if (month < '2026-12') await eat(people.oldest, `${month}-28`, { point: 1, grossFen: 2100 }); // an offline sale that arrives after the claim
    }
    expect(claims.size).toBe(48);
  }, 240_000);

  it('priced birthdays, leap days and the changed policy by the day of the meal', () => {
    expect(Object.fromEntries(dues)).toEqual({
      'leap, the day before': 1400, 'leap, on 1 March': 1000, 'the day before 80': 1600, 'on the 80th birthday': 1400, 'before the change': 1600, 'after the change': 1400,
    });
  });

  it('counts two records of one person once from the merge on, and leaves what was signed', async () => {
    const figures = await test.app.get(UnitOfWork).run((tx) => test.app.get(ClaimFiguresQuery).read(tx, street.pointIds, { kind: 'payer', code: 'street' }, parseMonth('2026-03'), []));
    const signed = claims.get(key('2026-03', 'street'));
    expect([signed?.persons, figures.persons]).toEqual([5, 4]);
  });

  it('claims what meals and ledger hold, to the fen, for every payer and operator', async () => {
    await test.app.get(JournalSealer).sealCommitted();
    for (const payer of PAYERS) {
      const claimed = [...claims].filter(([name]) => name.endsWith(` ${payer}`)).reduce((sum, [, claim]) => sum + claim.payableFen, 0);
      const [meals] = await test.dataSource.query<{ sum: string }[]>(
        `SELECT SUM(p.amount_fen) - COALESCE((SELECT SUM(q.amount_fen) FROM meal_reversal r JOIN meal_payer q ON q.meal_id = r.meal_id WHERE q.payer_code = ?), 0) AS sum
         FROM meal_payer p WHERE p.payer_code = ?`, [payer, payer]);
      const [ledger] = await test.dataSource.query<{ sum: string }[]>(
        "SELECT -SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'payer' AND SUBSTRING_INDEX(a.owner_code, ':', 1) = ?", [payer]);
      expect([claimed, Number(meals?.sum)]).toEqual([Number(ledger?.sum), Number(ledger?.sum)]);
    }
    for (const operator of street.operatorIds) {
      const claimed = [...claims].filter(([name]) => name.endsWith(operator)).reduce((sum, [, claim]) => sum + claim.payableFen, 0);
      const [ledger] = await test.dataSource.query<{ sum: string }[]>(
        `SELECT -SUM(e.amount_fen) AS sum FROM entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id
         WHERE a.kind = 'payer' AND a.owner_code NOT LIKE 'operator:%' AND t.point_id = ?`, [street.pointIds[street.operatorIds.indexOf(operator)]]);
      expect(claimed).toBe(Number(ledger?.sum));
    }
  });

  it('shows each late or reversed meal once, with the claim it adjusts', async () => {
    const rows = await test.dataSource.query<{ cause: string; n: string; lacking: string }[]>(
      `SELECT cause, COUNT(DISTINCT adjusts_meal_id) AS n, SUM(adjusts_claim_id IS NULL) AS lacking FROM month_claim_line l
       JOIN month_claim c ON c.id = l.claim_id WHERE l.kind = 'adjustment' AND c.party_code = 'street' AND l.line = 'relief' GROUP BY cause`);
    expect(rows.map((row) => [row.cause, Number(row.n), Number(row.lacking)]).sort()).toEqual([['late-meal', 11, 0], ['reversed', 12, 0]]);
    const may = claims.get(key('2026-05', 'street'));
    expect(may?.adjustmentFen).not.toBe(0);
  });

  it('counts again from meals and ledger without a difference, month by month, also when rebuilt', async () => {
    await test.app.get(MealRollup).rebuild();
    for (let month = parseMonth('2026-01'); month <= '2026-12'; month = addMonths(month, 1)) {
      const { differences, figures } = await test.app.get(RollupCheck).month(street.pointIds, month);
      expect([month, differences]).toEqual([month, []]);
      expect(figures).toBeGreaterThan(20);
    }
  });

  it('would not: a planted part of a payer is found (control)', async () => {
    const [meal] = await test.dataSource.query<{ id: string; day: string }[]>("SELECT id, business_day AS day FROM meal WHERE business_day = '2026-08-03' LIMIT 1");
    await test.dataSource.query("INSERT INTO meal_payer (meal_id, payer_code, rule_id, amount_fen) VALUES (?, 'street', 'planted', 1)", [meal?.id]);
    const { differences } = await test.app.get(RollupCheck).month(street.pointIds, parseMonth('2026-08'));
    // Both the sum of its day and its group of the month, which nobody claimed.
    expect(differences).toContainEqual(expect.objectContaining({ day: '2026-08-03', what: 'payer street' }));
    expect(differences).toContainEqual(expect.objectContaining({ day: '2026-08-01', what: expect.stringContaining('planted') as string, rollup: 0 }));
  });
});
