import type { EntityManager } from 'typeorm';
import { DomainError } from '../../src/domain/kernel/domain-error.js';
import type { SeniorId } from '../../src/domain/kernel/ids.js';
import { newId } from '../../src/infra/ids.js';
import { SeniorDirectory } from '../../src/modules/seniors/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 20);

let test: TestApp;
let street: LunchTime;
let officer: SignedIn;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test, { portions: 10_000 });
  officer = await signIn(test, 'street', 'street', street.streetId);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());

interface Answer { status: number; body: { code?: string; effects?: { consequence: string; n: number }[] } }
const pay = (senior: TestSenior): Promise<Answer> =>
  kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
/** A death of yesterday: any meal of today belongs on its list. */
const die = async (senior: TestSenior): Promise<Answer> =>
  officer.post(`/seniors/${senior.seniorId}/life-events`, { kind: 'death', from: '2026-11-23', source: '社区', evidence: '证明 1' });
const listed = (answer: Answer): number => answer.body.effects?.find((effect) => effect.consequence === 'meals-after')?.n ?? -1;
const mealsOf = async (senior: TestSenior): Promise<number> =>
  Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM meal WHERE senior_id = ?', [senior.seniorId]))[0]?.n);

describe('a death and a payment at the same instant', () => {
  it('never pass each other: the meal is on the death’s list, or it was refused', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const senior = await insertSenior(test, street);
      // The first two rounds race nothing: each order is seen for certain.
      const [paid, died] = round === 0 ? [await pay(senior), await die(senior)] as const
        : round === 1 ? await die(senior).then(async (death) => [await pay(senior), death] as const)
        : round % 2 === 0
        ? await Promise.all([pay(senior), die(senior)])
        : await Promise.all([die(senior), pay(senior)]).then(([death, payment]) => [payment, death] as const);
      expect(died.status).toBe(201);
      expect(listed(died)).toBe(await mealsOf(senior));
      expect(paid.status === 200 ? 'paid' : paid.body.code).toMatch(await mealsOf(senior) === 1 ? /^paid$/ : /^PAYMENT\.SENIOR_(SUSPENDED|UNKNOWN)$/);
      outcomes.add(paid.status === 200 ? 'paid' : 'refused');
    }
    expect([...outcomes].sort()).toEqual(['paid', 'refused']);
  });

  it('do pass each other where the registration is read without being held (negative control)', async () => {
    const directory = test.app.get(SeniorDirectory, { strict: false });
    const held = directory.holdActive.bind(directory);
    const senior = await insertSenior(test, street);
    let died: Answer | null = null;
    directory.holdActive = async (tx: EntityManager, seniorId: SeniorId): Promise<void> => {
      const [row] = await tx.query<{ status: string }[]>('SELECT status FROM senior WHERE id = ?', [seniorId]);
      died = await die(senior);
      if (row?.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    };
    try {
      expect((await pay(senior)).status).toBe(200);
    } finally {
      directory.holdActive = held;
    }
    expect(died === null ? -1 : listed(died)).toBe(0);
    expect(await mealsOf(senior)).toBe(1);
  });
});
