import { newId } from '../../src/infra/ids.js';
import type { DeskSalesAnswer, SaleAnswer } from '../../src/contract/desk.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let otherDesk: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  otherDesk = await signIn(test, 'attendant', 'point', street.pointIds[1]);
});
afterAll(() => test.close());

async function sell(diner: object, expectedDueFen: number, tender = 'qr'): Promise<SaleAnswer> {
  const answer = await desk.post('/desk/sales', { diner, setMealId: street.setMealId, channel: 'eat-in', tender, expectedDueFen }).set('Idempotency-Key', newId()).expect(200);
  return answer.body as SaleAnswer;
}
const sellTo = ({ seniorId, cardNo }: TestSenior): Promise<SaleAnswer> =>
  sell({ kind: 'senior', seniorId, reason: 'needs-help', factor: { kind: 'card', cardNo } }, 1_600, 'wallet');
const look = async (staff: SignedIn, query: Record<string, string | number>): Promise<DeskSalesAnswer> =>
  (await staff.get(`/desk/sales?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()}`).expect(200)).body as DeskSalesAnswer;
const mealsOf = ({ sales }: DeskSalesAnswer): string[] => sales.map(({ mealId }) => mealId);

describe('looking for a sale of the day', () => {
  it('finds any of them by pick-up number, receipt, name or what the slip shows of the name, however many came after', async () => {
    const sold = await sellTo(await insertSenior(test, street, { name: '欧阳春生', birthDate: '1950-05-05' }));
    for (let guest = 0; guest < 22; guest += 1) await sell({ kind: 'public' }, 2_000);
    expect(mealsOf(await look(desk, { limit: 20 }))).not.toContain(sold.mealId);
    for (const search of [sold.pickupNo, sold.pickupNo.toLowerCase(), sold.receiptNo, '欧阳春生', '春生', '欧阳先生']) {
      expect([search, mealsOf(await look(desk, { search }))]).toEqual([search, [sold.mealId]]);
    }
    expect((await look(desk, { search: sold.receiptNo })).sales[0]).toMatchObject({ receiptNo: sold.receiptNo, pickupNo: sold.pickupNo, maskedName: '欧阳先生', refundable: true });
    for (const search of ['欧阳女士', sold.pickupNo.slice(0, -1), '%', '_', 'nobody']) expect([search, (await look(desk, { search })).total]).toEqual([search, 0]);
  });

  it('turns the pages of the day, each sale once', async () => {
    const pages = [await look(desk, { limit: 10, page: 1 }), await look(desk, { limit: 10, page: 2 }), await look(desk, { limit: 10, page: 3 })];
    expect(pages.map(({ total, sales }) => [total, sales.length])).toEqual([[23, 10], [23, 10], [23, 3]]);
    expect(new Set(pages.flatMap(mealsOf)).size).toBe(23);
  });

  it('finds what a machine without network has sold by the number on its slip', async () => {
    const sold = await sellTo(await insertSenior(test, street, { name: '司徒安' }));
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    await test.dataSource.query(
      `INSERT INTO offline_sale (id, device_id, point_id, record_hash, record_text, signature, received_at, genuine, seq, state, meal_id)
       VALUES (?, ?, ?, ?, '{}', '', ?, 1, 407, 'posted', ?)`,
      [newId(), kiosk.deviceId, street.pointIds[0], newId().replaceAll('-', '').padEnd(64, '0'), test.clock.now(), sold.mealId]);
    for (const search of ['测试机 407', 'A-407']) expect([search, mealsOf(await look(desk, { search }))]).toEqual([search, [sold.mealId]]);
  });

  it('shows nothing of another point, and takes no page that is none', async () => {
    const sold = await sell({ kind: 'public' }, 2_000);
    for (const search of [sold.pickupNo, sold.receiptNo, '欧阳春生', '']) expect((await look(otherDesk, { search })).total).toBe(0);
    expect((await desk.get('/desk/sales?page=0')).status).toBe(400);
    expect((await desk.get(`/desk/sales?search=${'1'.repeat(41)}`)).status).toBe(400);
  });
});
