import { newId } from '../../src/infra/ids.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior } from '../fixtures/lunch-time.js';
import { openDrawer } from '../fixtures/open-drawer.js';
import { signIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
beforeAll(async () => { test = await startApp({ env: { DATABASE_POOL: '2' } }); });
afterAll(() => test.close());

/** Each payment needs one connection and never a second one while it holds locks; two connections serve any crowd. */
describe('a crowd on two connections', () => {
  it('opens wallets and points’ accounts and pays, all of it', async () => {
    const street = await insertLunchTime(test);
    const desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    await openDrawer(desk);
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const seniors = await Promise.all(Array.from({ length: 8 }, () => insertSenior(test, street, { balanceFen: 0 })));
    const topUps = await Promise.all(seniors.map((senior) => desk.post('/desk/top-ups', { seniorId: senior.seniorId, amountFen: 2_000, tender: 'cash' }).set('Idempotency-Key', newId())));
    expect(topUps.map((answer) => answer.status)).toEqual(seniors.map(() => 200));
    const sales = await Promise.all(seniors.map((senior) => kiosk.post('/kiosk/payments',
      { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() })));
    expect(sales.map((answer) => answer.status)).toEqual(seniors.map(() => 200));
  });
});
