import type { DataSource } from 'typeorm';
import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

/** How often each race is run here; the long tests run the same races by the hundred. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);

let test: TestApp;
let street: LunchTime;
let kiosks: TestDevice[];

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test, { portions: 100_000 });
  kiosks = await Promise.all([0, 0, 0, 0].map(() => enrolledKiosk(test, street.pointIds[0])));
});
afterAll(() => test.close());

const pay = (kiosk: TestDevice, cardNo: string, key: string = newId()) =>
  kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: key });
const codes = (answers: { status: number; body: unknown }[]): string[] =>
  answers.map((answer) => (answer.status === 200 ? 'paid' : String((answer.body as { code: string }).code))).sort();
const mealsOf = async (seniorId: string): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [seniorId]))[0]?.n);

describe(`races on the real database, ${ROUNDS} rounds each`, () => {
  it('two kiosks charge one senior at the same instant: exactly one succeeds', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const senior = await insertSenior(test, street);
      const answers = await Promise.all(kiosks.slice(0, 2).map((kiosk) => pay(kiosk, senior.cardNo)));
      expect(codes(answers)).toEqual(['PAYMENT.ALREADY_SERVED', 'paid']);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
      expect(await mealsOf(senior.seniorId)).toBe(1);
    }
  });

  it('one tap that arrives twice at once charges once and gets one answer', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const senior = await insertSenior(test, street);
      const key = newId();
      const [kiosk] = kiosks as [TestDevice];
      const answers = await Promise.all([pay(kiosk, senior.cardNo, key), pay(kiosk, senior.cardNo, key)]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      expect(answers[0]?.body).toEqual(answers[1]?.body);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
    }
  });

  it('the last portion goes to exactly one of four', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const seniors = await Promise.all(kiosks.map(() => insertSenior(test, street)));
      await test.dataSource.query('UPDATE portion_stock SET accepted = served + collected + wasted + 1 WHERE point_id = ?', [street.pointIds[0]]);
      const answers = await Promise.all(seniors.map((senior, index) => pay(kiosks[index], senior.cardNo)));
      expect(codes(answers)).toEqual(['PAYMENT.SOLD_OUT', 'PAYMENT.SOLD_OUT', 'PAYMENT.SOLD_OUT', 'paid']);
      const charged = await Promise.all(seniors.map((senior) => walletFen(test.dataSource, senior.seniorId)));
      expect(charged.filter((balance) => balance === 8_400)).toHaveLength(1);
    }
    await test.dataSource.query('UPDATE portion_stock SET accepted = 100000 WHERE point_id = ?', [street.pointIds[0]]);
  });

  it('negative control: reading a balance and writing it back loses charges without any error', async () => {
    let lost = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const senior = await insertSenior(test, street);
      await Promise.all([naiveCharge(test.dataSource, senior.seniorId, 1_600), naiveCharge(test.dataSource, senior.seniorId, 1_600)]);
      if (await walletFen(test.dataSource, senior.seniorId) !== 10_000 - 2 * 1_600) lost += 1;
    }
    expect(lost).toBeGreaterThan(0);
  });

  it('negative control: checking the portions first and counting later sells more than there are', async () => {
    let oversold = 0;
    await test.dataSource.query('ALTER TABLE portion_stock DROP CONSTRAINT ck_portion_stock');
    for (let round = 0; round < ROUNDS; round += 1) {
      await test.dataSource.query('UPDATE portion_stock SET accepted = served + collected + wasted + 1 WHERE point_id = ?', [street.pointIds[1]]);
      const sold = await Promise.all([naiveTake(test.dataSource, street.pointIds[1]), naiveTake(test.dataSource, street.pointIds[1])]);
      if (sold.filter(Boolean).length > 1) oversold += 1;
    }
    expect(oversold).toBeGreaterThan(0);
  });
});

/** What a till without care does: read, decide in the program, write. */
async function naiveCharge(dataSource: DataSource, seniorId: string, dueFen: number): Promise<void> {
  await dataSource.transaction('READ COMMITTED', async (tx) => {
    const [row] = await tx.query<{ balance_fen: number }[]>("SELECT balance_fen FROM account WHERE kind = 'wallet' AND owner_code = ?", [seniorId]);
    await tx.query("UPDATE account SET balance_fen = ? WHERE kind = 'wallet' AND owner_code = ?", [Number(row?.balance_fen) - dueFen, seniorId]);
  });
}

async function naiveTake(dataSource: DataSource, pointId: string): Promise<boolean> {
  return dataSource.transaction('READ COMMITTED', async (tx) => {
    const [row] = await tx.query<{ left_over: number }[]>('SELECT accepted - served - collected - wasted AS left_over FROM portion_stock WHERE point_id = ?', [pointId]);
    if (Number(row?.left_over) < 1) return false;
    await tx.query('UPDATE portion_stock SET served = served + 1 WHERE point_id = ?', [pointId]);
    return true;
  });
}
