import type { OfflineReviewAnswer, OfflineReviewRow } from '../../src/contract/offline.js';
import { newId } from '../../src/infra/ids.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { insertLunchTime, insertSenior, walletFen, type LunchTime, type TestSenior } from '../fixtures/lunch-time.js';
import { OfflineKiosk, sha256, signLimits } from '../fixtures/offline-kiosk.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let finance: SignedIn;
let second: SignedIn;
let codes = 0;

beforeAll(async () => {
  test = await startApp();
});
afterAll(() => test.close());

/** A street of its own for each test, so that envelopes and counts stay apart. */
beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  codes += 1;
  street = await insertLunchTime(test, { codes: `O${codes}-` });
  finance = await signIn(test, 'finance', 'street', street.streetId);
  second = await signIn(test, 'finance', 'street', street.streetId);
});
afterEach(async () => {
  const { findings } = await test.app.get(LedgerVerifier, { strict: false }).verify();
  expect(findings.flatMap((finding) => finding.examples)).toEqual([]);
});

const kioskOf = (limits = {}): Promise<OfflineKiosk> => OfflineKiosk.of(test, street.pointIds[0], limits);
const mealsOf = async (senior: TestSenior): Promise<{ due_fen: number; identified_by: string; device_id: string }[]> =>
  test.dataSource.query('SELECT due_fen, identified_by, device_id FROM meal WHERE senior_id = ?', [senior.seniorId]);
const list = async (show = 'open'): Promise<OfflineReviewAnswer> => (await finance.get(`/offline-sales?show=${show}`).expect(200)).body as OfflineReviewAnswer;
type Answer = { status: number; body: { code?: string } & Partial<OfflineReviewRow> };
const propose = async (row: OfflineReviewRow | undefined, body: object, key = newId(), by = finance): Promise<Answer> =>
  by.post(`/offline-sales/${row?.id ?? ''}/decision`, { reason: '核对过', ...body }).set('Idempotency-Key', key);
const proposalAt = async (row: OfflineReviewRow | undefined): Promise<string> =>
  (await list('all')).rows.find(({ id }) => id === row?.id)?.proposal?.at ?? '2026-11-24T03:00:00.000Z';
const confirm = async (row: OfflineReviewRow | undefined, body: object = { agree: true }, key = newId(), by = second): Promise<Answer> =>
  by.post(`/offline-sales/${row?.id ?? ''}/confirmation`, { proposedAt: await proposalAt(row), ...body }).set('Idempotency-Key', key);
/** Proposed by one and, unless that was refused or was enough, carried out by the other. */
const decide = async (row: OfflineReviewRow | undefined, body: object, key = newId()): Promise<Answer> => {
  const proposed = await propose(row, body, key);
  return proposed.status === 200 && proposed.body.proposal !== null ? confirm(row, { agree: true }, key) : proposed;
};
/** The last minutes, in which the kiosk had no network. */
const later = (minutes: number): void => test.clock.moveTo(new Date(TEST_NOW.getTime() + minutes * 60_000));

describe('what a kiosk may do without network', () => {
  it('is nothing until finance signs for the point, and then what was signed', async () => {
    const device = await enrolledKiosk(test, street.pointIds[0]);
    expect((await device.get('/kiosk/offline')).body).toMatchObject({ code: 'OFFLINE.NOT_ALLOWED' });
    const limits = { enabled: true, mealFen: 2_500, kioskSales: 9, kioskFen: 9_000, balanceMeals: 2, windowMin: 60, hardStopMin: 600 };
    await finance.put(`/offline-settings/${street.pointIds[0]}`, limits).expect(200);
    const [rich, poor] = [await insertSenior(test, street), await insertSenior(test, street, { balanceFen: 3_000 })];
    const kiosk = new OfflineKiosk(test, device);
    const envelope = await kiosk.fetchEnvelope();
    expect(envelope).toMatchObject({ limits, deviceId: device.deviceId, validUntilMs: TEST_NOW.getTime() + 3_600_000, day: street.day });
    expect(kiosk.priceOf(rich).dueFen).toBe(1_600);
    // Whose wallet held less than two meals is known, and sold nothing without network.
    expect(envelope.people.find(({ personCode }) => personCode === poor.personCode)?.prices).toEqual([]);
    expect(JSON.stringify(envelope)).not.toContain(rich.last4 + '"');
  });

  it('is sealed to one device, ends with the last meal, and leaves out who has eaten', async () => {
    const [first, eaten] = [await kioskOf(), await insertSenior(test, street)];
    await first.device.post('/kiosk/payments', { claim: { kind: 'card', cardNo: eaten.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    expect((await first.fetchEnvelope()).people.find(({ personCode }) => personCode === eaten.personCode)?.prices).toEqual([]);
    const box = (await first.device.get('/kiosk/offline')).body as Parameters<typeof first.device.openText>[0];
    const other = await enrolledKiosk(test, street.pointIds[0]);
    expect(() => other.openText(box, 'rehufan-offline-v1')).toThrow();
    expect(() => first.device.openText(box, 'rehufan-gallery-v1')).toThrow();
    later(120);
    expect((await first.fetchEnvelope()).validUntilMs).toBe(Date.parse('2026-11-24T05:30:00Z'));
    later(151);
    expect((await first.device.get('/kiosk/offline')).body).toMatchObject({ code: 'OFFLINE.NOT_ALLOWED' });
  });

  it('gives each person to one kiosk of the point alone, and each kiosk its share of the portions', async () => {
    await signLimits(test, street.pointIds[0]);
    const seniors = await Promise.all(Array.from({ length: 12 }, () => insertSenior(test, street)));
    const devices = await Promise.all([1, 2].map(() => enrolledKiosk(test, street.pointIds[0])));
    for (const device of devices) await device.get('/kiosk/today');
    const [one, two] = await Promise.all(devices.map((device) => new OfflineKiosk(test, device).fetchEnvelope()));
    const sells = (envelope = one): string[] => envelope?.people.filter(({ prices }) => prices.length > 0).map(({ personCode }) => personCode) ?? [];
    expect([...sells(one), ...sells(two)].sort()).toEqual(seniors.map(({ personCode }) => personCode).sort());
    expect(Math.min(sells(one).length, sells(two).length)).toBeGreaterThan(0);
    expect(one?.people.filter(({ elsewhere }) => elsewhere !== null)).toHaveLength(sells(two).length);
    expect(one?.periods[0]?.offers[0]?.portionsLeft).toBe(50);
  });
});

describe('sales that arrive later', () => {
  it('are priced again and posted once, at the time they were made, whatever is sent twice', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const kiosk = await kioskOf();
    const sold = kiosk.sell(senior);
    later(30);
    const [first] = await kiosk.send(sold);
    expect(first).toEqual({ hash: sha256(sold.text), state: 'posted', code: null, mealId: expect.any(String) });
    expect(await kiosk.send(sold, sold)).toEqual([first, first]);
    const together = await Promise.all([kiosk.send(sold), kiosk.send(sold), kiosk.send(sold)]);
    expect(together.flat()).toEqual([first, first, first]);
    expect(await mealsOf(senior)).toEqual([{ due_fen: 1_400, identified_by: 'digits', device_id: kiosk.device.deviceId }]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    const [meal] = await test.dataSource.query<{ sold_at: Date; facts: unknown }[]>('SELECT sold_at FROM meal WHERE senior_id = ?', [senior.seniorId]);
    expect(meal?.sold_at).toEqual(TEST_NOW);
    expect((await list()).rows).toEqual([]);
  });

  it('become a debt where the wallet lacks the money by now: the meal is eaten', async () => {
    const senior = await insertSenior(test, street, { balanceFen: 3_200 });
    const kiosk = await kioskOf();
    const sold = kiosk.sell(senior);
    const account = "UPDATE account SET balance_fen = 100 WHERE kind = 'wallet' AND owner_code = ?";
    const before = await test.dataSource.query<{ id: string }[]>("SELECT id FROM account WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
    expect(before).toHaveLength(1);
    await test.dataSource.query(account, [senior.seniorId]);
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'posted' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(100);
    await test.dataSource.query("UPDATE account SET balance_fen = 3200 WHERE kind = 'wallet' AND owner_code = ?", [senior.seniorId]);
    const [debt] = await test.dataSource.query<{ fen: string }[]>("SELECT -SUM(e.amount_fen) AS fen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'debt' AND a.owner_code = ?", [senior.seniorId]);
    expect(Number(debt?.fen)).toBe(1_600);
  });

  it('are the payment of before, where an attempt with their key had reached the server', async () => {
    const senior = await insertSenior(test, street);
    const kiosk = await kioskOf();
    const key = newId();
    const online = await kiosk.device.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: key });
    expect(online.status).toBe(200);
    expect((await kiosk.send(kiosk.sell(senior, { key })))[0]).toMatchObject({ state: 'posted', mealId: (online.body as { mealId: string }).mealId });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
    // and the other way round: the delayed attempt finds its key taken, and charges nobody
    const other = await insertSenior(test, street);
    await kiosk.fetchEnvelope();
    const late = newId();
    expect((await kiosk.send(kiosk.sell(other, { key: late })))[0]).toMatchObject({ state: 'posted' });
    const delayed = await kiosk.device.post('/kiosk/payments', { claim: { kind: 'card', cardNo: other.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: late });
    expect(delayed.status).toBe(409);
    expect(await walletFen(test.dataSource, other.seniorId)).toBe(8_400);
  });

  it('wait for an earlier one that is missing, and are posted when it comes', async () => {
    const [a, b, c] = [await insertSenior(test, street), await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const [one, two, three] = [kiosk.sell(a), kiosk.sell(b), kiosk.sell(c)];
    later(5);
    expect(await kiosk.send(three, two)).toEqual([expect.objectContaining({ state: 'waiting', code: 'OFFLINE.GAP' }), expect.objectContaining({ state: 'waiting' })]);
    expect(await mealsOf(c)).toEqual([]);
    expect((await kiosk.send(one))[0]).toMatchObject({ state: 'posted' });
    for (const senior of [a, b, c]) expect(await mealsOf(senior)).toHaveLength(1);
    expect((await kiosk.send(two))[0]).toMatchObject({ state: 'posted' });
  });
});

describe('what does not fit waits for finance, with its reason, and nothing is lost', () => {
  it.each([
    ['an amount changed in the queue', 'OFFLINE.SIGNATURE', (kiosk: OfflineKiosk, senior: TestSenior) => {
      const sold = kiosk.sell(senior);
      return { ...sold, text: sold.text.replace('"dueFen":1600', '"dueFen":100') };
    }],
    ['a record of a version nobody knows', 'OFFLINE.UNREADABLE', (kiosk: OfflineKiosk) => {
      const text = JSON.stringify({ v: 9, something: 'else' });
      return { text, signature: kiosk.device.signature(text) };
    }],
    ['a price that the envelope does not hold', 'OFFLINE.NOT_OFFERED', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { dueFen: 100 })],
    ['another person’s mark', 'OFFLINE.NOT_OFFERED', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { personCode: newId() })],
    ['an envelope that was never issued to this device', 'OFFLINE.ENVELOPE_UNKNOWN', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { envelopeId: newId() })],
    ['a wrong predecessor', 'OFFLINE.CHAIN_BROKEN', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { previousHash: 'a'.repeat(64) })],
    ['a clock that was set back', 'OFFLINE.CLOCK', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { afterMs: -600_000 })],
    ['a clock that is ahead', 'OFFLINE.CLOCK', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { afterMs: 1_200_000 })],
    ['a face from one frame', 'OFFLINE.IDENTITY_DOUBT', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { claim: { kind: 'face', frames: 1, riskPpm: 1 } })],
    ['a face beyond the bound of that day', 'OFFLINE.IDENTITY_DOUBT', (kiosk: OfflineKiosk, senior: TestSenior) => kiosk.sell(senior, { claim: { kind: 'face', frames: 3, riskPpm: 50_001 } })],
  ] as const)('%s: %s', async (_, code, make) => {
    const senior = await insertSenior(test, street);
    const kiosk = await kioskOf();
    const record = make(kiosk, senior);
    const before = await walletFen(test.dataSource, senior.seniorId);
    expect(await kiosk.send(record)).toEqual([{ hash: sha256(record.text), state: 'review', code, mealId: null }]);
    expect(await kiosk.send(record)).toEqual([{ hash: sha256(record.text), state: 'review', code, mealId: null }]);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(before);
    const { rows } = await list();
    expect(rows).toEqual([expect.objectContaining({ code, open: true, state: 'review' })]);
    const [kept] = await test.dataSource.query<{ record_text: string }[]>('SELECT record_text FROM offline_sale WHERE id = ?', [rows[0]?.id]);
    expect(kept?.record_text).toBe(record.text);
  });

  it('two sales under one number, and one key for two', async () => {
    const [a, b, c] = [await insertSenior(test, street), await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const one = kiosk.sell(a);
    expect((await kiosk.send(one))[0]).toMatchObject({ state: 'posted' });
    expect((await kiosk.send(kiosk.sell(b, { seq: 1 })))[0]).toMatchObject({ state: 'review', code: 'OFFLINE.SEQ_REPEATED' });
    const reused = kiosk.sell(c, { seq: 2, previousHash: sha256(one.text), key: one.sale.key, afterMs: 20_000 });
    expect((await kiosk.send(reused))[0]).toMatchObject({ state: 'review', code: 'OFFLINE.KEY_REUSED' });
    expect([...await mealsOf(b), ...await mealsOf(c)]).toEqual([]);
  });

  it('more sales than were signed for, and a second meal for one person', async () => {
    const people = await Promise.all(Array.from({ length: 2 }, () => insertSenior(test, street)));
    const kiosk = await kioskOf({ kioskSales: 2 });
    const [a, b] = people as [TestSenior, TestSenior];
    const records = [kiosk.sell(a), kiosk.sell(a), kiosk.sell(b)];
    expect((await kiosk.send(...records)).map(({ state, code }) => code ?? state)).toEqual(['posted', 'OFFLINE.LIMIT', 'OFFLINE.LIMIT']);
  });

  it('a pace that is not human: two with one tray may follow each other at once, a third may not', async () => {
    const [a, b, c] = [await insertSenior(test, street), await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const records = [kiosk.sell(a), kiosk.sell(b, { afterMs: -9_960 }), kiosk.sell(c, { afterMs: -19_900 })];
    expect((await kiosk.send(...records)).map(({ state, code }) => code ?? state)).toEqual(['posted', 'posted', 'OFFLINE.TOO_FAST']);
  });

  it('a card that was blocked since it was met, and not one that is still its holder’s', async () => {
    const [lost, kept] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const markOf = async ({ cardNo }: TestSenior): Promise<string> => {
      const { candidates } = (await kiosk.device.post('/kiosk/identify', { kind: 'card', cardNo })).body as { candidates: { cardMark: string }[] };
      return candidates[0]?.cardMark ?? '';
    };
    const [lostMark, keptMark] = [await markOf(lost), await markOf(kept)];
    expect(kiosk.envelope?.people.find(({ personCode }) => personCode === lost.personCode)?.cards).toEqual([lostMark]);
    await test.dataSource.query('UPDATE senior_card SET active = 0 WHERE senior_id = ?', [lost.seniorId]);
    const records = [kiosk.sell(lost, { claim: { kind: 'card', mark: lostMark } }), kiosk.sell(kept, { claim: { kind: 'card', mark: keptMark } }), kiosk.sell(lost, { claim: { kind: 'card', mark: keptMark } })];
    expect((await kiosk.send(...records)).map(({ state, code }) => code ?? state)).toEqual(['OFFLINE.CARD_BLOCKED', 'posted', 'OFFLINE.LIMIT']);
    await kiosk.fetchEnvelope();
    expect(kiosk.envelope?.people.find(({ personCode }) => personCode === lost.personCode)?.cards).toEqual([]);
  });

  it('a card that nobody can tell by its mark, where the person holds none any more', async () => {
    const [lost, kept] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    await test.dataSource.query('UPDATE senior_card SET active = 0 WHERE senior_id = ?', [lost.seniorId]);
    const records = [kiosk.sell(lost, { claim: { kind: 'card' } }), kiosk.sell(kept, { claim: { kind: 'card' } })];
    expect((await kiosk.send(...records)).map(({ state, code }) => code ?? state)).toEqual(['OFFLINE.CARD_BLOCKED', 'posted']);
  });

  it('what was sold after the window, and what came a day late', async () => {
    const [a, b] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf({ windowMin: 15 });
    const inTime = kiosk.sell(a);
    later(30);
    const tooLate = kiosk.sell(b);
    expect((await kiosk.send(inTime, tooLate)).map(({ state, code }) => code ?? state)).toEqual(['posted', 'OFFLINE.EXPIRED']);
    const next = await OfflineKiosk.of(test, street.pointIds[1]);
    later(0);
    const guest = await insertSenior(test, street, { pointIndex: 1 });
    await next.fetchEnvelope();
    const sold = next.sell(guest);
    later(25 * 60);
    expect((await next.send(sold))[0]).toMatchObject({ code: 'OFFLINE.TOO_LATE' });
  });

  it('a revoked device: what it sold before is kept for review, through a door that opens to nothing else', async () => {
    const [a, b] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const [before, after] = [kiosk.sell(a), kiosk.sell(b, { afterMs: 600_000 })];
    later(5);
    const officer = await signIn(test, 'street', 'street', street.streetId);
    await officer.post(`/devices/${kiosk.device.deviceId}/revoke`, { reason: '丢失' }).expect(200);
    later(12);
    expect((await kiosk.device.post('/kiosk/offline-sales', { records: [before] })).status).toBe(401);
    expect((await kiosk.device.get('/kiosk/offline')).status).toBe(401);
    const body = { records: [before, after].map(({ text, signature }) => ({ text, signature })) };
    const stranger = await enrolledKiosk(test, street.pointIds[0]);
    expect((await stranger.post(`/devices/${kiosk.device.deviceId}/last-sales`, body)).status).toBe(404);
    const taken = await kiosk.device.post(`/devices/${kiosk.device.deviceId}/last-sales`, body);
    expect((taken.body as { results: { code: string }[] }).results.map(({ code }) => code)).toEqual(['OFFLINE.DEVICE_REVOKED', 'OFFLINE.AFTER_REVOCATION']);
    const [row] = (await list()).rows.filter(({ code }) => code === 'OFFLINE.DEVICE_REVOKED');
    expect((await decide(row, { decision: 'accept' })).body).toMatchObject({ state: 'posted', dueFen: 1_600 });
    expect(await mealsOf(a)).toHaveLength(1);
  });
});

describe('what finance decides', () => {
  /** Between the envelope and the arrival the senior's price rises: a category ended, here a later birth date. */
  async function dearer(): Promise<{ senior: TestSenior; row: OfflineReviewRow | undefined }> {
    const senior = await insertSenior(test, street, { birthDate: '1944-01-01' });
    const kiosk = await kioskOf();
    const sold = kiosk.sell(senior);
    await test.dataSource.query("UPDATE senior SET birth_date = '1956-01-01' WHERE id = ?", [senior.seniorId]);
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'review', code: 'OFFLINE.PRICE_DIFFERS' });
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ shownFen: 1_400, dueFen: 1_600, differenceFen: 200 });
    return { senior, row };
  }

  it('a dearer price charged to the operator: the diner bears what was shown, the meal keeps its right price', async () => {
    const { senior, row } = await dearer();
    const key = newId();
    const first = await decide(row, { decision: 'accept', chargedTo: 'operator' }, key);
    expect(first.body).toMatchObject({ state: 'posted', chargedTo: 'operator', differenceFen: 200 });
    expect((await decide(row, { decision: 'accept', chargedTo: 'operator' }, key)).status).toBe(200);
    expect((await decide(row, { decision: 'accept' })).body).toMatchObject({ code: 'OFFLINE.NOT_OPEN' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    expect(await mealsOf(senior)).toEqual([expect.objectContaining({ due_fen: 1_600 })]);
    expect((await list('all')).totals).toMatchObject({ posted: 1, open: 0, differenceFen: 200 });
  });

  it('is proposed by one and carried out by another; nothing moves before, and it may be sent back', async () => {
    const { senior, row } = await dearer();
    expect((await confirm(row)).body).toMatchObject({ code: 'OFFLINE.NOT_PROPOSED' });
    expect((await propose(row, { decision: 'accept', chargedTo: 'operator' })).body).toMatchObject({ state: 'review', proposal: { decision: 'accept', chargedTo: 'operator', own: true } });
    expect((await confirm(row, { agree: true }, newId(), finance)).body).toMatchObject({ code: 'OFFLINE.SAME_PERSON' });
    // Whoever confirms has seen what is proposed now.
    const read = await proposalAt(row);
    later(1);
    await propose(row, { decision: 'reject' });
    expect((await confirm(row, { agree: true, proposedAt: read })).body).toMatchObject({ code: 'OFFLINE.PROPOSAL_CHANGED' });
    expect((await propose(row, { decision: 'reject' }, newId(), second)).body).toMatchObject({ code: 'OFFLINE.PROPOSED' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    expect((await confirm(row, { agree: false, note: '先问老人' })).body).toMatchObject({ state: 'review', open: true, proposal: null });
    expect((await propose(row, { decision: 'reject' }, newId(), second)).status).toBe(200);
    expect((await confirm(row, { agree: true }, newId(), finance)).body).toMatchObject({ state: 'rejected', mealId: null });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    // The meal was shown as paid and never was: what finance lost this month, beside what it had signed for a day.
    expect((await list('all')).totals).toMatchObject({ rejected: 1, lossFen: 1_400, capFen: 100_000 });
  });

  it('gives the operator its part back when the meal is taken back: nobody gains, nobody loses', async () => {
    const { senior, row } = await dearer();
    await decide(row, { decision: 'accept', chargedTo: 'operator' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    const desk = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const [meal] = await test.dataSource.query<{ id: string }[]>('SELECT id FROM meal WHERE senior_id = ?', [senior.seniorId]);
    const key = newId();
    const refund = () => desk.post('/desk/refunds', { mealId: meal?.id, reason: 'dropped', note: '' }).set('Idempotency-Key', key);
    const first = await refund();
    expect(first.body).toMatchObject({ mealId: meal?.id });
    expect((await refund()).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(10_000);
    const [operator] = await test.dataSource.query<{ fen: string | null }[]>(
      "SELECT SUM(e.amount_fen) AS fen FROM entry e JOIN account a ON a.id = e.account_id WHERE a.kind = 'operator' AND a.point_id = ?", [street.pointIds[0]]);
    expect(Number(operator?.fen)).toBe(0);
  });

  it('two who agree at the same moment post it once', async () => {
    const { senior, row } = await dearer();
    await propose(row, { decision: 'accept', chargedTo: 'diner' });
    const third = await signIn(test, 'finance', 'street', street.streetId);
    const both = await Promise.all([confirm(row), confirm(row, { agree: true }, newId(), third)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await mealsOf(senior)).toHaveLength(1);
  });

  it('a dearer price charged to the diner', async () => {
    const { senior, row } = await dearer();
    expect((await decide(row, { decision: 'accept', chargedTo: 'diner' })).status).toBe(200);
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_400);
  });

  it('a cheaper price is charged as it is by the rules, and shown until somebody has seen it', async () => {
    const senior = await insertSenior(test, street, { birthDate: '1956-01-01' });
    const kiosk = await kioskOf();
    const sold = kiosk.sell(senior);
    await test.dataSource.query("UPDATE senior SET birth_date = '1944-01-01' WHERE id = ?", [senior.seniorId]);
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'posted' });
    expect(await walletFen(test.dataSource, senior.seniorId)).toBe(8_600);
    const [row] = (await list()).rows;
    expect(row).toMatchObject({ state: 'posted', differenceFen: -200, open: true });
    expect((await decide(row, { decision: 'accept' })).status).toBe(200);
    expect((await list()).rows).toEqual([]);
  });

  it('a meal that was taken elsewhere meanwhile can only be set aside; nobody pays twice', async () => {
    const senior = await insertSenior(test, street);
    const kiosk = await kioskOf();
    const sold = kiosk.sell(senior);
    await kiosk.device.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
    expect((await kiosk.send(sold))[0]).toMatchObject({ state: 'review', code: 'PAYMENT.ALREADY_SERVED' });
    const [row] = (await list()).rows;
    expect((await decide(row, { decision: 'accept' })).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
    expect((await decide(row, { decision: 'reject' })).body).toMatchObject({ state: 'rejected', mealId: null });
    expect(await mealsOf(senior)).toHaveLength(1);
  });

  it('a forged record is never posted, and deciding not to wait for it lets the next ones through', async () => {
    const [a, b] = [await insertSenior(test, street), await insertSenior(test, street)];
    const kiosk = await kioskOf();
    const [one, two] = [kiosk.sell(a), kiosk.sell(b)];
    await kiosk.send({ text: one.text.replace('"dueFen":1600', '"dueFen":1'), signature: one.signature }, two);
    const rows = (await list()).rows;
    const forged = rows.find(({ code }) => code === 'OFFLINE.SIGNATURE');
    expect((await decide(forged, { decision: 'accept' })).body).toMatchObject({ code: 'OFFLINE.NEVER_POSTED' });
    expect((await decide(forged, { decision: 'reject' })).status).toBe(200);
    const waiting = rows.find(({ code }) => code === 'OFFLINE.GAP');
    expect((await decide(waiting, { decision: 'accept' })).body).toMatchObject({ state: 'posted' });
    expect(await mealsOf(b)).toHaveLength(1);
  });

  it('a record cannot be altered or removed afterwards, not even in the database', async () => {
    const senior = await insertSenior(test, street);
    const kiosk = await kioskOf();
    await kiosk.send(kiosk.sell(senior));
    await expect(test.dataSource.query('DELETE FROM offline_sale')).rejects.toThrow('never deleted');
    await expect(test.dataSource.query("UPDATE offline_sale SET record_text = '{}'")).rejects.toThrow('never changed');
  });
});
