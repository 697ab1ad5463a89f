import type { CarePeopleAnswer, LadderPeopleAnswer, OpenAbsenceAnswer } from '../../src/contract/care.js';
import { insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const NOON = new Date('2026-11-24T04:00:00Z');
const WORKER = { name: '王网格', phone: '13800001111' };

let test: TestApp;
let street: DeliveryStreet;
let office: SignedIn;
let attendant: SignedIn;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const people = async (who: SignedIn = office): Promise<CarePeopleAnswer> => (await who.get('/care/people').expect(200)).body as CarePeopleAnswer;
const missed = (seniorId: string) => attendant.post(`/care/seniors/${seniorId}/absence`, { period: 'lunch' });
const agree = (seniorId: string, absenceWatched: boolean) => attendant.put(`/care/seniors/${seniorId}`, { neighbour: absenceWatched ? { name: '李邻居', phone: '13900002222' } : null, absenceWatched });

beforeAll(async () => {
  test = await startApp();
  test.clock.moveTo(NOON);
  street = await insertDeliveryStreet(test);
  office = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

describe('whom a ladder asks', () => {
  it('is named by the street for each community, encrypted, changed and taken away, each on record', async () => {
    const [{ communityId }] = (await people()).communities;
    const set = (body: object) => office.put(`/care/communities/${communityId}/people`, body);
    expect((await people()).communities[0]).toMatchObject({ gridWorker: null, office: null });
    await set({ role: 'grid-worker', person: WORKER }).expect(200);
    await set({ role: 'grid-worker', person: { ...WORKER, name: '王新来' } }).expect(200);
    expect((await people()).communities[0]).toMatchObject({ gridWorker: { name: '王新来', phone: WORKER.phone }, office: null });
    const [kept] = await rows<{ name: string; phone: string }>("SELECT name_cipher AS name, phone_cipher AS phone FROM care_person WHERE role = 'grid-worker'");
    expect(`${kept.name}${kept.phone}`).not.toContain('王');
    expect(kept.phone).not.toContain(WORKER.phone);
    await attendant.put(`/care/communities/${communityId}/people`, { role: 'grid-worker', person: WORKER }).expect(403);
    await set({ role: 'community', person: { name: '社区', phone: '0571' } }).expect(400);
    await set({ role: 'grid-worker', person: null }).expect(200);
    expect((await people()).communities[0]).toMatchObject({ gridWorker: null });
    expect(await rows("SELECT COUNT(*) AS n FROM audit_line WHERE action = 'care-people.set'")).toEqual([{ n: 3 }]);
    await set({ role: 'grid-worker', person: WORKER }).expect(200);
  });
});

describe('a regular who is missed at the canteen', () => {
  it('is asked after only where the person agreed: one ladder however often it is pressed, with everybody it may ask', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 100, plan: false });
    await missed(seniorId).expect(422).expect(({ body }) => { expect((body as { code: string }).code).toBe('CARE.NOT_ASKED_FOR'); });
    await agree(seniorId, true).expect(200);
    expect((await people(attendant)).watched).toMatchObject([{ seniorId, hasNeighbour: true }]);
    const answers = await Promise.all([missed(seniorId), missed(seniorId)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const found = answers.map(({ body }) => body as OpenAbsenceAnswer);
    expect(new Set(found.map(({ ladderId }) => ladderId)).size).toBe(1);
    expect(found.map(({ opened }) => opened).sort()).toEqual([false, true]);
    const asked = (await office.get(`/care/ladders/${found[0].ladderId}/people`).expect(200)).body as LadderPeopleAnswer;
    expect(asked.people.map(({ role, name }) => `${role} ${name}`)).toEqual(expect.arrayContaining(['neighbour 李邻居', 'grid-worker 王网格']));
    await agree(seniorId, false).expect(200);
    expect((await people()).watched).toEqual([]);
    await missed(seniorId).expect(422);
  });

  it('of another point is none of the attendant’s business', async () => {
    const { seniorId } = await insertDiner(test, street, { northM: 100, plan: false, pointIndex: 1 });
    await missed(seniorId).expect(404);
  });
});
