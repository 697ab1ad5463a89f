import type { CanteenAnswer, InspectionListAnswer, SafetyDayAnswer } from '../../src/contract/food-safety.js';
import type { LiveAdviceAnswer } from '../../src/contract/stock.js';
import request from 'supertest';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const minutes = (count: number): Date => new Date(TEST_NOW.getTime() + count * 60_000);
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

describe('the log of food safety', () => {
  let test: TestApp;
  let street: LunchTime;
  let kitchen: SignedIn;
  let supervisor: SignedIn;
  let attendant: SignedIn;

  beforeAll(async () => {
    test = await startApp();
    street = await insertLunchTime(test);
    kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
    supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
    attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  });
  afterAll(() => test.close());
  beforeEach(() => test.clock.moveTo(TEST_NOW));

  const record = (who: SignedIn, body: object) => who.post('/kitchen/safety/records', { subject: '红烧肉', fit: true, ...body });
  const log = async (who = supervisor): Promise<SafetyDayAnswer> => (await who.get('/kitchen/safety').expect(200)).body;

  it('judges temperatures by the rule, asks what was done about the rest, and keeps every record', async () => {
    await record(kitchen, { kind: 'holding', celsius: 58 }).expect(422).expect((answer) => expect(answer.body.code).toBe('SAFETY.WHY_MISSING'));
    await record(kitchen, { kind: 'holding', celsius: 58, note: '重新加热到 75 度' }).expect(200);
    await record(kitchen, { kind: 'health', subject: '王师傅' }).expect(200);
    await record(attendant, { kind: 'opening', subject: '网络、打印纸、秤', pointId: street.pointIds[0] }).expect(200);
    await record(attendant, { kind: 'opening', subject: '别的点', pointId: street.pointIds[2] }).expect(404);
    const { records } = await log();
    expect(records.map(({ kind, passed }) => [kind, passed]).sort()).toEqual([['health', true], ['holding', false], ['opening', true]]);
    await expect(test.dataSource.query('DELETE FROM safety_record')).rejects.toThrow('append-only');
  });

  it('has a daily, a weekly and a monthly check, each signed once; an empty one says that nothing was found', async () => {
    expect((await log()).checks.map(({ kind, ofDay, signedBy }) => [kind, ofDay, signedBy])).toEqual([['daily', '2026-11-24', null], ['weekly', '2026-11-23', null], ['monthly', '2026-11-01', null]]);
    const sign = () => kitchen.post('/kitchen/safety/checks', { kind: 'daily' });
    const both = await Promise.all([sign(), sign()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await supervisor.post('/kitchen/safety/checks', { kind: 'weekly', finding: '冷库门封条松', measures: '周三前更换' }).expect(200);
    expect((await log()).checks.map(({ signedBy }) => signedBy !== null)).toEqual([true, true, false]);
  });

  it('knows whose health certificate ends', async () => {
    await kitchen.post('/kitchen/safety/certificates', { person: '王师傅', number: 'JK-1', validTo: '2026-11-20' }).expect(200);
    await kitchen.post('/kitchen/safety/certificates', { person: '李师傅', number: 'JK-2', validTo: '2026-12-10' }).expect(200);
    expect((await log()).certificates.map(({ person, state }) => [person, state])).toEqual([['王师傅', 'expired'], ['李师傅', 'ending']]);
    await kitchen.post('/kitchen/safety/certificates', { person: '王师傅', number: 'JK-9', validTo: '2027-11-20' }).expect(200);
    expect((await log()).certificates.find(({ person }) => person === '王师傅')).toMatchObject({ number: 'JK-9', state: 'valid' });
  });

  it('rings when a fridge stays too warm for longer than a door stands open, once, and is silent when it is cold again', async () => {
    const { key } = (await kitchen.post('/kitchen/safety/probes', { name: '留样冰箱', fromC: 0, toC: 8, toleratedMin: 10 }).expect(201)).body;
    await kitchen.post('/kitchen/safety/probes', { name: '留样冰箱', fromC: 0, toC: 8, toleratedMin: 10 }).expect(409);
    expect((await kitchen.post('/kitchen/safety/probes', { name: '冷柜', fromC: 8, toC: 0, toleratedMin: 10 }).expect(422)).body.code).toBe('PROBE.LIMITS_CROSSED');
    const report = (readings: [number, number][], with_ = key) => request(test.app.getHttpServer()).post('/api/v1/probes/readings')
      .send({ key: with_, readings: readings.map(([minute, celsius]) => ({ at: minutes(minute).toISOString(), celsius })) });
    await report([[0, 4]], 'x'.repeat(32)).expect(404).expect((answer) => expect(answer.body.code).toBe('PROBE.UNKNOWN'));
    test.clock.moveTo(minutes(30));
    expect((await report([[0, 4], [5, 9], [10, 9.5]]).expect(200)).body).toEqual({ taken: 3, alarm: false });
    expect((await report([[10, 9.5], [17, 10]]).expect(200)).body).toEqual({ taken: 2, alarm: true });
    await report([[17, 10], [20, 10.5]]).expect(200);
    const rung = await test.dataSource.query("SELECT recipient_kind AS who FROM notice WHERE kind = 'probe-alarm' ORDER BY who");
    expect(rung).toEqual([{ who: 'kitchen' }, { who: 'street' }]);
    const [probe] = (await log()).probes;
    expect(probe).toMatchObject({ lastC: 10.5, silent: false, excursions: [{ extremeC: 10.5 }] });
    expect(probe?.alarmSince).toBe(minutes(5).toISOString());
    expect(probe?.curve).toHaveLength(5);
    expect((await report([[25, 5]]).expect(200)).body.alarm).toBe(false);
    expect((await log()).probes[0]?.alarmSince).toBeNull();
    test.clock.moveTo(minutes(90));
    expect((await log()).probes[0]?.silent).toBe(true);
    expect((await report([[200, 5]]).expect(200)).body.taken).toBe(0);
  });

  it('keeps a finding with its photo until it is put right', async () => {
    const open = (body: object) => supervisor.post('/kitchen/safety/inspections', { pointId: street.pointIds[0], place: '洗手池', finding: '没有洗手液', photo: PIXEL, dueOn: '2026-11-25', ...body });
    await open({ photo: 'data:image/png;base64,QUJD' }).expect(400).expect((answer) => expect(answer.body.code).toBe('SAFETY.PHOTO_BAD'));
    const { inspections } = (await open({}).expect(200)).body as InspectionListAnswer;
    expect(inspections[0]).toMatchObject({ pointName: '第1助餐点', state: 'open', hasPhoto: true, overdue: false });
    const inspectionId = inspections[0]?.id ?? '';
    expect((await attendant.get(`/kitchen/safety/inspections/photo?inspectionId=${inspectionId}`).expect(200)).body.photo).toBe(PIXEL);
    const far = await signIn(test, 'attendant', 'point', street.pointIds[2]);
    await far.get(`/kitchen/safety/inspections/photo?inspectionId=${inspectionId}`).expect(404);
    test.clock.moveTo(minutes(3 * 1440));
    expect(((await supervisor.get('/kitchen/safety/inspections').expect(200)).body as InspectionListAnswer).inspections[0]?.overdue).toBe(true);
    const close = () => supervisor.post('/kitchen/safety/inspections/close', { inspectionId, closure: '已补上' });
    await close().expect(200);
    await close().expect(409);
  });

  it('weighs waste in three kinds and takes a wrong weighing back', async () => {
    for (const [kind, grams] of [['preparation', 3_200], ['plates', 5_000], ['plates', -500]] as const) await kitchen.post('/kitchen/weighed-waste', { kind, grams }).expect(200);
    await kitchen.post('/kitchen/weighed-waste', { kind: 'unserved', grams: 0 }).expect(400);
    expect((await kitchen.get('/kitchen/weighed-waste').expect(200)).body.days[0]).toMatchObject({ day: '2026-11-24', preparationG: 3_200, platesG: 4_500, unservedG: 0 });
  });

  it('shows the canteen its dishes, portions and seats', async () => {
    expect((await attendant.get(`/points/${street.pointIds[0]}/canteen`).expect(200)).body).toMatchObject({ seats: null, sets: [{ code: 'A', dishes: [{ name: '红烧肉', allergens: [] }] }] });
    expect((await attendant.put(`/points/${street.pointIds[0]}/seats`, { seats: 40, stayMin: 30 }).expect(200)).body.seats).toEqual({ seats: 40, stayMin: 30, freeSeats: 40 });
  });

  it('shows the canteen dinner from the end of lunch on, with what is left of it', async () => {
    const pointId = street.pointIds[0];
    const canteen = async (): Promise<CanteenAnswer> => (await attendant.get(`/points/${pointId}/canteen`).expect(200)).body;
    await test.dataSource.query("INSERT INTO meal_service (point_id, period, start_min, end_min, cutoff_day_offset, cutoff_min) VALUES (?, 'dinner', 1010, 1110, 0, 780)", [pointId]);
    const dinner = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'dinner', 'A', '晚餐', 1200, '[]')", [dinner, street.kitchenId, street.day]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT ?, dish_id FROM set_meal_dish WHERE set_meal_id = ?', [dinner, street.setMealId]);
    await test.dataSource.query("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'dinner', 7, 7)", [pointId, dinner, street.day]);
    expect((await canteen()).period).toBe('lunch');
    test.clock.moveTo(new Date('2026-11-24T05:30:00Z'));
    expect(await canteen()).toMatchObject({ period: 'dinner', sets: [{ name: '晚餐', left: 7 }] });
    test.clock.moveTo(new Date('2026-11-24T11:00:00Z'));
    expect((await canteen()).period).toBe('dinner');
    await test.dataSource.query("DELETE FROM meal_service WHERE point_id = ? AND period = 'dinner'", [pointId]);
  });

  it('says from live sales what the second wave should cook', async () => {
    const advice = (await kitchen.get('/kitchen/live').expect(200)).body as LiveAdviceAnswer;
    expect(advice).toMatchObject({ shareSoFar: 0, transferTime: false });
    expect(advice.sets[0]).toMatchObject({ code: 'A', cookMore: 0, transfers: [] });
  });
});
