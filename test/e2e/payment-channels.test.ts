import { strToU8, zipSync } from 'fflate';
import request from 'supertest';
import type { ReconciliationAnswer, ReconciliationDaysAnswer } from '../../src/contract/payment-channels.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { PaymentPlatform } from '../fixtures/payment-platform.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let platform: PaymentPlatform;
let test: TestApp;
let street: LunchTime;
let desk: SignedIn;
let finance: SignedIn;

beforeAll(async () => {
  platform = new PaymentPlatform();
  test = await startApp({ env: await platform.start() });
  platform.now = () => test.clock.now();
  street = await insertLunchTime(test);
  desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  finance = await signIn(test, 'finance', 'street', street.streetId);
});
afterAll(async () => {
  await test.close();
  await platform.stop();
});
beforeEach(() => test.clock.moveTo(TEST_NOW));

interface Order { channelOrderId: string; orderNo: string; state: string; codeUrl: string; qrPicture: string }
const post = (path: string, body: string, headers: Record<string, string>) => request(test.app.getHttpServer()).post(`/api/v1${path}`).set(headers).send(body);
const wechat = (note: { body: string; headers: Record<string, string> }) => post('/payment-channels/wechat/notify', note.body, note.headers);
const alipay = (form: string) => post('/payment-channels/alipay/notify', form, { 'content-type': 'application/x-www-form-urlencoded' });
const order = async (who: SignedIn, senior: TestSenior, channel: 'wechat' | 'alipay', amountFen = 5_000): Promise<Order> =>
  (await who.post('/channel-orders', { seniorId: senior.seniorId, amountFen, channel }).set('Idempotency-Key', newId())).body as Order;
/** The code of a refusal; the answer is plain text, as Alipay wants it. */
const refusal = async (form: string): Promise<string> => (JSON.parse((await alipay(form)).text) as { code: string }).code;
const empty = () => insertSenior(test, street, { balanceFen: 0 });

describe('WeChat Pay', () => {
  it('shows a QR code, and its callback credits exactly once: twice, at once, late or out of order', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    expect(made).toMatchObject({ state: 'waiting', codeUrl: expect.stringContaining('weixin://'), qrPicture: expect.stringMatching(/^data:image/) });
    platform.pay(made.orderNo);
    const note = platform.wechatNotification(made.orderNo, test.clock.now());
    const answers = await Promise.all([wechat(note), wechat(note), wechat(platform.wechatNotification(made.orderNo, test.clock.now()))]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(5_000);
    // A message of an earlier state that arrives later changes nothing.
    expect((await wechat(platform.wechatNotification(made.orderNo, test.clock.now(), { trade_state: 'USERPAYING' }))).status).toBe(200);
    expect((await desk.get(`/channel-orders/${made.channelOrderId}`)).body).toMatchObject({ state: 'paid' });
  });

  it.each([
    ['signed by a stranger', () => ({}), 'stranger', 'CHANNEL.FORGED'],
    ['of another merchant', () => ({ mchid: '1900000009' }), 'platform', 'CHANNEL.WRONG_FACTS'],
    ['of another app', () => ({ appid: 'wxother' }), 'platform', 'CHANNEL.WRONG_FACTS'],
    ['over another amount', () => ({ amount: { total: 500_000, currency: 'CNY' } }), 'platform', 'CHANNEL.WRONG_FACTS'],
    ['in another currency', () => ({ amount: { total: 5_000, currency: 'USD' } }), 'platform', 'CHANNEL.WRONG_FACTS'],
    ['of an unknown order', () => ({ out_trade_no: 'nobody' }), 'platform', 'CHANNEL.ORDER_UNKNOWN'],
  ] as const)('refuses a callback %s', async (_, changed, signer, code) => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    const answer = await wechat(platform.wechatNotification(made.orderNo, test.clock.now(), changed(), signer));
    expect(answer.body).toMatchObject({ code });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(0);
  });

  it('refuses a recorded callback after five minutes, and one whose body was changed', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    const note = platform.wechatNotification(made.orderNo, test.clock.now());
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 301_000));
    expect((await wechat(note)).body).toMatchObject({ code: 'CHANNEL.FORGED' });
    test.clock.moveTo(TEST_NOW);
    expect((await wechat({ ...note, body: note.body.replace('TRANSACTION', 'TRANSACTIOM') })).body).toMatchObject({ code: 'CHANNEL.FORGED' });
  });

  it('is asked when nobody tells, and not believed while it is silent', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    platform.pay(made.orderNo);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 120_000));
    platform.silent = true;
    expect((await desk.post(`/channel-orders/${made.channelOrderId}/ask`)).body).toMatchObject({ code: 'CHANNEL.UNKNOWN' });
    platform.silent = false;
    await test.app.get(Upkeep).runAll();
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(5_000);
    await wechat(platform.wechatNotification(made.orderNo, test.clock.now()));
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(5_000);
  });

  it('gives money back that may not be stored', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 496_000 });
    const [one, two] = [await order(desk, senior, 'wechat', 3_000), await order(desk, senior, 'wechat', 3_000)];
    for (const made of [one, two]) {
      platform.pay(made.orderNo);
      expect((await wechat(platform.wechatNotification(made.orderNo, test.clock.now()))).status).toBe(200);
    }
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(499_000);
    expect((await desk.get(`/channel-orders/${two.channelOrderId}`)).body).toMatchObject({ state: 'refunded' });
    expect(platform.refunds.at(-1)).toMatchObject({ orderNo: two.orderNo, amountFen: 3_000 });
  });

  it('refunds through the channel by two people, sent again until it answers', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    platform.pay(made.orderNo);
    await wechat(platform.wechatNotification(made.orderNo, test.clock.now()));
    const asked = await desk.post(`/wallets/${senior.seniorId}/refund-requests`, { cause: 'seven-day', payTo: { kind: 'channel', channelOrderId: made.channelOrderId }, reason: '不用了' });
    platform.silent = true;
    const { requestId } = asked.body as { requestId: string };
    expect((await finance.post(`/money-requests/${requestId}/approve`).set('Idempotency-Key', newId())).status).toBe(200);
    expect(platform.refunds.some((refund) => refund.orderNo === made.orderNo)).toBe(false);
    platform.silent = false;
    await test.app.get(Upkeep).runAll();
    await test.app.get(Upkeep).runAll();
    expect(platform.refunds.filter((refund) => refund.orderNo === made.orderNo)).toHaveLength(1);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(0);
  });

  it.each([['PROCESSING', 'due'], ['ABNORMAL', 'failed'], ['CLOSED', 'failed']] as const)('believes no refund that is %s', async (status, state) => {
    const senior = await insertSenior(test, street, { balanceFen: 499_000 });
    const made = await order(desk, senior, 'wechat', 900);
    const more = await order(desk, senior, 'wechat', 900);
    platform.refundStatus = status;
    for (const one of [made, more]) {
      platform.pay(one.orderNo);
      await wechat(platform.wechatNotification(one.orderNo, test.clock.now()));
    }
    await test.app.get(Upkeep).runAll();
    const refundState = async () => (await test.dataSource.query<{ state: string }[]>('SELECT state FROM channel_refund WHERE order_id = ?', [more.channelOrderId])).map((row) => row.state);
    expect(await refundState()).toEqual([state]);
    expect((await desk.get(`/channel-orders/${more.channelOrderId}`)).body).toMatchObject({ state: 'refund-due' });
    const told = await test.dataSource.query<unknown[]>("SELECT 1 FROM audit_line WHERE action = 'channel-refund.failed' AND object_id = ?", [more.channelOrderId]);
    expect(told).toHaveLength(state === 'failed' ? 1 : 0);
    platform.refundStatus = 'SUCCESS';
    await test.app.get(Upkeep).runAll();
    expect(await refundState()).toEqual([state === 'due' ? 'sent' : 'failed']);
  });

  describe('a refund that the channel gave up', () => {
    interface Row { channelRefundId: string; orderNo: string; state: string; mayAct: boolean; bankAsked: boolean }
    const given = async (): Promise<{ senior: TestSenior; made: Order; row: () => Promise<Row> }> => {
      const senior = await insertSenior(test, street, { balanceFen: 499_000 });
      // The first fills the wallet, the second is over the limit.
      const [full, made] = [await order(desk, senior, 'wechat', 700), await order(desk, senior, 'wechat', 900)];
      platform.refundStatus = 'CLOSED';
      for (const { orderNo } of [full, made]) {
        platform.pay(orderNo);
        await wechat(platform.wechatNotification(orderNo, test.clock.now()));
      }
      await test.app.get(Upkeep).runAll();
      platform.refundStatus = 'SUCCESS';
      const row = async (): Promise<Row> => {
        const found = ((await finance.get('/channel-refunds?size=200')).body as { rows: Row[] }).rows.find((one) => one.orderNo === made.orderNo);
        if (found === undefined) throw new Error('the refund is not listed');
        return found;
      };
      return { senior, made, row };
    };
    const account = { accountName: '陈小红', bankName: '杭州银行', accountNo: '6222000011112222', reason: '原卡已注销' };

    it('is sent again under the same number and arrives once', async () => {
      const { made, row } = await given();
      expect(await row()).toMatchObject({ state: 'failed', mayAct: true });
      const { channelRefundId } = await row();
      const pressed = await Promise.all([1, 2].map(() => finance.post(`/channel-refunds/${channelRefundId}/again`)));
      expect(pressed.map((answer) => answer.status).sort()).toEqual([200, 409]);
      await test.app.get(Upkeep).runAll();
      expect(await row()).toMatchObject({ state: 'sent', mayAct: false });
      expect(new Set(platform.refunds.filter((refund) => refund.orderNo === made.orderNo).map((refund) => refund.refundNo)).size).toBe(1);
      expect((await finance.post(`/channel-refunds/${channelRefundId}/bank-requests`, account)).body).toMatchObject({ code: 'REFUND.NOT_FAILED' });
    });

    it('is paid by bank by two people and then never through the channel', async () => {
      const other = await signIn(test, 'finance', 'street', street.streetId);
      const { senior, row } = await given();
      const { channelRefundId } = await row();
      const asked = (await finance.post(`/channel-refunds/${channelRefundId}/bank-requests`, account)).body as { requestId: string; amountFen: number };
      expect(asked.amountFen).toBe(900);
      expect(await row()).toMatchObject({ bankAsked: true, mayAct: false });
      expect((await finance.post(`/channel-refunds/${channelRefundId}/again`)).body).toMatchObject({ code: 'REQUEST.PENDING' });
      expect((await finance.post(`/money-requests/${asked.requestId}/approve`).set('Idempotency-Key', newId())).body).toMatchObject({ code: 'REQUEST.SAME_PERSON' });
      expect((await other.post(`/money-requests/${asked.requestId}/approve`).set('Idempotency-Key', newId())).status).toBe(200);
      expect(await row()).toMatchObject({ state: 'settled', mayAct: false });
      const before = platform.refunds.length;
      await test.app.get(Upkeep).runAll();
      expect(platform.refunds).toHaveLength(before);
      const moved = await test.dataSource.query<{ kind: string; sum: string }[]>(
        `SELECT a.kind, SUM(e.amount_fen) AS sum FROM transfer t JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id
         WHERE t.kind = 'refund-by-bank' AND t.memo LIKE ? GROUP BY a.kind ORDER BY a.kind`, [`%${channelRefundId}`]);
      expect(moved.map(({ kind, sum }) => [kind, Number(sum)])).toEqual([['bank', 900], ['channel', -900]]);
      expect(await walletFen(test.dataSource, senior.seniorId)).toBe(499_700);
      expect((await finance.post(`/money-requests/${asked.requestId}/payout`, { paidOn: '2026-11-24', reference: 'BANK-77' })).status).toBe(200);
      expect((await test.app.get(LedgerVerifier).verify()).findings.flatMap((finding) => finding.examples)).toEqual([]);
    });
  });

  it('closes no order because somebody unsigned says that it is not there', async () => {
    const made = await order(desk, await empty(), 'wechat');
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 3_600_000));
    platform.forgesMissing = true;
    await test.app.get(Upkeep).runAll();
    expect((await desk.get(`/channel-orders/${made.channelOrderId}`)).body).toMatchObject({ state: 'waiting' });
    platform.forgesMissing = false;
    await test.app.get(Upkeep).runAll();
    expect((await desk.get(`/channel-orders/${made.channelOrderId}`)).body).toMatchObject({ state: 'closed' });
  });

  it('is reconciled against its bill of the day: matched, unknown, twice, missing', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    platform.pay(made.orderNo);
    await wechat(platform.wechatNotification(made.orderNo, test.clock.now()));
    platform.strayBillLines.push({ orderNo: 'nobody', transactionId: 'x1', amountFen: 700 }, { orderNo: made.orderNo, transactionId: 'x2', amountFen: 5_000 });
    const answer = (await finance.post('/reconciliations', { channel: 'wechat', day: '2026-11-24' })).body as { lines: { orderNo: string; outcome: string }[]; sums: Record<string, number>; missing: unknown[] };
    expect(answer.lines.filter((line) => line.orderNo === made.orderNo).map((line) => line.outcome)).toEqual(['matched', 'duplicate']);
    expect(answer.lines.find((line) => line.orderNo === 'nobody')?.outcome).toBe('unmatched');
    expect(answer.sums['duplicateFen']).toBe(5_000);
    expect(answer.missing).toEqual([]);
    expect(platform.unsigned).toBe(0);
  });

  it('is read by each street for itself: another street’s file takes nothing of ours away', async () => {
    const day = '2026-11-24';
    const read = async (who: SignedIn) => (await who.post('/reconciliations', { channel: 'wechat', day }).expect(200)).body as ReconciliationAnswer;
    const ours = await read(finance);
    const other = await insertLunchTime(test, { codes: 'W2-' });
    const theirs = await signIn(test, 'finance', 'street', other.streetId);
    expect((await theirs.get(`/reconciliations?channel=wechat&day=${day}`)).body).toMatchObject({ lines: [], readAt: null });
    // What belongs to no order is shown to whoever read it; our matched lines are nobody's but ours.
    expect((await read(theirs)).lines.every((line) => line.channelOrderId === null)).toBe(true);
    expect((await finance.get(`/reconciliations?channel=wechat&day=${day}`)).body).toEqual(ours);
    expect((await read(finance)).lines.map(({ outcome }) => outcome)).toEqual(ours.lines.map(({ outcome }) => outcome));
  });

  it('finds a refund that the channel paid twice, and one of ours that no bill names', async () => {
    const day = '2026-11-24';
    const read = async () => (await finance.post('/reconciliations', { channel: 'wechat', day })).body as ReconciliationAnswer;
    const before = await read();
    const given = platform.refunds[0];
    if (given === undefined) throw new Error('nothing was refunded before');
    expect(before.lines.filter((line) => line.kind === 'refund' && line.orderNo === given.orderNo).map((line) => line.outcome)).toEqual(['matched']);
    platform.refundsTwice.add(given.refundNo);
    expect((await read()).lines.filter((line) => line.kind === 'refund' && line.orderNo === given.orderNo).map((line) => line.outcome)).toEqual(['matched', 'duplicate']);
    platform.refundsTwice.clear();
    platform.keptSilentAbout.add(given.refundNo);
    const lacking = (await read()).missing.find((row) => row.orderNo === given.orderNo);
    expect(lacking).toMatchObject({ amountFen: -given.amountFen, subject: expect.stringContaining('order:refund:') as string });
    platform.keptSilentAbout.clear();
  });
});

describe('Alipay', () => {
  it('credits once from a signed form, and refuses forged and changed ones', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'alipay');
    expect(made.codeUrl).toContain('https://qr.example/');
    const form = platform.alipayNotification(made.orderNo);
    expect(await refusal(form.replace('total_amount=50.00', 'total_amount=5.00'))).toBe('CHANNEL.FORGED');
    expect(await refusal(platform.alipayNotification(made.orderNo, { seller_id: '2088000000000009' }))).toBe('CHANNEL.WRONG_FACTS');
    expect(await refusal(platform.alipayNotification(made.orderNo, { total_amount: '0.01' }))).toBe('CHANNEL.WRONG_FACTS');
    const answers = await Promise.all([alipay(form), alipay(form)]);
    expect(answers.map((answer) => answer.text)).toEqual(['success', 'success']);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(5_000);
  });
});

describe('calling an order off', () => {
  it.each(['wechat', 'alipay'] as const)('closes it at %s too, and a payment that comes in spite of it is still credited', async (channel) => {
    const senior = await empty();
    const made = await order(desk, senior, channel);
    expect((await desk.post(`/channel-orders/${made.channelOrderId}/cancel`)).body).toMatchObject({ state: 'closed', cancelled: true });
    expect(platform.closed.has(made.orderNo)).toBe(true);
    platform.pay(made.orderNo);
    const told = channel === 'wechat' ? await wechat(platform.wechatNotification(made.orderNo, test.clock.now())) : await alipay(platform.alipayNotification(made.orderNo));
    expect(told.status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(5_000);
  });

  it('never calls off what is paid', async () => {
    const senior = await empty();
    const made = await order(desk, senior, 'wechat');
    platform.pay(made.orderNo);
    expect((await desk.post(`/channel-orders/${made.channelOrderId}/cancel`)).body).toMatchObject({ state: 'paid', cancelled: false });
    expect(platform.closed.has(made.orderNo)).toBe(false);
    expect((await finance.get(`/wallets/${senior.seniorId}/channel-orders`)).body).toMatchObject({ channels: ['wechat', 'alipay'], orders: [{ state: 'paid', refundedFen: 0 }] });
  });
});

describe('Alipay’s bill', () => {
  const CSV_HEADER = '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,备注';
  const csv = (lines: readonly string[]): string => ['#支付宝业务明细查询', '#账号：[20880000000000010156]', CSV_HEADER, ...lines, '#-----------业务明细列表结束----', ''].join('\r\n');
  const zipOf = (text: string): Uint8Array => zipSync({ '2088_20261124_业务明细.csv': strToU8(text), '2088_20261124_业务明细(汇总).csv': strToU8('#汇总,商户订单号') });
  const line = (made: Order, yuan: string, kind = '交易'): string => `${platform.orders.get(made.orderNo)?.transactionId ?? ''}\t,${made.orderNo}\t,${kind}\t,充值,2026-11-24 11:30:00,2026-11-24 11:30:05,${yuan},`;
  const paidOrder = async (): Promise<Order> => {
    const made = await order(desk, await empty(), 'alipay');
    platform.pay(made.orderNo);
    await alipay(platform.alipayNotification(made.orderNo));
    return made;
  };

  it('is fetched as an archive, matched, and its differences are settled with a word that stays when it is read again', async () => {
    const made = await paidOrder();
    const stray = '20261124999999\t,nobody\t,交易\t,充值,2026-11-24 11:30:00,2026-11-24 11:30:05,7.00,';
    expect((await finance.post('/reconciliations', { channel: 'alipay', day: '2026-11-24' })).body).toMatchObject({ code: 'CHANNEL.NO_BILL' });
    platform.alipayBill = zipOf(csv([line(made, '50.00'), stray]));
    const answer = (await finance.post('/reconciliations', { channel: 'alipay', day: '2026-11-24' })).body as ReconciliationAnswer;
    expect(answer.lines.map((one) => one.outcome)).toEqual(['matched', 'unmatched']);
    const { subject = '' } = answer.lines[1] ?? {};
    const word = { channel: 'alipay', day: '2026-11-24', subject, outcome: 'not-ours', note: '隔壁店的收款' };
    expect((await finance.post('/reconciliations/settle', { ...word, subject: 'line:payment:nothing' })).body).toMatchObject({ code: 'CHANNEL.NO_DIFFERENCE' });
    expect((await finance.post('/reconciliations/settle', { ...word, subject: answer.lines[0]?.subject })).body).toMatchObject({ code: 'CHANNEL.NO_DIFFERENCE' });
    expect((await finance.post('/reconciliations/settle', word)).status).toBe(200);
    const again = (await finance.post('/reconciliations', { channel: 'alipay', day: '2026-11-24' })).body as ReconciliationAnswer;
    expect(again.lines[1]?.settled).toMatchObject({ outcome: 'not-ours', note: '隔壁店的收款' });
    expect(again.open).toBe(again.missing.length);
    const days = (await finance.get('/reconciliations/days?month=2026-11')).body as ReconciliationDaysAnswer;
    expect(days.rows.find((row) => row.channel === 'alipay' && row.day === '2026-11-24')).toMatchObject({ billLines: 2, billFen: 5_700, settled: 1, open: again.missing.length });
    platform.alipayBill = null;
  });

  it('shows what we were paid as missing even where it is empty, and matches one payment on one day only', async () => {
    const made = await paidOrder();
    const send = async (day: string, text: string) => (await finance.post('/reconciliations/files', { channel: 'alipay', day, fileName: 'bill.csv', content: Buffer.from(strToU8(text)).toString('base64') }).expect(200)).body as ReconciliationAnswer;
    const empty = await send('2026-11-24', csv([]));
    expect(empty.readAt).not.toBeNull();
    expect(empty.missing.map(({ orderNo }) => orderNo)).toContain(made.orderNo);
    const full = await send('2026-11-24', csv([line(made, '50.00')]));
    expect([full.lines[0]?.outcome, full.missing.map(({ orderNo }) => orderNo).includes(made.orderNo)]).toEqual(['matched', false]);
    const next = await send('2026-11-25', csv([line(made, '50.00').replaceAll('2026-11-24', '2026-11-25')]));
    expect(next.lines[0]?.outcome).toBe('duplicate');
  });

  it('is taken as a file in GBK too; another day, another kind of file and half a bill are refused', async () => {
    const made = await paidOrder();
    const send = (day: string, bytes: Uint8Array, channel = 'alipay') => finance.post('/reconciliations/files', { channel, day, fileName: 'bill.zip', content: Buffer.from(bytes).toString('base64') });
    const good = zipOf(csv([line(made, '50.00'), line(made, '-20.00', '退款')]));
    const answer = (await send('2026-11-24', good)).body as ReconciliationAnswer;
    expect(answer.lines).toMatchObject([{ kind: 'payment', outcome: 'matched', amountFen: 5_000 }, { kind: 'refund', outcome: 'amount-differs', amountFen: 2_000 }]);
    expect((await send('2026-11-23', good)).body).toMatchObject({ code: 'CHANNEL.BILL_DAY' });
    expect((await send('2026-11-24', good, 'wechat')).body).toMatchObject({ code: 'CHANNEL.BILL_UNREADABLE' });
    expect((await send('2026-11-24', zipOf(csv([line(made, '50.005')])))).body).toMatchObject({ code: 'CHANNEL.BILL_UNREADABLE' });
    expect((await send('2026-11-24', good.slice(0, good.length - 40))).body).toMatchObject({ code: 'CHANNEL.BILL_UNREADABLE' });
    // Twenty megabytes of nothing in twenty kilobytes.
    expect((await send('2026-11-24', zipSync({ 'a.csv': new Uint8Array(20_000_000) }))).body).toMatchObject({ code: 'CHANNEL.BILL_UNREADABLE' });
  });
});

describe('the family', () => {
  it('tops up its own senior by phone, and sees the order', async () => {
    const senior = await empty();
    const family = await signIn(test, 'family', 'senior', senior.seniorId);
    const made = (await family.post('/family/top-ups', { amountFen: 2_000, channel: 'wechat' }).set('Idempotency-Key', newId())).body as Order;
    platform.pay(made.orderNo);
    expect((await family.post(`/channel-orders/${made.channelOrderId}/ask`)).body).toMatchObject({ state: 'paid' });
    expect((await family.get('/family/channels')).body).toMatchObject({ channels: ['wechat', 'alipay'], orders: [{ state: 'paid' }] });
    const stranger = await signIn(test, 'family', 'senior', (await empty()).seniorId);
    expect((await stranger.get(`/channel-orders/${made.channelOrderId}`)).status).toBe(404);
  });
});

describe('after all this', () => {
  it('the ledger holds', async () => {
    const { findings } = await test.app.get(LedgerVerifier).verify();
    expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
  });
});
