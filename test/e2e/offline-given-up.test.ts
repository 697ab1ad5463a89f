import type { OfflineReviewAnswer } from '../../src/contract/offline.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let finance: SignedIn;
let second: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  [finance, second] = [await signIn(test, 'finance', 'street', street.streetId), await signIn(test, 'finance', 'street', street.streetId)];
});
afterAll(() => test.close());

it('a sale under a key that was given up waits, charges nobody by itself, and is posted once where two people agree that the meal was eaten', async () => {
  const senior = await insertSenior(test, street);
  const kiosk = await OfflineKiosk.of(test, street.pointIds[0]);
  const key = newId();
  expect((await kiosk.device.post(`/kiosk/payments/${key}/end`, {})).body).toMatchObject({ payment: null });
  const sold = kiosk.sell(senior, { key });
  expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'review', code: 'IDEMPOTENCY.KEY_CLOSED' });
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
  const [row] = ((await finance.get('/offline-sales?show=open').expect(200)).body as OfflineReviewAnswer).rows;
  expect(row).toMatchObject({ acceptable: true });
  const proposed = await finance.post(`/offline-sales/${row?.id ?? ''}/decision`, { decision: 'accept', reason: '餐已取走' }).set('Idempotency-Key', newId()).expect(200);
  const { proposal } = proposed.body as { proposal: { at: string } };
  const agree = () => second.post(`/offline-sales/${row?.id ?? ''}/confirmation`, { agree: true, proposedAt: proposal.at }).set('Idempotency-Key', newId());
  expect((await agree()).body).toMatchObject({ state: 'posted', dueFen: 1_600 });
  expect((await agree()).body).toMatchObject({ code: 'OFFLINE.NOT_OPEN' });
  expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'posted' });
  const late = await kiosk.device.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: key });
  expect(late.body).toMatchObject({ code: 'IDEMPOTENCY.KEY_CLOSED' });
  expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  const { findings } = await test.app.get(LedgerVerifier, { strict: false }).verify();
  expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
});
