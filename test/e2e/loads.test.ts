import { randomUUID } from 'node:crypto';
import type { LoadRow, PointPortionsAnswer } from '../../src/contract/kitchen.js';
import { CheckLoadLateness } from '../../src/modules/kitchen/check-load-lateness.js';
import { newId } from '../../src/infra/ids.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const TODAY = '2026-11-24';
const minutes = (count: number): number => count * 60_000;

describe('loads from the kitchen to a point', () => {
  let test: TestApp;
  let street: SmallStreet;
  let kitchen: SignedIn;
  let attendant: SignedIn;
  let elsewhere: SignedIn;
  let setA: string;
  let setB: string;

  beforeAll(async () => {
    test = await startApp();
    street = await insertSmallStreet(test.dataSource);
    kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
    attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    elsewhere = await signIn(test, 'attendant', 'point', street.pointIds[2]);
  });
  afterAll(() => test.close());

  beforeEach(async () => {
    await test.dataSource.query('DELETE FROM portion_waste');
    for (const table of ['portion_load_item', 'portion_load', 'portion_stock', 'set_meal']) await test.dataSource.query(`DELETE FROM ${table}`);
    setA = await insertSet('A');
    setB = await insertSet('B');
  });

  async function insertSet(code: string, day = TODAY): Promise<string> {
    const id = newId();
    await test.dataSource.query(
      "INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', ?, ?, 1500, '[]')",
      [id, street.kitchenId, day, code, `${code}套餐`],
    );
    return id;
  }

  const seal = (items: { setMealId: string; sent: number }[], pointId = street.pointIds[0], key = randomUUID(), who = kitchen) =>
    who.post('/kitchen/loads', { pointId, items }).set('Idempotency-Key', key);
  const leave = (loadId: string) => kitchen.post(`/kitchen/loads/${loadId}/leave`, {});
  const accept = (loadId: string, body: object, key = randomUUID(), who = attendant, pointId = street.pointIds[0]) =>
    who.post(`/points/${pointId}/loads/${loadId}/accept`, body).set('Idempotency-Key', key);
  const waste = (portions: number, key = randomUUID()) =>
    attendant.post(`/points/${street.pointIds[0]}/waste`, { setMealId: setA, portions, reason: 'not-eaten' }).set('Idempotency-Key', key);
  const portions = async (): Promise<PointPortionsAnswer> => (await attendant.get(`/points/${street.pointIds[0]}/portions`).expect(200)).body;
  async function arrived(sent: number): Promise<LoadRow> {
    const load: LoadRow = (await seal([{ setMealId: setA, sent }]).expect(201)).body.load;
    await leave(load.id).expect(200);
    return (await accept(load.id, { items: [{ setMealId: setA, accepted: sent }], temperatureC: 71 }).expect(200)).body.load;
  }

  it('counts what was sent, starts its clock when it leaves, and sells only what was accepted', async () => {
    const sealed: LoadRow = (await seal([{ setMealId: setA, sent: 86 }, { setMealId: setB, sent: 20 }]).expect(201)).body.load;
    expect(sealed).toMatchObject({ state: 'sealed', wave: 1, clock: 'waiting', onRoadMin: null, differencePortions: null });
    expect((await portions()).sets[0]).toMatchObject({ sent: 86, accepted: 0, left: 0 });
    const start = test.clock.now().getTime();
    await leave(sealed.id).expect(200);
    test.clock.moveTo(new Date(start + minutes(12)));
    const [onRoad] = (await kitchen.get('/kitchen/loads').expect(200)).body.loads as LoadRow[];
    expect(onRoad).toMatchObject({ clock: 'due-soon', onRoadMin: 12, promiseMin: 15 });
    const items = [{ setMealId: setA, accepted: 85 }, { setMealId: setB, accepted: 20 }];
    await accept(sealed.id, { items, temperatureC: 70.5 }).expect(422).expect((answer) => expect(answer.body.code).toBe('KITCHEN.DIFFERENCE_UNEXPLAINED'));
    const accepted: LoadRow = (await accept(sealed.id, { items, temperatureC: 70.5, note: '少一份' }).expect(200)).body.load;
    expect(accepted).toMatchObject({ state: 'accepted', clock: 'kept', onRoadMin: 12, acceptedTemperatureC: 70.5, differencePortions: -1 });
    expect((await portions()).sets.map(({ sent, accepted: count, left }) => [sent, count, left])).toEqual([[86, 85, 85], [20, 20, 20]]);
    test.clock.moveTo(new Date(start));
  });

  it('leaves hot or cold, never between, and says where nobody measured', async () => {
    const load: LoadRow = (await seal([{ setMealId: setA, sent: 5 }]).expect(201)).body.load;
    const at = (temperatureC: number) => kitchen.post(`/kitchen/loads/${load.id}/leave`, { temperatureC });
    await at(41.5).expect(422).expect(({ body }) => expect(body).toMatchObject({ code: 'KITCHEN.LOAD_WARM', details: { celsius: 41.5 } }));
    await at(200).expect(400);
    expect((await kitchen.get('/kitchen/loads').expect(200)).body.loads[0]).toMatchObject({ state: 'sealed', leftTemperatureC: null });
    expect((await at(68.4).expect(200)).body.load).toMatchObject({ state: 'left', leftTemperatureC: 68.4 });
    expect((await at(41.5).expect(200)).body.load).toMatchObject({ leftTemperatureC: 68.4 });
    const cold: LoadRow = (await seal([{ setMealId: setA, sent: 5 }]).expect(201)).body.load;
    expect((await kitchen.post(`/kitchen/loads/${cold.id}/leave`, { temperatureC: 5 }).expect(200)).body.load.leftTemperatureC).toBe(5);
    const unmeasured: LoadRow = (await seal([{ setMealId: setA, sent: 5 }]).expect(201)).body.load;
    expect((await leave(unmeasured.id).expect(200)).body.load).toMatchObject({ state: 'left', leftTemperatureC: null });
  });

  it('shows a load that misses the fifteen minutes as late, then as missed', async () => {
    const start = test.clock.now().getTime();
    const load: LoadRow = (await seal([{ setMealId: setA, sent: 5 }]).expect(201)).body.load;
    await leave(load.id).expect(200);
    test.clock.moveTo(new Date(start + minutes(15) + 1));
    expect((await portions()).loads[0]?.clock).toBe('late');
    await accept(load.id, { items: [{ setMealId: setA, accepted: 5 }], temperatureC: 64 }).expect(200);
    expect((await portions()).loads[0]?.clock).toBe('missed');
    test.clock.moveTo(new Date(start));
  });

  it('tells street and point once about a load that was not accepted in time, and nobody about one that was', async () => {
    const check = test.app.get(CheckLoadLateness, { strict: false });
    const loads: LoadRow[] = [];
    for (let wave = 0; wave < 2; wave += 1) {
      const load: LoadRow = (await seal([{ setMealId: setA, sent: 2 }]).expect(201)).body.load;
      await leave(load.id).expect(200);
      loads.push(load);
    }
    const [onRoad, inTime] = loads;
    await accept(inTime?.id ?? '', { items: [{ setMealId: setA, accepted: 2 }], temperatureC: 70 }).expect(200);
    const messageOf = async (loadId: string): Promise<string> => (await test.dataSource.query<{ id: string }[]>(
      "SELECT id FROM outbox_message WHERE type = 'load.left' AND payload LIKE ?", [`%${loadId}%`],
    ))[0]?.id ?? '';
    const late = { messageId: await messageOf(onRoad?.id ?? ''), loadId: onRoad?.id ?? '' };
    expect(await check.execute(late)).toBe(true);
    expect(await check.execute(late)).toBe(false);
    expect(await check.execute({ messageId: await messageOf(inTime?.id ?? ''), loadId: inTime?.id ?? '' })).toBe(false);
    const notices = await test.dataSource.query<{ recipient_kind: string }[]>("SELECT recipient_kind FROM notice WHERE kind = 'load-late' ORDER BY recipient_kind");
    expect(notices.map((notice) => notice.recipient_kind)).toEqual(['point', 'street']);
  });

  it('does the same thing once for the same key and refuses to accept a load twice', async () => {
    const key = randomUUID();
    const first: LoadRow = (await seal([{ setMealId: setA, sent: 10 }], street.pointIds[0], key).expect(201)).body.load;
    const again: LoadRow = (await seal([{ setMealId: setA, sent: 10 }], street.pointIds[0], key).expect(201)).body.load;
    expect(again.id).toBe(first.id);
    await leave(first.id).expect(200);
    const leftAt = (await leave(first.id).expect(200)).body.load.leftAt;
    expect(leftAt).toBe((await leave(first.id).expect(200)).body.load.leftAt);
    const body = { items: [{ setMealId: setA, accepted: 10 }], temperatureC: 70 };
    const acceptKey = randomUUID();
    await accept(first.id, body, acceptKey).expect(200);
    await accept(first.id, body, acceptKey).expect(200);
    await accept(first.id, body).expect(409).expect((answer) => expect(answer.body.code).toBe('KITCHEN.ALREADY_ACCEPTED'));
    expect((await portions()).sets[0]).toMatchObject({ sent: 10, accepted: 10 });
    const armed = await test.dataSource.query("SELECT run_at FROM outbox_message WHERE type = 'load.left' AND payload LIKE ?", [`%${first.id}%`]);
    expect(armed).toHaveLength(1);
  });

  it('gives two loads sealed at the same instant each a number and adds both', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => seal([{ setMealId: setA, sent: 7 }])));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(answers.map(({ body }) => body.load.wave).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await portions()).sets[0]?.sent).toBe(42);
  });

  it('accepts one load once when two attendants tap at the same instant', async () => {
    for (let round = 0; round < 10; round += 1) {
      const load: LoadRow = (await seal([{ setMealId: setA, sent: 4 }]).expect(201)).body.load;
      await leave(load.id).expect(200);
      const body = { items: [{ setMealId: setA, accepted: 4 }], temperatureC: 70 };
      const statuses = (await Promise.all([accept(load.id, body), accept(load.id, body)])).map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 409]);
    }
    expect((await portions()).sets[0]).toMatchObject({ sent: 40, accepted: 40 });
  });

  it('refuses what does not fit: not yet left, another set meal, another day, twice the same set meal', async () => {
    const load: LoadRow = (await seal([{ setMealId: setA, sent: 3 }]).expect(201)).body.load;
    const ok = { items: [{ setMealId: setA, accepted: 3 }], temperatureC: 70 };
    await accept(load.id, ok).expect(409).expect((answer) => expect(answer.body.code).toBe('KITCHEN.NOT_LEFT'));
    await leave(load.id);
    await accept(load.id, { ...ok, items: [{ setMealId: setB, accepted: 3 }] }).expect(400).expect((answer) => expect(answer.body.code).toBe('KITCHEN.ITEMS_DIFFER'));
    const tomorrow = await insertSet('A', '2026-11-25');
    await seal([{ setMealId: tomorrow, sent: 3 }]).expect(422).expect((answer) => expect(answer.body.code).toBe('KITCHEN.NOT_ON_MENU'));
    await seal([{ setMealId: setA, sent: 3 }, { setMealId: setA, sent: 4 }]).expect(422);
    await seal([{ setMealId: setA, sent: 0 }]).expect(400);
  });

  it('takes thrown-away portions out of sale, never more than are left', async () => {
    await arrived(6);
    await waste(7).expect(409).expect((answer) => expect(answer.body.code).toBe('KITCHEN.WASTE_TOO_MANY'));
    const both = await Promise.all([waste(4), waste(4)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [set] = (await waste(2).expect(200)).body.sets as PointPortionsAnswer['sets'];
    expect(set).toMatchObject({ accepted: 6, served: 0, collected: 0, wasted: 6, left: 0 });
    const [sum] = await test.dataSource.query('SELECT SUM(portions) AS portions FROM portion_waste');
    expect(Number(sum.portions)).toBe(6);
  });

  it('shows another point nothing and audits the attempt', async () => {
    const load: LoadRow = (await seal([{ setMealId: setA, sent: 3 }]).expect(201)).body.load;
    await leave(load.id);
    const body = { items: [{ setMealId: setA, accepted: 3 }], temperatureC: 70 };
    await accept(load.id, body, randomUUID(), elsewhere).expect(404);
    await accept(load.id, body, randomUUID(), elsewhere, street.pointIds[2]).expect(404);
    await elsewhere.get(`/points/${street.pointIds[0]}/portions`).expect(404);
    const denials = await test.dataSource.query(
      "SELECT object_id FROM audit_line WHERE actor_id = ? AND outcome = 'denied' AND object_kind = 'point'", [elsewhere.staffId],
    );
    expect(denials.length).toBeGreaterThanOrEqual(2);
    const otherKitchen = await signIn(test, 'kitchen', 'kitchen', newId());
    await seal([{ setMealId: setA, sent: 1 }], street.pointIds[0], randomUUID(), otherKitchen).expect(404);
    await attendant.post('/kitchen/loads', {}).expect(403);
  });
});
