import type { DeviceStatus } from '../../src/contract/devices.js';
import { openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { insertSenior } from '../fixtures/lunch-time.js';
import { OfflineKiosk } from '../fixtures/offline-kiosk.js';
import { signIn } from '../fixtures/signed-in.js';
import type { OfflineReviewAnswer, OfflineReviewRow } from '../../src/contract/offline.js';
import { newId } from '../../src/infra/ids.js';

let day: ClosingDay;
beforeEach(async () => {
  day = await openClosingDay();
});
afterEach(() => day.test.close());

const status = (queueCount: number, chainSeq = queueCount): DeviceStatus => ({
  appVersion: 'test', contract: 2, queueCount, queueOldestAtMs: queueCount > 0 ? day.test.clock.now().getTime() : null, chainSeq, clockDriftMs: 0, camera: 'none',
  storageUsed: 1, storageQuota: 2, storagePersisted: true, offlineUntilMs: null,
});
const tell = async (kiosk: OfflineKiosk, queueCount: number, chainSeq = queueCount): Promise<void> => {
  expect((await kiosk.device.post('/devices/heartbeat', { status: status(queueCount, chainSeq) })).status).toBe(200);
};

describe('the close of a day and kiosks without network', () => {
  it('waits for a kiosk that went silent during the meal, and closes when it has handed in and told so', async () => {
    const senior = await insertSenior(day.test, day);
    const kiosk = await OfflineKiosk.of(day.test, day.pointIds[0]);
    const sold = kiosk.sell(senior);
    await tell(kiosk, 1);
    day.at('13:31');
    await day.waste(20);
    expect((await day.page()).kiosksUnsent).toEqual([{ name: '测试机', unsent: 1, reportedAt: '2026-11-24T03:00:00.000Z' }]);
    expect((await day.sign()).body).toMatchObject({ code: 'CLOSE.KIOSKS_UNSENT' });
    // The portion was thrown away on paper, because nobody knew of the sale: it waits for finance instead of being lost.
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'review', code: 'PAYMENT.SOLD_OUT' });
    await tell(kiosk, 0, 1);
    expect((await day.page()).kiosksUnsent).toEqual([]);
    expect((await day.sign()).status).toBe(200);
  });

  it('closes over a lost kiosk only by two people, each with a reason; what comes later is booked on an open day', async () => {
    const senior = await insertSenior(day.test, day);
    const kiosk = await OfflineKiosk.of(day.test, day.pointIds[0]);
    const sold = kiosk.sell(senior);
    day.at('13:31');
    await day.waste(20);
    const page = await day.page();
    const base = `/points/${day.pointIds[0]}/day-closes/${day.day}`;
    const sign = (kiosksReason: string) => day.people.attendant.post(`${base}/sign`, { digest: page.digest, countedCashFen: page.expectedCashFen, kiosksReason }).set('Idempotency-Key', newId());
    expect((await sign('')).body).toMatchObject({ code: 'CLOSE.KIOSKS_UNSENT' });
    const signed = await sign('机器被偷，已报警');
    expect(signed.status).toBe(200);
    expect((await day.people.supervisor.post(`${base}/countersign`, { digest: page.digest })).body).toMatchObject({ code: 'CLOSE.KIOSKS_UNSENT' });
    const closed = await day.people.supervisor.post(`${base}/countersign`, { digest: page.digest, kiosksReason: '同意，见报警单' });
    expect(closed.body).toMatchObject({ state: 'closed', close: { kiosksUnsent: 1, kiosksReason: '机器被偷，已报警', kiosksSecondReason: '同意，见报警单' } });
    day.at('15:00');
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'review', code: 'OFFLINE.DAY_CLOSED' });
    const [row] = ((await day.people.finance.get('/offline-sales')).body as OfflineReviewAnswer).rows;
    const proposed = await day.people.finance.post(`/offline-sales/${row?.id ?? ''}/decision`, { decision: 'accept', reason: '核对过' }).set('Idempotency-Key', newId()).expect(200);
    const proposedAt = (proposed.body as OfflineReviewRow).proposal?.at;
    const second = await signIn(day.test, 'finance', 'street', day.streetId);
    const decide = () => second.post(`/offline-sales/${row?.id ?? ''}/confirmation`, { agree: true, proposedAt }).set('Idempotency-Key', newId());
    expect((await decide()).body).toMatchObject({ code: 'CLOSE.DAY_CLOSED' }); // today is closed as well
    day.at('11:00', '2026-11-25');
    expect((await decide()).body).toMatchObject({ state: 'posted' });
    const meals = await day.test.dataSource.query<{ business_day: string }[]>('SELECT business_day FROM meal WHERE senior_id = ?', [senior.seniorId]);
    expect(meals).toEqual([{ business_day: '2026-11-25' }]);
    expect((await day.page(day.people.supervisor)).digest).toBe(page.digest);
  });

  it('does not wait for a kiosk that could not sell without network (negative control)', async () => {
    const kiosk = await OfflineKiosk.of(day.test, day.pointIds[1]);
    expect(kiosk.envelope).not.toBeNull();
    day.at('13:31');
    await day.waste(20);
    expect((await day.page()).kiosksUnsent).toEqual([]);
    expect((await day.sign()).status).toBe(200);
  });
});
