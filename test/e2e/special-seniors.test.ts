import { specialSeniorListAnswer } from '../../src/contract/seniors.js';
import { SpecialSeniorReminders } from '../../src/modules/seniors/index.js';
import { newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendant: SignedIn;
let community: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  community = await signIn(test, 'street', 'community', street.communityIds[0]);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

const request = { source: '社区走访', evidence: '走访单 17', validFrom: '2026-12-01' };
const dates = { validFrom: '2026-12-01', validTo: '2027-12-01' };
const applied = async (staff = attendant): Promise<{ seniorId: string; id: string }> => {
  const { id: seniorId } = await register(officer, newSenior(street));
  const answer = await staff.post(`/seniors/${seniorId}/special-senior`, request).expect(201);
  return { seniorId, id: (answer.body as { id: string }).id };
};
const codeOf = async (call: PromiseLike<{ status: number; body: { code?: string } }>): Promise<[number, string | undefined]> => {
  const answer = await call;
  return [answer.status, answer.body.code];
};

describe('the way to a special senior', () => {
  it('takes three people and ends on a day', async () => {
    const { seniorId, id } = await applied();
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    await officer.post(`/special-seniors/${id}/approve`, dates).expect(200);
    const detail = (await officer.get(`/seniors/${seniorId}`)).body;
    expect(detail.categories).toMatchObject([{ code: 'special-senior', status: 'approved', ...dates, inForce: false, evidence: '走访单 17' }]);
    const category = detail.categories[0];
    expect(new Set([category.appliedByName, category.communityCheckedByName, category.streetDecidedByName]).size).toBe(3);
    test.clock.moveTo(new Date('2026-12-01T00:00:00Z'));
    const [session] = await test.dataSource.query('SELECT COUNT(*) AS n FROM staff_session');
    expect(Number(session.n)).toBeGreaterThan(0);
    await test.dataSource.query('UPDATE staff_session SET last_seen_at = ?', [test.clock.now()]);
    expect((await officer.get(`/seniors/${seniorId}`)).body.categories[0].inForce).toBe(true);
    test.clock.moveTo(new Date('2026-11-24T03:00:00Z'));
  });

  it('cannot be shortened to two people', async () => {
    const own = await applied(community);
    expect(await codeOf(community.post(`/special-seniors/${own.id}/community-check`))).toEqual([403, 'SPECIAL_SENIOR.SAME_PERSON']);
    const other = await applied(officer);
    await community.post(`/special-seniors/${other.id}/community-check`).expect(200);
    expect(await codeOf(officer.post(`/special-seniors/${other.id}/approve`, dates))).toEqual([403, 'SPECIAL_SENIOR.SAME_PERSON']);
    const [line] = await test.dataSource.query("SELECT detail FROM audit_line WHERE action = 'access.denied' AND object_id LIKE ?", [`%${other.id.slice(0, 20)}%`]);
    expect(JSON.stringify(line)).toContain('SAME_PERSON');
  });

  it('gives each step to those whose step it is', async () => {
    const { id } = await applied();
    expect(await codeOf(officer.post(`/special-seniors/${id}/approve`, dates))).toEqual([409, 'SPECIAL_SENIOR.STEP_OUT_OF_ORDER']);
    expect(await codeOf(officer.post(`/special-seniors/${id}/community-check`))).toEqual([403, 'SPECIAL_SENIOR.NOT_YOUR_STEP']);
    expect(await codeOf(attendant.post(`/special-seniors/${id}/community-check`))).toEqual([403, 'ACCESS.DENIED']);
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    const second = await signIn(test, 'street', 'community', street.communityIds[0]);
    expect(await codeOf(second.post(`/special-seniors/${id}/approve`, dates))).toEqual([403, 'SPECIAL_SENIOR.NOT_YOUR_STEP']);
    expect(await codeOf(second.post(`/special-seniors/${id}/refuse`, { reason: '我也不同意' }))).toEqual([403, 'SPECIAL_SENIOR.NOT_YOUR_STEP']);
  });

  it('is decided once when two officers decide at the same instant', async () => {
    const { id } = await applied();
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    const second = await signIn(test, 'street', 'street', street.streetId);
    const answers = await Promise.all([
      officer.post(`/special-seniors/${id}/approve`, dates), second.post(`/special-seniors/${id}/refuse`, { reason: '不符合' }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('is refused with a reason, and may then be applied for again', async () => {
    const { seniorId, id } = await applied();
    expect(await codeOf(attendant.post(`/seniors/${seniorId}/special-senior`, request))).toEqual([409, 'SPECIAL_SENIOR.ALREADY_OPEN']);
    await community.post(`/special-seniors/${id}/refuse`, { reason: '' }).expect(400);
    await community.post(`/special-seniors/${id}/refuse`, { reason: '材料不全' }).expect(200);
    await attendant.post(`/seniors/${seniorId}/special-senior`, request).expect(201);
  });

  it('does not run twice at one time', async () => {
    const { seniorId, id } = await applied();
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    await officer.post(`/special-seniors/${id}/approve`, dates).expect(200);
    const again = (await attendant.post(`/seniors/${seniorId}/special-senior`, request).expect(201)).body.id as string;
    await community.post(`/special-seniors/${again}/community-check`).expect(200);
    expect(await codeOf(officer.post(`/special-seniors/${again}/approve`, { validFrom: '2027-11-30', validTo: '2028-01-01' }))).toEqual([409, 'CATEGORY.OVERLAP']);
    await officer.post(`/special-seniors/${again}/approve`, { validFrom: '2027-12-01', validTo: '2028-12-01' }).expect(200);
  });

  it('is invisible from another community', async () => {
    const { id } = await applied();
    const elsewhere = await signIn(test, 'street', 'community', street.communityIds[1]);
    expect(await codeOf(elsewhere.post(`/special-seniors/${id}/community-check`))).toEqual([404, 'SPECIAL_SENIOR.NOT_FOUND']);
    expect((await elsewhere.get('/special-seniors').expect(200)).body).toEqual({ rows: [], total: 0 });
  });

  it('lists what waits, and to whom it is up', async () => {
    const { id } = await applied();
    const rowFor = async (staff: SignedIn) => specialSeniorListAnswer.parse((await staff.get('/special-seniors?size=200').expect(200)).body).rows.find((row) => row.id === id);
    expect(await rowFor(community)).toMatchObject({ status: 'applied', mayCheck: true, mayDecide: false });
    expect(await rowFor(officer)).toMatchObject({ mayCheck: false, mayDecide: false });
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    expect(await rowFor(officer)).toMatchObject({ status: 'community', mayDecide: true });
    const open = (await officer.get('/special-seniors?status=community').expect(200)).body.rows as { status: string }[];
    expect(new Set(open.map((row) => row.status))).toEqual(new Set(['community']));
  });
});

describe('the end of an approval', () => {
  it('is reminded of thirty days before, once a community and day, and no more once a renewal is under way', async () => {
    const reminders = test.app.get(SpecialSeniorReminders, { strict: false });
    await test.dataSource.query("UPDATE staff_session SET last_seen_at = '2027-06-01', expires_at = '2027-06-01'"); // time moves below
    const { seniorId, id } = await applied();
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    await officer.post(`/special-seniors/${id}/approve`, { validFrom: '2026-12-01', validTo: '2027-03-01' }).expect(200);
    const noticed = async (): Promise<number> => {
      await reminders.remind();
      await reminders.remind();
      const [row] = await test.dataSource.query("SELECT COUNT(*) AS n FROM notice WHERE kind = 'special-ending' AND dedup_key LIKE '%2027-03-01'");
      return Number(row.n);
    };
    test.clock.moveTo(new Date('2027-01-29T03:00:00Z'));
    expect(await noticed()).toBe(0);
    test.clock.moveTo(new Date('2027-01-30T03:00:00Z'));
    expect(await noticed()).toBe(1);
    const ending = specialSeniorListAnswer.parse((await officer.get('/special-seniors?endingInDays=30')).body).rows.find((row) => row.id === id);
    expect(ending).toMatchObject({ endsInDays: 30, followed: false });
    const renewal = await attendant.post(`/seniors/${seniorId}/special-senior`, { ...request, validFrom: '2027-03-01', follows: { kind: 'renewal', applicationId: id } }).expect(201);
    await community.post(`/special-seniors/${renewal.body.id}/community-check`).expect(200);
    await officer.post(`/special-seniors/${renewal.body.id}/approve`, { validFrom: '2027-03-01', validTo: '2028-03-01' }).expect(200);
    const rows = specialSeniorListAnswer.parse((await officer.get('/special-seniors?size=200')).body).rows;
    expect(rows.find((row) => row.id === id)?.followed).toBe(true);
    expect(rows.find((row) => row.id === renewal.body.id)?.follows).toBe('renewal');
    test.clock.moveTo(new Date('2026-11-24T03:00:00Z'));
  });

  it('after a refusal may be appealed against, and is then decided by other people', async () => {
    const { seniorId, id } = await applied();
    await community.post(`/special-seniors/${id}/community-check`).expect(200);
    await officer.post(`/special-seniors/${id}/refuse`, { reason: '收入超标' }).expect(200);
    expect(await codeOf(attendant.post(`/seniors/${seniorId}/special-senior`, { ...request, follows: { kind: 'renewal', applicationId: id } }))).toEqual([422, 'SPECIAL_SENIOR.NOT_RENEWABLE']);
    const appeal = await attendant.post(`/seniors/${seniorId}/special-senior`, { ...request, follows: { kind: 'appeal', applicationId: id } }).expect(201);
    const neighbour = await signIn(test, 'street', 'community', street.communityIds[0]);
    await neighbour.post(`/special-seniors/${appeal.body.id}/community-check`).expect(200);
    expect(await codeOf(officer.post(`/special-seniors/${appeal.body.id}/approve`, dates))).toEqual([403, 'SPECIAL_SENIOR.APPEAL_SAME_PERSON']);
    const fresh = await signIn(test, 'street', 'street', street.streetId);
    await fresh.post(`/special-seniors/${appeal.body.id}/approve`, dates).expect(200);
  });
});
