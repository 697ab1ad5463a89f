import type { OperatorDetail, OperatorListAnswer } from '../../src/contract/operators.js';
import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { OperatorContracts, PaperWarnings } from '../../src/modules/operators/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: LunchTime;
let officer: SignedIn;
let finance: SignedIn;
let kiosk: TestDevice;

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  await test.dataSource.query('UPDATE operator SET street_id = ?', [street.streetId]);
  officer = await signIn(test, 'street', 'street', street.streetId);
  finance = await signIn(test, 'finance', 'street', street.streetId);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const codeOf = async (call: PromiseLike<{ status: number; body: { code?: string } }>): Promise<string> => (await call).body.code ?? 'ok';
const contract = (changes: object = {}): object => ({ kind: 'contract', number: 'C-2', partyName: '演示餐饮', validFrom: '2028-01-01', validTo: '2029-01-01', evidence: '合同 2', replaces: null, ...changes });
const account = (changes: object = {}): object => ({
  kind: 'bank-account', accountNo: '6222 0000 1111 2222', partyName: '演示餐饮', validFrom: '2026-11-01', validTo: null, evidence: '开户证明', replaces: 'first-bank-account', ...changes,
});
const create = async (name: string): Promise<string> => ((await officer.post('/operators', {
  name, kind: 'company', contract: { number: 'C-9', validFrom: '2026-01-01', validTo: '2027-01-01', evidence: '合同 9' }, licence: { number: 'L-9', validFrom: '2026-01-01', validTo: '2027-01-01', evidence: '许可证 9' },
}).expect(201)).body as { operatorId: string }).operatorId;
const detail = async (operatorId: string): Promise<OperatorDetail> => (await finance.get(`/operators/${operatorId}`).expect(200)).body as OperatorDetail;
const pay = async (): Promise<string> => {
  const senior = await insertSenior(test, street);
  const answer = await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: street.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
  return (answer.body as { code?: string }).code ?? 'paid';
};

describe('papers of an operator', () => {
  it('are appended as versions and never overwritten', async () => {
    await officer.post(`/operators/${street.operatorId}/papers`, contract()).expect(201);
    expect(await codeOf(officer.post(`/operators/${street.operatorId}/papers`, contract({ validFrom: '2028-06-01', validTo: '2030-01-01' })))).toBe('PAPER.OVERLAPS');
    expect(await codeOf(officer.post(`/operators/${street.operatorId}/papers`, contract({ validFrom: '2029-01-01', validTo: '2029-01-01' })))).toBe('PAPER.DAYS_EMPTY');
    const { papers } = await detail(street.operatorId);
    expect(papers.filter((paper) => paper.kind === 'contract').map(({ number, state }) => [number, state])).toEqual([['C-2', 'counts'], ['C-1', 'counts']]);
    await expect(test.dataSource.query("UPDATE operator_paper SET valid_to = '2040-01-01'")).rejects.toThrow('append-only');
    const door = test.app.get(OperatorContracts, { strict: false });
    expect((await door.standingOn(street.operatorId, '2028-06-01' as BusinessDay)).contract?.number).toBe('C-2');
    expect((await door.standingOn(street.operatorId, '2026-06-01' as BusinessDay)).contract?.number).toBe('C-1');
    expect((await door.standingOn(street.operatorId, '2031-01-01' as BusinessDay)).problems).toEqual(['contract-ended', 'licence-ended']);
  });

  it('reach back, or replace another, only once a second person has looked; two that were asked for at once never both count', async () => {
    const operatorId = await create('戊餐饮');
    const licence = (changes: object): object => ({ kind: 'licence', number: 'L-10', partyName: '戊餐饮', validFrom: '2027-01-01', validTo: '2028-01-01', evidence: '许可证 10', replaces: null, ...changes });
    const add = async (paper: object): Promise<{ paperId: string; state: string }> => (await finance.post(`/operators/${operatorId}/papers`, paper).expect(201)).body as { paperId: string; state: string };
    const decide = (paperId: string, who = officer) => who.post(`/operators/${operatorId}/papers/${paperId}/decision`, { approve: true, note: '已核原件' });
    expect((await add(licence({}))).state).toBe('counts');
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-06-01' WHERE id = ?", [operatorId]);
    const back = await add(licence({ number: 'L-11', validFrom: '2026-06-01', validTo: '2027-01-01' }));
    const rival = await add(licence({ number: 'L-12', validFrom: '2026-07-01', validTo: '2026-12-01' }));
    expect([back.state, rival.state]).toEqual(['proposed', 'proposed']);
    const door = test.app.get(OperatorContracts, { strict: false });
    expect((await door.standingOn(operatorId, '2026-11-01' as BusinessDay)).problems).toContain('licence-ended');
    expect(await codeOf(decide(back.paperId, finance))).toBe('PAPER.SAME_PERSON');
    await decide(back.paperId).expect(200);
    expect((await door.standingOn(operatorId, '2026-11-01' as BusinessDay)).problems).not.toContain('licence-ended');
    expect(await codeOf(decide(rival.paperId))).toBe('PAPER.OVERLAPS');
    expect((await add(licence({ number: 'L-13', validFrom: '2026-06-01', validTo: '2026-06-02', replaces: back.paperId }))).state).toBe('proposed');
  });

  it('count in a bank account only after a second person, and only in the contract party’s name', async () => {
    const operatorId = await create('甲餐饮');
    expect((await detail(operatorId)).problems).toEqual(['no-bank-account']);
    expect(await codeOf(finance.post(`/operators/${operatorId}/papers`, account({ partyName: '乙餐饮', replaces: null })))).toBe('PAPER.NAME_DIFFERS');
    const { paperId } = (await finance.post(`/operators/${operatorId}/papers`, account({ partyName: '甲餐饮', replaces: null })).expect(201)).body as { paperId: string };
    expect(await detail(operatorId)).toMatchObject({ problems: ['no-bank-account'], maySell: true, mayClaim: false });
    expect(await codeOf(finance.post(`/operators/${operatorId}/papers/${paperId}/decision`, { approve: true, note: '' }))).toBe('PAPER.SAME_PERSON');
    await officer.post(`/operators/${operatorId}/papers/${paperId}/decision`, { approve: true, note: '已电话核对' }).expect(200);
    expect(await codeOf(officer.post(`/operators/${operatorId}/papers/${paperId}/decision`, { approve: false, note: '' }))).toBe('PAPER.ALREADY_DECIDED');
    expect(await detail(operatorId)).toMatchObject({ problems: [], mayClaim: true });
    const other = await create('丙餐饮');
    const answer = await finance.post(`/operators/${other}/papers`, account({ partyName: '丙餐饮', replaces: null })).expect(201);
    expect(answer.body).toMatchObject({ state: 'proposed', sharedWith: ['甲餐饮'] });
    expect((await detail(operatorId)).problems).toEqual(['account-shared']);
    const [stored] = await test.dataSource.query('SELECT account_cipher AS c, account_hash AS h, number FROM operator_paper WHERE id = ?', [paperId]);
    expect(JSON.stringify(stored)).not.toContain('62220000');
  });

  it('stop the subsidised sale on the day on which one has ended, not the public price', async () => {
    expect(await pay()).toBe('paid');
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-11-24' WHERE id = ?", [street.operatorId]);
    expect(await pay()).toBe('PAYMENT.OPERATOR_NOT_LICENSED');
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const quote = await attendant.post('/desk/quotes', { seniorId: null, setMealId: street.setMealId, channel: 'eat-in' });
    expect(quote.body).toMatchObject({ dueFen: 2_000, dinerName: null });
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2026-11-25' WHERE id = ?", [street.operatorId]);
    expect(await pay()).toBe('paid');
    await test.dataSource.query("UPDATE operator SET licence_valid_to = '2028-01-01' WHERE id = ?", [street.operatorId]);
  });

  it('are warned of 30 and 7 days before their end, once each, whoever asks how often', async () => {
    await test.dataSource.query('DELETE FROM notice');
    const warnings = test.app.get(PaperWarnings, { strict: false });
    const operatorId = await create('丁餐饮');
    const said = async (day: string): Promise<number> => {
      test.clock.moveTo(new Date(`${day}T01:00:00Z`));
      await warnings.warn();
      await warnings.warn();
      const [row] = await test.dataSource.query("SELECT COUNT(*) AS n FROM notice WHERE kind = 'paper-ending' AND dedup_key LIKE ?", [`%${operatorId}%`]);
      return Number(row.n);
    };
    const end = '2027-01-01' as BusinessDay;
    expect(await said(addDays(end, -31))).toBe(0);
    expect(await said(addDays(end, -30))).toBe(2);
    expect(await said(addDays(end, -8))).toBe(2);
    expect(await said(addDays(end, -7))).toBe(4);
    expect(await said(addDays(end, 1))).toBe(4);
  });

  it('show the public diner apart from the seniors', async () => {
    const before = ((await finance.get('/operators')).body as OperatorListAnswer).rows.find(({ id }) => id === street.operatorId);
    expect(await pay()).toBe('paid');
    const after = ((await finance.get('/operators')).body as OperatorListAnswer).rows.find(({ id }) => id === street.operatorId);
    expect([after?.seniorMeals, after?.publicMeals]).toEqual([(before?.seniorMeals ?? 0) + 1, before?.publicMeals]);
  });

  it('are nobody’s business in another street', async () => {
    const stranger = await signIn(test, 'street', 'street', newId());
    expect((await stranger.get('/operators').expect(200)).body).toEqual({ rows: [], total: 0 });
    await stranger.get(`/operators/${street.operatorId}`).expect(404);
    await officer.put(`/operators/${street.operatorId}/points/${street.pointIds[1]}`, { kind: 'social-restaurant', supply: 'supplier' }).expect(200);
    expect((await detail(street.operatorId)).points[1]).toMatchObject({ kind: 'social-restaurant', supply: 'supplier' });
  });
});
