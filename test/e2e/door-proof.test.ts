import type { CrewTodayAnswer, StopPhotoView, SwapBoxAnswer } from '../../src/contract/delivery.js';
import type { PhotoListAnswer } from '../../src/contract/photos.js';
import { newId } from '../../src/infra/ids.js';
import { EventDays } from '../../src/modules/exceptions/event-days.query.js';
import { RunScan, ScanRuns } from '../../src/modules/exceptions/index.js';
import { Upkeep } from '../../src/infra/upkeep/upkeep.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const LUNCH = new Date('2026-11-24T03:00:00Z');
const deviceAt = LUNCH.toISOString();
const JPEG = `data:image/jpeg;base64,${Buffer.from('ffd8ffe000104a46494600', 'hex').toString('base64')}`;

let test: TestApp;
let street: DeliveryStreet;
let crew: SignedIn;
let office: SignedIn;
let tripId: string;
let stopIds: string[];

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const proofOf = async (stopId: string | undefined): Promise<string | null> => (await rows<{ proof: string | null }>('SELECT proof FROM route_stop WHERE id = ?', [stopId]))[0].proof;
const deliver = (stopId: string | undefined, photoId: string | null) => crew.post(`/crew/stops/${stopId}/result`, {
  result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt, photoId, place: { latitude: 30.31, longitude: 120.35, accuracyM: 12 },
}).set('Idempotency-Key', newId());
const send = (stopId: string | undefined, id: string, photo = JPEG) => crew.post(`/crew/stops/${stopId}/photos`, { id, deviceAt, photo });
const WHY = '老人说没有收到';
const look = (stopId: string | undefined, reason = WHY) => office.post(`/delivery/stops/${stopId}/photo/look`, { reason });
const photoRowOf = async (stopId: string | undefined) => ((await office.get('/delivery/photos?size=200').expect(200)).body as PhotoListAnswer).rows.find((row) => row.stopId === stopId);
const swap = (stopId: string | undefined, body: object) => crew.post(`/crew/stops/${stopId}/swap`, { id: newId(), fromStopId: null, gotSetCode: 'A', reason: 'mixed-up', deviceAt, ...body });
const stopSeen = async (stopId: string | undefined) => ((await crew.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips.flatMap((trip) => trip.stops).find((stop) => stop.stopId === stopId);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  office = await signIn(test, 'dispatcher', 'street', street.streetId);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(LUNCH);
  const crewId = await insertCrew(test, street.pointIds[0]);
  crew = await signIn(test, 'crew', 'crew', crewId);
  const seniors = await Promise.all(Array.from({ length: 3 }, () => insertDiner(test, street, { northM: 200, plan: false })));
  ({ tripId, stopIds } = await insertTrip(test, street, { crewId, day: street.day, seniors }));
  await crew.post(`/crew/trips/${tripId}/leave`, { boxes: 3, deviceAt }).expect(200);
});

describe('a stop and its photo', () => {
  it('are two things: the door is delivered at once, and proven once its photo has arrived', async () => {
    const id = newId();
    await deliver(stopIds[0], id).expect(200);
    expect(await stopSeen(stopIds[0])).toMatchObject({ result: 'delivered', photo: 'awaited', proven: false });
    await send(stopIds[0], id).expect(200);
    await send(stopIds[0], id).expect(200);
    expect(await stopSeen(stopIds[0])).toMatchObject({ photo: 'stored', proven: true });
    expect(await rows('SELECT COUNT(*) AS n FROM stop_photo WHERE route_stop_id = ?', [stopIds[0]])).toEqual([{ n: 1 }]);
    expect(await rows('SELECT place_latitude AS latitude, place_accuracy_m AS accuracyM FROM route_stop WHERE id = ?', [stopIds[0]])).toEqual([{ latitude: 30.31, accuracyM: 12 }]);
  });

  it('may arrive the other way round, and after the trip was closed', async () => {
    const [first, second] = [newId(), newId()];
    await send(stopIds[0], first).expect(200);
    await deliver(stopIds[0], first).expect(200);
    expect(await proofOf(stopIds[0])).toBe('photo');
    await deliver(stopIds[1], second).expect(200);
    await deliver(stopIds[2], null).expect(200);
    await crew.post(`/crew/trips/${tripId}/close`, { deviceAt }).expect(200);
    await send(stopIds[1], second).expect(200);
    expect([await proofOf(stopIds[1]), await proofOf(stopIds[2])]).toEqual(['photo', null]);
  });

  it('is looked at by the office, which is on record, and by nobody outside; what is no picture is refused', async () => {
    const id = newId();
    await send(stopIds[0], id, 'data:image/jpeg;base64,QUJD').expect(400).expect(({ body }) => { expect((body as { code: string }).code).toBe('DELIVERY.PHOTO_BAD'); });
    await send(stopIds[0], id).expect(200);
    await send(stopIds[1], id).expect(409);
    await look(stopIds[0], '好').expect(400);
    const seen = (await look(stopIds[0]).expect(200)).body as StopPhotoView;
    expect(seen.photo).toBe(JPEG);
    expect(await rows("SELECT JSON_VALUE(detail, '$.reason') AS reason FROM audit_line WHERE action = 'stop-photo.viewed' AND object_id = ?", [stopIds[0]])).toEqual([{ reason: WHY }]);
    expect(await photoRowOf(stopIds[0])).toMatchObject({ state: 'stored', looks: 1, lastLook: { reason: WHY }, goneOn: '2027-01-23' });
    await look(stopIds[1]).expect(404);
    const other = await signIn(test, 'crew', 'crew', await insertCrew(test, street.pointIds[1]));
    await other.post(`/crew/stops/${stopIds[0]}/photos`, { id: newId(), deviceAt, photo: JPEG }).expect(404);
  });
});

describe('the time of a photo', () => {
  it('ends after the days the street has set: erased, its digest kept; but not while the delivery is under review', async () => {
    const [first, second] = [newId(), newId()];
    await send(stopIds[0], first).expect(200);
    await send(stopIds[1], second).expect(200);
    await rows("UPDATE route_stop SET result = 'delivered', reason = 'pattern-review' WHERE id = ?", [stopIds[1]]);
    await deliver(stopIds[2], newId()).expect(200);
    const purge = () => test.app.get(Upkeep, { strict: false }).runAll();
    const erased = async (): Promise<number> => Number((await purge())['stop-photos']);
    test.clock.moveTo(new Date('2027-01-22T15:59:00Z'));
    expect(await erased()).toBe(0);
    await look(stopIds[0]).expect(200);
    test.clock.moveTo(new Date('2027-01-22T16:01:00Z'));
    expect(await erased()).toBeGreaterThanOrEqual(1);
    expect(await erased()).toBe(0);
    expect((await look(stopIds[0]).expect(422)).body).toMatchObject({ code: 'DELIVERY.PHOTO_GONE' });
    await look(stopIds[1]).expect(200);
    expect(await rows('SELECT photo IS NULL AS gone, LENGTH(digest) AS digest FROM stop_photo WHERE id = ?', [first])).toEqual([{ gone: 1, digest: 64 }]);
    expect((await Promise.all(stopIds.map(photoRowOf))).map((row) => [row?.state, row?.goneOn])).toEqual([['gone', '2027-01-23'], ['stored', null], ['awaited', null]]);
  });
});

describe('a box that was swapped', () => {
  it('is on record; somebody who has nothing against them is not called', async () => {
    const id = newId();
    for (let times = 0; times < 2; times += 1) expect((await swap(stopIds[0], { id, fromStopId: stopIds[1] }).expect(200)).body as SwapBoxAnswer).toEqual({ id, calledBack: false });
    expect(await stopSeen(stopIds[0])).toMatchObject({ swappedTo: 'A' });
    expect(await rows('SELECT COUNT(*) AS n FROM box_swap WHERE route_stop_id = ?', [stopIds[0]])).toEqual([{ n: 1 }]);
    await swap(stopIds[0], { gotSetCode: 'Z' }).expect(422);
    await swap(stopIds[0], { fromStopId: stopIds[0] }).expect(422);
  });

  it('of somebody with a diet is called back at once, unless it was made for somebody with the same', async () => {
    const seniorOf = async (stopId: string | undefined): Promise<string> => (await rows<{ id: string }>('SELECT senior_id AS id FROM route_stop WHERE id = ?', [stopId]))[0].id;
    for (const stopId of stopIds.slice(0, 2)) await rows('INSERT INTO senior_diet (senior_id, code) VALUES (?)', [[await seniorOf(stopId), 'low-salt']]);
    expect((await swap(stopIds[0], { fromStopId: stopIds[1] }).expect(200)).body).toMatchObject({ calledBack: false });
    expect((await swap(stopIds[0], { fromStopId: stopIds[2] }).expect(200)).body).toMatchObject({ calledBack: true });
    const alerts = await rows<{ kind: string; seniorId: string }>("SELECT kind, senior_id AS seniorId FROM care_alert WHERE kind = 'wrong-box'");
    expect(alerts).toEqual([{ kind: 'wrong-box', seniorId: await seniorOf(stopIds[0]) }]);
    expect(await rows("SELECT COUNT(*) AS n FROM notice WHERE kind = 'wrong-box'")).toEqual([{ n: 3 }]);
  });
});

describe('a door that was signed elsewhere', () => {
  it('is found by the checks where the phone knew its place, and by none where it was vague', async () => {
    const away = (stopId: string | undefined, accuracyM: number) => crew.post(`/crew/stops/${stopId}/result`, {
      result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt, photoId: null, place: { latitude: 30.4, longitude: 120.5, accuracyM },
    }).set('Idempotency-Key', newId()).expect(200);
    await away(stopIds[0], 12);
    await away(stopIds[1], 900);
    const { stops } = await test.app.get(EventDays, { strict: false }).read(test.dataSource.manager, street.pointIds, street.day);
    const placeOf = (stopId: string | undefined) => stops.find((stop) => stop.stopId === stopId)?.signedPlace;
    expect([placeOf(stopIds[0]), placeOf(stopIds[1])]).toEqual([{ latitude: 30.4, longitude: 120.5 }, null]);
    const scans = test.app.get(ScanRuns, { strict: false });
    const scanId = await scans.ask({ streetId: street.streetId, from: street.day, to: street.day, night: null, requestedBy: null });
    await test.app.get(RunScan, { strict: false }).execute(scanId ?? '');
    const found = await rows<{ refId: string }>("SELECT e.ref_id AS refId FROM exception_finding f JOIN exception_evidence e ON e.finding_id = f.id WHERE f.kind = 'signed-away' AND f.reason_zh LIKE '%位置不符%'");
    expect(found.map(({ refId }) => refId)).toContain(stopIds[0]);
  });
});

describe('access of a crew', () => {
  it('to doors, photos and swaps ends two days after, and the phone is told until when to keep them', async () => {
    const { keepUntil } = (await crew.get('/crew/today').expect(200)).body as CrewTodayAnswer;
    expect(keepUntil).toBe('2026-11-26');
    test.clock.moveTo(new Date('2026-11-26T15:00:00Z'));
    await send(stopIds[0], newId()).expect(200);
    test.clock.moveTo(new Date('2026-11-26T16:01:00Z'));
    await send(stopIds[0], newId()).expect(404);
    await swap(stopIds[0], {}).expect(404);
    await deliver(stopIds[0], null).expect(404);
    expect(((await crew.get('/crew/today').expect(200)).body as CrewTodayAnswer).trips).toEqual([]);
  });
});
