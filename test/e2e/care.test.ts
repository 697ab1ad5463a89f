import { Queue, Worker } from 'bullmq';
import type { CareBoardAnswer, LadderRow } from '../../src/contract/care.js';
import { bullConnection } from '../../src/infra/queue/redis.js';
import { QUEUE } from '../../src/infra/queue/queue-names.js';
import { newId } from '../../src/infra/ids.js';
import { CareSchedule } from '../../src/modules/care/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually } from '../fixtures/start-worker.js';

const NOON = new Date('2026-11-24T03:00:00Z');
const MINUTE_MS = 60_000;
const deviceAt = NOON.toISOString();

let test: TestApp;
let street: DeliveryStreet;
let dispatcher: SignedIn;
let crewId: string;
let crew: SignedIn;
let schedule: CareSchedule;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const later = (minutes: number): void => { test.clock.moveTo(new Date(test.clock.now().getTime() + minutes * MINUTE_MS)); };
const board = async (): Promise<CareBoardAnswer> => (await dispatcher.get('/care').expect(200)).body as CareBoardAnswer;
const ladderOf = async (senior: TestSenior): Promise<LadderRow> => {
  const found = (await board()).ladders.find((row) => row.seniorId === senior.seniorId);
  if (found === undefined) throw new Error('no ladder');
  return found;
};
const result = (stopId: string, body: object) => crew.post(`/crew/stops/${stopId}/result`, { deviceAt, ...body }).set('Idempotency-Key', newId());
const shutDoor = async (): Promise<{ senior: TestSenior; stopId: string; tripId: string }> => {
  const senior = await insertDiner(test, street, { northM: 300, plan: false });
  const { tripId, stopIds: [stopId] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
  await result(stopId, { result: 'absent', reason: 'not-answering' }).expect(200);
  return { senior, stopId, tripId };
};
const cell = (value: unknown): unknown => (typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value);
/** Rings every timer that is due, as the worker does. */
const ring = async (): Promise<void> => {
  const ladders = await rows<{ id: string; no: number }>('SELECT id, step_no AS no FROM care_ladder WHERE ended_at IS NULL');
  for (const { id, no } of ladders) await schedule.ring('ladder-step', { ladderId: id, stepNo: no });
  const alerts = await rows<{ id: string; no: number }>('SELECT id, reminders AS no FROM care_alert WHERE taken_at IS NULL');
  for (const { id, no } of alerts) await schedule.ring('alert-reminder', { alertId: id, reminders: no });
};

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
  schedule = test.app.get(CareSchedule, { strict: false });
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(NOON);
  crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
});

describe('a door that stays shut', () => {
  it('is climbed step by step, each in its time, and only a person ends it', async () => {
    const { senior } = await shutDoor();
    const expected = [['ring', 2], ['phone', 3], ['neighbour', 5], ['grid-worker', 15], ['emergency-contact', 15], ['community', 30], ['community', 30]] as const;
    for (const [index, [step, minutes]] of expected.entries()) {
      const ladder = await ladderOf(senior);
      expect(ladder).toMatchObject({ step, endedAt: null });
      expect(ladder.steps).toHaveLength(index + 1);
      later(minutes - 1);
      await ring();
      expect((await ladderOf(senior)).step).toBe(step);
      later(1);
      await ring();
      await ring(); // a repeat moves nothing
    }
    const ladder = await ladderOf(senior);
    for (const [index, step] of ladder.steps.slice(0, -1).entries()) {
      expect(step).toMatchObject({ result: 'timed-out', endedAt: step.dueAt });
      expect(step.endedAt).toBe(ladder.steps[index + 1].startedAt);
    }
    const told = await rows<{ to: string }>('SELECT recipient_kind AS `to` FROM notice WHERE dedup_key LIKE ?', [`ladder-${ladder.id}-%`]);
    expect(told.filter((one) => one.to === 'street')).toHaveLength(5); // from the grid worker's step on
    await dispatcher.post(`/care/ladders/${ladder.id}/end`, { outcome: 'away', note: '在女儿家' }).expect(200);
    later(120);
    await ring();
    expect(await ladderOf(senior)).toMatchObject({ outcome: 'away', note: '在女儿家' });
  });

  it('moves on at once when a step was tried; a step that has passed is no error for a phone that was offline', async () => {
    const { senior, stopId } = await shutDoor();
    const tried = (step: string) => crew.post(`/crew/stops/${stopId}/ladder`, { act: 'tried', step, deviceAt });
    expect((await tried('ring').expect(200)).body).toMatchObject({ step: 'phone' });
    expect((await tried('ring').expect(200)).body).toMatchObject({ step: 'phone' });
    const { id } = await ladderOf(senior);
    expect((await dispatcher.post(`/care/ladders/${id}/steps`, { step: 'ring' }).expect(409)).body).toMatchObject({ code: 'CARE.STEP_PASSED' });
    expect((await dispatcher.post(`/care/ladders/${id}/steps`, { step: 'phone', note: '没人接' }).expect(200)).body).toMatchObject({ step: 'neighbour' });
    expect((await dispatcher.get(`/care/ladders/${id}/people`).expect(200)).body).toMatchObject({ people: [{ role: 'senior' }] });
  });

  it('keeps the trip open until somebody knows; a meal taken after all ends it', async () => {
    const { senior, stopId, tripId } = await shutDoor();
    const close = () => crew.post(`/crew/trips/${tripId}/close`, { deviceAt });
    expect((await close().expect(422)).body).toMatchObject({ code: 'DELIVERY.LADDER_OPEN' });
    await result(stopId, { result: 'delivered', receivedBy: 'self', proofLast2: null }).expect(200);
    expect(await ladderOf(senior)).toMatchObject({ outcome: 'answered' });
    await close().expect(200);
  });
});

describe('what nobody heard of in time', () => {
  it('a door told of forty minutes later begins where it would stand: the crew’s steps are over, the grid worker is asked at once', async () => {
    const senior = await insertDiner(test, street, { northM: 300, plan: false });
    const { stopIds: [stopId] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
    later(40);
    await result(stopId, { result: 'absent', reason: 'not-answering' }).expect(200);
    for (let round = 0; round < 3; round += 1) await ring();
    const ladder = await ladderOf(senior);
    expect(ladder.step).toBe('grid-worker');
    // The office has its own minutes from now on.
    expect(new Date(ladder.steps.at(-1)?.dueAt ?? '').getTime()).toBe(test.clock.now().getTime() + 15 * MINUTE_MS);
    await ring();
    expect((await ladderOf(senior)).step).toBe('grid-worker');
    expect(await rows('SELECT id FROM notice WHERE dedup_key = ?', [`ladder-${ladder.id}-4-street`])).toHaveLength(1);
  });

  it('a phone whose clock is ahead gains the person nothing: the door counts from now', async () => {
    const senior = await insertDiner(test, street, { northM: 300, plan: false });
    const { stopIds: [stopId] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
    await crew.post(`/crew/stops/${stopId}/result`, { result: 'absent', reason: 'not-answering', deviceAt: new Date(NOON.getTime() + 600 * MINUTE_MS).toISOString() }).set('Idempotency-Key', newId()).expect(200);
    later(2);
    await ring();
    expect((await ladderOf(senior)).step).toBe('phone');
  });

  it('one street whose list cannot be made keeps no ladder and no other list from its time', async () => {
    const { senior } = await shutDoor();
    await rows('DELETE FROM welfare_list');
    test.clock.moveTo(new Date('2026-11-24T05:30:00Z'));
    const broken = newId();
    // Before every other by its id, so that it is asked first.
    const first = `00000000${broken.slice(8)}`;
    await rows("INSERT INTO street (id, name, jurisdiction_code) VALUES (?, '设定坏了的街道', '330100')", [first]);
    await rows(`INSERT INTO delivery_setting (street_id, settings, changed_at) VALUES (?, '{"welfareFromMin": "one"}', ?)`, [first, NOON]);
    await expect(schedule.hour()).rejects.toThrow('1 lists failed');
    await rows('DELETE FROM delivery_setting WHERE street_id = ?', [first]);
    await ring();
    expect((await ladderOf(senior)).step).not.toBe('ring');
    expect((await board()).calls.map((call) => call.seniorId)).toContain(senior.seniorId);
    await rows('DELETE FROM welfare_call');
    await rows('DELETE FROM welfare_list');
  });
});

describe('alarms and worries', () => {
  it('are raised once however often they are sent, never refused, and told again until taken', async () => {
    const { senior, stopId } = await shutDoor();
    const id = newId();
    const alarm = (stop: string | null, own = id) => crew.post('/crew/alarms', { id: own, stopId: stop, latitude: 30.31, longitude: 120.35, deviceAt });
    for (let round = 0; round < 3; round += 1) await alarm(stopId).expect(200);
    // The press is sent at once, its place when the phone knows it.
    const pressed = newId();
    const press = (latitude: number | null, longitude: number | null) => crew.post('/crew/alarms', { id: pressed, stopId, latitude, longitude, deviceAt }).expect(200);
    await press(null, null);
    await press(30.32, 120.36);
    await press(1, 1);
    expect((await board()).alerts.filter((row) => row.id === pressed)).toMatchObject([{ latitude: 30.32, longitude: 120.36 }]);
    const foreign = newId();
    await alarm(newId(), foreign).expect(200);
    const shown = (await board()).alerts;
    expect(shown.filter((row) => row.id === id)).toMatchObject([{ kind: 'alarm', takenAt: null, reminders: 0 }]);
    expect(shown.find((row) => row.id === foreign)).toMatchObject({ seniorName: null });
    later(3);
    await ring();
    await ring();
    expect((await board()).alerts.find((row) => row.id === id)).toMatchObject({ reminders: 1 });
    await dispatcher.post(`/care/alerts/${id}/take`, {}).expect(200);
    later(30);
    await ring();
    expect((await board()).alerts.find((row) => row.id === id)).toMatchObject({ reminders: 1 });
    await dispatcher.post(`/care/alerts/${id}/close`, { note: '120 已送医' }).expect(200);
    expect((await dispatcher.post(`/care/alerts/${id}/close`, { note: '再关一次' }).expect(409)).body).toMatchObject({ code: 'CARE.ALERT_CLOSED' });
    const family = await rows('SELECT id FROM senior_contact WHERE senior_id = ?', [senior.seniorId]);
    expect(await rows("SELECT id FROM notice WHERE dedup_key = ?", [`alert-${id}-0-contact`])).toHaveLength(family.length === 0 ? 0 : 1);
  });

  it('a worry is one alert for the community, a usual day none', async () => {
    const { stopId } = await shutDoor();
    const id = newId();
    const before = (await board()).alerts.length;
    await crew.post(`/crew/stops/${stopId}/welfare`, { id: newId(), level: 'usual', signs: [], deviceAt }).expect(200);
    for (let round = 0; round < 2; round += 1) await crew.post(`/crew/stops/${stopId}/welfare`, { id, level: 'worried', signs: ['weak', 'cold-room'], deviceAt }).expect(200);
    const { alerts } = await board();
    expect(alerts).toHaveLength(before + 1);
    expect(alerts.find((row) => row.kind === 'condition')).toMatchObject({ signs: ['weak', 'cold-room'] });
  });
});

describe('after lunch', () => {
  it('the welfare calls are listed once at 13:00, gravest cause first, each person once', async () => {
    await rows('DELETE FROM welfare_list');
    const { senior } = await shutDoor();
    test.clock.moveTo(new Date('2026-11-24T04:59:00Z'));
    await schedule.hour();
    expect((await board()).calls).toEqual([]);
    test.clock.moveTo(new Date('2026-11-24T05:00:00Z'));
    await Promise.all([schedule.hour(), schedule.hour()]);
    const { calls } = await board();
    expect(calls.filter((call) => call.seniorId === senior.seniorId)).toMatchObject([{ cause: 'ladder-open', result: null }]);
    const [first] = calls;
    await dispatcher.post(`/care/calls/${first.id}`, { result: 'well', note: '' }).expect(200);
    expect((await board()).calls.find((call) => call.id === first.id)).toMatchObject({ result: 'well' });
  });

  it('a crew’s word that somebody is in hospital or has moved takes nobody off the calls; the register does', async () => {
    await rows('DELETE FROM welfare_list');
    const away = async (reason: string): Promise<TestSenior> => {
      const senior = await insertDiner(test, street, { northM: 300, plan: false });
      const { stopIds: [stopId] } = await insertTrip(test, street, { crewId, day: street.day, seniors: [senior] });
      await result(stopId, { result: 'absent', reason }).expect(200);
      return senior;
    };
    const [ticked, known, moved, gone] = [await away('in-hospital'), await away('in-hospital'), await away('moved-away'), await away('moved-away')];
    const eventId = newId();
    await rows("INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, at) VALUES (?, ?, 'hospital', ?, NULL, '测试', '测试', '{}', ?)", [eventId, known.seniorId, street.day, NOON]);
    await rows("INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, 'hospital', ?, NULL, 1)", [eventId, known.seniorId, street.day]);
    await rows("UPDATE senior SET status = 'moved' WHERE id = ?", [gone.seniorId]);
    test.clock.moveTo(new Date('2026-11-24T05:00:00Z'));
    await schedule.hour();
    const called = (await board()).calls.map((call) => `${call.seniorId} ${call.cause}`);
    expect(called).toEqual(expect.arrayContaining([`${ticked.seniorId} not-handed-over`, `${moved.seniorId} not-handed-over`]));
    expect(called.filter((call) => call.includes(known.seniorId) || call.includes(gone.seniorId))).toEqual([]);
  });

  it('a regular who did not come is asked after only if that was agreed, and not during a pause', async () => {
    test.clock.moveTo(new Date('2026-11-24T05:00:00Z'));
    const regulars = await Promise.all(Array.from({ length: 7 }, () => insertDiner(test, street, { northM: 100, plan: false })));
    const [agreed, silent, paused, came, mistaken, cancelled, evening] = regulars;
    const eat = async (senior: TestSenior, day: string): Promise<string> => {
      const [model] = await rows<Record<string, unknown>>('SELECT * FROM meal LIMIT 1');
      const row: Record<string, unknown> = { ...model, id: newId(), senior_id: senior.seniorId, point_id: street.pointIds[0], business_day: day, route_stop_id: null };
      for (const unique of ['idempotency_key', 'transfer_id', 'entitlement_key']) if (unique in row) row[unique] = newId();
      const names = Object.keys(row);
      // Planted history: its transfers do not matter here.
      await test.dataSource.transaction(async (tx) => {
        await tx.query('SET foreign_key_checks = 0');
        await tx.query(`INSERT INTO meal (${names.map((name) => `\`${name}\``).join(', ')}) VALUES (?)`, [names.map((name) => cell(row[name]))]);
        await tx.query('SET foreign_key_checks = 1');
      });
      return String(row.id);
    };
    const reverse = (mealId: string): Promise<void> => test.dataSource.transaction(async (tx) => {
      await tx.query('SET foreign_key_checks = 0');
      await tx.query("INSERT INTO meal_reversal (meal_id, transfer_id, reason, staff_id, business_day, at) VALUES (?, ?, 'wrong-person', ?, ?, ?)", [mealId, newId(), newId(), street.day, NOON]);
      await tx.query('SET foreign_key_checks = 1');
    });
    for (const day of ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23']) for (const senior of regulars) await eat(senior, day);
    await eat(came, street.day);
    // Taken for somebody else at the kiosk, and taken back at once: that was not this person.
    await reverse(await eat(mistaken, street.day));
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at) VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'cancelled', NULL, ?)`,
      [newId(), cancelled.seniorId, street.pointIds[0], street.day, NOON],
    );
    const attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    const agree = (senior: TestSenior) => attendant.put(`/care/seniors/${senior.seniorId}`, { neighbour: { name: '王阿姨', phone: '13800002222' }, absenceWatched: true }).expect(200);
    for (const senior of [agreed, paused, came, mistaken, cancelled]) await agree(senior);
    await rows(`INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from, paused_from) VALUES (?, ?, 'lunch', 127, 'A', 'collect', '2026-01-01', '2026-11-20')`, [newId(), paused.seniorId]);
    await rows('DELETE FROM absence_check');
    await rows("UPDATE meal_service SET end_min = 770 WHERE point_id = ?", [street.pointIds[0]]);
    await schedule.hour();
    await schedule.hour();
    const missed = async (): Promise<string[]> => (await board()).ladders.filter((ladder) => ladder.kind === 'absence').map((ladder) => ladder.seniorId).sort();
    const absent = await missed();
    expect(absent).toEqual([agreed.seniorId, mistaken.seniorId].sort());
    expect(absent).not.toContain(silent.seniorId);
    // Nobody stands at a door: the first call is told of at once, to the office and to the point.
    const { id } = await ladderOf(agreed);
    expect((await rows<{ to: string }>('SELECT recipient_kind AS `to` FROM notice WHERE dedup_key LIKE ? ORDER BY 1', [`ladder-${id}-1-%`])).map(({ to }) => to)).toEqual(['point', 'street']);
    // Nobody could look that evening: it is looked the next morning, and not in the night, when the steps would run out unseen.
    await agree(evening);
    await rows('DELETE FROM absence_check');
    test.clock.moveTo(new Date('2026-11-24T16:30:00Z'));
    await schedule.hour();
    expect(await missed()).toEqual([...absent].sort());
    test.clock.moveTo(new Date('2026-11-24T23:30:00Z'));
    dispatcher = await signIn(test, 'dispatcher', 'street', street.streetId);
    await schedule.hour();
    expect(await missed()).toEqual([...absent, evening.seniorId].sort());
  });
});

describe('timers live in the database', () => {
  const worker = (): Worker => new Worker(QUEUE.care, async (job) => schedule.ring(job.name, job.data), { connection: bullConnection(test.config, 'worker'), prefix: test.config.redisPrefix });

  it('a wiped Redis and a killed worker cost nothing: the sweep writes them again; without it nobody would be told', async () => {
    const { senior } = await shutDoor();
    await schedule.sweep();
    const queue = new Queue(QUEUE.care, { connection: bullConnection(test.config, 'producer'), prefix: test.config.redisPrefix });
    await queue.obliterate({ force: true });
    later(2);
    const first = worker();
    await first.waitUntilReady();
    // The negative control: with an emptied Redis and no sweep the step stands still, however long a worker waits.
    expect(await queue.getJobCounts('waiting', 'delayed', 'active')).toMatchObject({ waiting: 0, delayed: 0, active: 0 });
    expect((await ladderOf(senior)).step).toBe('ring');
    await first.close(true);
    await schedule.sweep();
    await schedule.sweep();
    const second = worker();
    await eventually(async () => (await ladderOf(senior)).step === 'phone');
    await second.close();
    expect((await ladderOf(senior)).steps).toHaveLength(2);
    await queue.close();
  });
});
