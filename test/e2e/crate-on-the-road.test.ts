import type { SwapBoxAnswer } from '../../src/contract/delivery.js';
import { newId } from '../../src/infra/ids.js';
import { WatchFreshness } from '../../src/modules/dispatch/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import type { TestSenior } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const LUNCH = new Date('2026-11-24T03:00:00Z');
const deviceAt = LUNCH.toISOString();

let test: TestApp;
let street: DeliveryStreet;
let first: SignedIn;
let second: SignedIn;
let seniors: TestSenior[];
let trip: { tripId: string; stopIds: string[] };

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const delivered = (who: SignedIn, stopId: string) => who.post(`/crew/stops/${stopId}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt }).set('Idempotency-Key', newId());
const takeOver = async (): Promise<string> => ((await second.post('/crew/take-over', { tripId: trip.tripId, deviceAt }).expect(200)).body as { tripId: string }).tripId;

beforeAll(async () => {
  test = await startApp({ now: LUNCH });
  street = await insertDeliveryStreet(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(LUNCH);
  const crewIds = [await insertCrew(test, street.pointIds[0], { name: '先来的' }), await insertCrew(test, street.pointIds[0], { name: '接手的' })];
  [first, second] = [await signIn(test, 'crew', 'crew', crewIds[0]), await signIn(test, 'crew', 'crew', crewIds[1])];
  seniors = await Promise.all([0, 1, 2].map((index) => insertDiner(test, street, { northM: 200 + index * 40, plan: false })));
  trip = await insertTrip(test, street, { crewId: crewIds[0], day: street.day, seniors });
  await first.post(`/crew/trips/${trip.tripId}/leave`, { boxes: 3, deviceAt }).expect(200);
});

describe('a crate that another crew took over on the road', () => {
  it('a swap of before is heard from the first phone, and whoever has a diet is called', async () => {
    const [door, dietDoor, last] = trip.stopIds;
    await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'diabetic')", [seniors[1].seniorId]);
    await takeOver();
    const swap = { id: newId(), fromStopId: door, gotSetCode: 'A', reason: 'mixed-up', deviceAt };
    // In the order in which it happened: the door is the first crew's again, the swap names a box of the other trip, then its own door.
    await delivered(first, door).expect(200);
    const answer = (await first.post(`/crew/stops/${dietDoor}/swap`, swap).expect(200)).body as SwapBoxAnswer;
    expect(answer.calledBack).toBe(true);
    await delivered(first, dietDoor).expect(200);
    expect(await rows("SELECT senior_id AS id FROM care_alert WHERE kind = 'wrong-box' AND route_stop_id = ?", [dietDoor])).toEqual([{ id: seniors[1].seniorId }]);
    // The other crew has what is left, and swaps among that.
    const strange = await insertTrip(test, street, { crewId: await insertCrew(test, street.pointIds[1]), day: street.day, seniors: [await insertDiner(test, street, { northM: 300, plan: false })], pointIndex: 1 });
    expect((await second.post(`/crew/stops/${last}/swap`, { ...swap, id: newId(), fromStopId: strange.stopIds[0] }).expect(422)).body).toMatchObject({ code: 'DELIVERY.SWAP_UNKNOWN' });
  });

  it('is watched for freshness from the first departure', async () => {
    const taken = await takeOver();
    const [message] = await rows<{ id: string; runAt: Date }>("SELECT id, run_at AS runAt FROM outbox_message WHERE type = 'trip.left' AND payload LIKE ?", [`%${taken}%`]);
    expect(message.runAt).toEqual(new Date(LUNCH.getTime() + 15 * 60_000));
    test.clock.moveTo(message.runAt);
    expect(await test.app.get(WatchFreshness, { strict: false }).execute({ messageId: message.id, tripId: taken })).toBe(true);
    expect(await rows("SELECT kind FROM notice WHERE dedup_key = ?", [`trip-stale-${taken}`])).toEqual([{ kind: 'trip-stale' }]);
  });
});
