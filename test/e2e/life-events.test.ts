import type { LifeEventPreview, LifeEventsAnswer, MealsAfterAnswer } from '../../src/contract/life-events.js';
import { newId } from '../../src/infra/ids.js';
import { DeliveryOffers } from '../../src/modules/life-events/index.js';
import { Notices } from '../../src/modules/notices/index.js';
import { PersonMerges } from '../../src/modules/seniors/index.js';
import { insertCrew, insertDeliveryStreet, insertDiner, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { topUp, walletFen, type TestSenior } from '../fixtures/lunch-time.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: DeliveryStreet;
let officer: SignedIn;
let second: SignedIn;
let finance: SignedIn;
let kiosk: TestDevice;
let crewId: string;
const routePlanId = newId();

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  officer = await signIn(test, 'street', 'street', street.streetId);
  second = await signIn(test, 'street', 'street', street.streetId);
  finance = await signIn(test, 'finance', 'street', street.streetId);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  crewId = await insertCrew(test, street.pointIds[0]);
  await test.dataSource.query(
    `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
     VALUES (?, 'point', ?, ?, 'lunch', 'final', 'test', 0, 1, 1, ?, ?)`, [routePlanId, street.pointIds[0], street.day, '0'.repeat(64), test.clock.now()],
  );
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

const told = { source: '社区', evidence: '证明 7' };
const one = async <T>(sql: string, params: unknown[]): Promise<T> => (await test.dataSource.query<T[]>(sql, params))[0];
const count = async (sql: string, ...params: unknown[]): Promise<number> => Number((await one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`, params)).n);
const pay = (cardNo: string, expectedDueFen = 1_600) =>
  kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo }, setMealId: street.setMealId, expectedDueFen }, { idempotencyKey: newId() });

interface Life extends TestSenior { readonly orderId: string; readonly stopId: string; readonly tripId: string; readonly categoryId: string; readonly planId: string }

/** Somebody with everything that an event can stop: plan, order of tomorrow, an open door of today, face consent, card, category, contact, money. */
async function wholeLife(given: { birthDate?: string } = {}): Promise<Life> {
  const senior = await insertDiner(test, street, { northM: 300, ...given });
  const [plan] = await test.dataSource.query<{ id: string }[]>('SELECT id FROM standing_plan WHERE senior_id = ?', [senior.seniorId]);
  const order = async (day: string): Promise<string> => {
    const orderId = newId();
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, standing_plan_id, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'standing', ?, 'ordered', 1, ?)`, [orderId, senior.seniorId, street.pointIds[0], day, plan?.id, test.clock.now()],
    );
    return orderId;
  };
  const [todays, orderId] = [await order(street.day), await order('2026-11-26')];
  const [tripId, stopId, categoryId] = [newId(), newId(), newId()];
  await test.dataSource.query(
    `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m) VALUES (?, ?, ?, 1, 39600, 40000, 40400, 1, 900)`, [tripId, routePlanId, crewId],
  );
  await test.dataSource.query(
    `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s) VALUES (?, ?, 3, ?, ?, 40000, 30, 60, 38000, 45000)`,
    [stopId, tripId, todays, senior.seniorId],
  );
  await test.dataSource.query(
    `INSERT INTO consent (id, senior_id, purpose, point_id, given_by, notice_version, given_at, recorded_by) VALUES (?, ?, 'face-point', ?, 'self', '2026-1', ?, ?)`,
    [newId(), senior.seniorId, street.pointIds[0], test.clock.now(), officer.staffId],
  );
  await test.dataSource.query(
    `INSERT INTO senior_category (id, senior_id, code, status, source, evidence, valid_from, valid_to, created_at) VALUES (?, ?, 'alone', 'approved', '社区', 'K-1', '2026-01-01', NULL, ?)`,
    [categoryId, senior.seniorId, test.clock.now()],
  );
  await test.dataSource.query("INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher) VALUES (?, ?, 'family', '女儿', 'x', 'x')", [newId(), senior.seniorId]);
  return { ...senior, orderId, stopId, tripId, categoryId, planId: plan?.id ?? '' };
}

/** What stands of a person: true where nothing was stopped. */
async function standing(life: Life): Promise<Record<string, boolean>> {
  const { seniorId } = life;
  return {
    registration: (await one<{ status: string }>('SELECT status FROM senior WHERE id = ?', [seniorId])).status === 'active',
    plans: await count('standing_plan WHERE senior_id = ? AND valid_to IS NULL', seniorId) > 0,
    orders: await count('meal_order WHERE id = ? AND active = 1', life.orderId) > 0,
    stops: await count("route_stop WHERE id = ? AND result = 'open'", life.stopId) > 0,
    face: await count('consent WHERE senior_id = ? AND withdrawn_at IS NULL', seniorId) > 0,
    cards: await count('senior_card WHERE senior_id = ? AND active = 1', seniorId) > 0,
    categories: await count('senior_category WHERE id = ? AND valid_to IS NULL', life.categoryId) > 0,
    wallet: await count("wallet_release WHERE senior_id = ? AND state = 'freed'", seniorId) === 0,
    home: await count('senior WHERE id = ? AND point_id = ?', seniorId, street.pointIds[0]) > 0,
    away: await count('senior_stay WHERE senior_id = ? AND active = 1', seniorId) === 0,
    silence: await count("notice n JOIN senior_contact c ON c.id = n.recipient_id WHERE n.kind = 'meals-ended' AND c.senior_id = ?", seniorId) === 0,
  };
}

const home = { address: '新家路 2 号', latitude: 30.335, longitude: 120.35, floor: 2, hasLift: true, doorNote: '' };
const EVERYTHING = { registration: false, plans: false, orders: false, stops: false, face: false, cards: false, categories: false, wallet: false, silence: false };
const NOTHING = { registration: true, plans: true, orders: true, stops: true, face: true, cards: true, categories: true, wallet: true, home: true, away: true, silence: true };

describe('one event and what follows', () => {
  it.each([
    ['death', () => ({ kind: 'death', from: '2026-11-24' }), { ...NOTHING, ...EVERYTHING }],
    ['move away', () => ({ kind: 'move-away', from: '2026-11-24' }), { ...NOTHING, ...EVERYTHING }],
    ['move within the street', () => ({ kind: 'move-within', from: '2026-11-24', pointId: street.pointIds[2], communityId: street.communityIds[1], home }),
      { ...NOTHING, stops: false, face: false, home: false }],
    ['hospital', () => ({ kind: 'hospital', from: '2026-11-24', to: '2026-12-01' }), { ...NOTHING, orders: false, stops: false, away: false }],
    ['nursing home', () => ({ kind: 'nursing-home', from: '2026-11-24', to: null }), { ...NOTHING, orders: false, stops: false, away: false }],
    ['category ended', (life: Life) => ({ kind: 'category-end', from: '2026-11-24', categoryId: life.categoryId }), { ...NOTHING, categories: false }],
    ['category begun', () => ({ kind: 'category-start', from: '2026-11-24', to: null, code: 'merit' }), NOTHING],
  ])('%s stops what it must and nothing else, and says so before', async (_, bodyOf, expected) => {
    const life = await wholeLife();
    const body = { ...told, ...bodyOf(life) };
    expect(await standing(life)).toEqual(NOTHING);
    const preview = (await officer.post(`/seniors/${life.seniorId}/life-events/preview`, body).expect(200)).body as LifeEventPreview;
    expect(await standing(life)).toEqual(NOTHING);
    const answer = (await officer.post(`/seniors/${life.seniorId}/life-events`, body).expect(201)).body as { lifeEventId: string; effects: LifeEventPreview['effects'] };
    expect(await standing(life)).toEqual(expected);
    const counts = (effects: LifeEventPreview['effects']): Record<string, number> => Object.fromEntries(effects.map(({ consequence, n }) => [consequence, n]));
    expect(counts(answer.effects)).toEqual(counts(preview.effects));
    const listed = (await officer.get(`/seniors/${life.seniorId}/life-events`).expect(200)).body as LifeEventsAnswer;
    expect(listed.rows[0]).toMatchObject({ id: answer.lifeEventId, kind: body.kind, source: '社区', reversedById: null, mayUndo: true });
  });

  it('takes a wrong death back with a second person: everything but the face, which is said', async () => {
    const life = await wholeLife();
    const { lifeEventId } = (await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-24' }).expect(201)).body as { lifeEventId: string };
    expect((await second.post(`/life-events/${lifeEventId}/undo/decision`, { approve: true })).body).toMatchObject({ code: 'LIFE_EVENT.UNDO_NOT_ASKED' });
    await officer.post(`/life-events/${lifeEventId}/undo`, { reason: '同名错报' }).expect(200);
    expect((await officer.post(`/life-events/${lifeEventId}/undo/decision`, { approve: true })).body).toMatchObject({ code: 'LIFE_EVENT.SAME_PERSON' });
    const undone = (await second.post(`/life-events/${lifeEventId}/undo/decision`, { approve: true }).expect(200)).body as { restored: unknown[]; notRestored: string[] };
    expect(undone.notRestored.sort()).toEqual(['contacts', 'face']);
    expect(await standing(life)).toEqual({ ...NOTHING, face: false, silence: false });
    expect((await pay(life.cardNo)).status).toBe(200);
    expect((await officer.post(`/life-events/${lifeEventId}/undo`, { reason: '再来' })).body).toMatchObject({ code: 'LIFE_EVENT.REVERSED' });
  });

  it('ends the messages with a death', async () => {
    const life = await wholeLife();
    const notices = test.app.get(Notices, { strict: false });
    const low = (key: string): Promise<boolean> => test.dataSource.transaction((tx) => notices.request(tx, {
      kind: 'wallet-low', recipientKind: 'senior', recipientId: life.seniorId, facts: { name: '王**', balance: '1.00', phone: '0571-1' }, dedupKey: `low-${key}-${life.seniorId}`,
    }));
    expect(await low('before')).toBe(true);
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-24' }).expect(201);
    expect(await low('after')).toBe(false);
  });

  it('cannot be changed or deleted, only reversed', async () => {
    const life = await wholeLife();
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'hospital', from: '2026-11-24', to: null }).expect(201);
    await expect(test.dataSource.query('UPDATE life_event SET from_day = ? WHERE senior_id = ?', ['2026-01-01', life.seniorId])).rejects.toThrow('append-only');
    await expect(test.dataSource.query('DELETE FROM life_event WHERE senior_id = ?', [life.seniorId])).rejects.toThrow('append-only');
  });

  it('refuses what cannot be: a death to come, a second death, two stays at once, an end without a stay', async () => {
    const life = await wholeLife();
    const post = async (body: object): Promise<string> => ((await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, ...body })).body as { code: string }).code;
    expect(await post({ kind: 'death', from: '2026-11-25' })).toBe('LIFE_EVENT.IN_FUTURE');
    expect(await post({ kind: 'death', from: '1949-01-01' })).toBe('LIFE_EVENT.TOO_EARLY');
    expect(await post({ kind: 'stay-end', from: '2026-11-24', stay: 'hospital' })).toBe('STAY.NOT_OPEN');
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'hospital', from: '2026-11-20', to: null }).expect(201);
    expect(await post({ kind: 'hospital', from: '2026-11-22', to: null })).toBe('STAY.OVERLAPS');
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-24' }).expect(201);
    expect(await post({ kind: 'death', from: '2026-11-24' })).toBe('LIFE_EVENT.ALREADY');
  });

  it('gives the orders of a stay back on the day of return, where their cut-off lies ahead', async () => {
    const life = await wholeLife();
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'hospital', from: '2026-11-24', to: null }).expect(201);
    const refused = await officer.post('/orders', { seniorId: life.seniorId, day: '2026-11-27', period: 'lunch', setCode: 'A', fulfilment: 'delivery' }).set('Idempotency-Key', newId());
    expect(refused.body).toMatchObject({ code: 'ORDER.SENIOR_AWAY' });
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'stay-end', stay: 'hospital', from: '2026-11-26' }).expect(201);
    expect(await standing(life)).toMatchObject({ orders: true });
  });
});

describe('meals after an event', () => {
  it('are listed by payer, proposed by one, taken back by another, each once and booked on the day of the decision', async () => {
    const life = await wholeLife();
    await topUp(test, { seniorId: life.seniorId, pointId: street.pointIds[0], amountFen: 5_000 });
    expect((await pay(life.cardNo)).status).toBe(200);
    const before = await walletFen(test.dataSource, life.seniorId);
    test.clock.moveTo(new Date('2026-12-08T03:00:00Z'));
    const { lifeEventId } = (await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-22' }).expect(201)).body as { lifeEventId: string };
    const list = (await finance.get(`/life-events/${lifeEventId}/meals`).expect(200)).body as MealsAfterAnswer;
    expect(list.sum).toEqual({ meals: 1, grossFen: 2_000, dueFen: 1_600, subsidyFen: 400, payers: list.rows[0]?.payers });
    expect(list.rows[0]).toMatchObject({ day: '2026-11-24', state: 'open', subsidyFen: 400 });
    const mealId = list.rows[0]?.mealId ?? '';
    await finance.post(`/life-events/${lifeEventId}/claw-backs`, { mealIds: [mealId], reason: '去世后入账' }).expect(200);
    expect((await finance.post(`/life-events/${lifeEventId}/claw-backs`, { mealIds: [mealId], reason: '再来' })).body).toMatchObject({ code: 'CLAW_BACK.ALREADY' });
    const key = newId();
    const decide = (staff: SignedIn, idempotencyKey: string) => staff.post(`/claw-backs/${mealId}/decision`, { approve: true, reason: '' }).set('Idempotency-Key', idempotencyKey);
    expect((await decide(finance, newId())).body).toMatchObject({ code: 'CLAW_BACK.SAME_PERSON' });
    const answers = await Promise.all([decide(officer, key), decide(officer, key), decide(second, newId())]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 409].sort());
    expect(await walletFen(test.dataSource, life.seniorId)).toBe(before + 1_600);
    expect(await one('SELECT reason, business_day AS day FROM meal_reversal WHERE meal_id = ?', [mealId])).toEqual({ reason: 'claw-back', day: '2026-12-08' });
    expect(await one('SELECT t.business_day AS day FROM transfer t JOIN meal_reversal r ON r.transfer_id = t.id WHERE r.meal_id = ?', [mealId])).toEqual({ day: '2026-12-08' });
    const letter = (await finance.get(`/life-events/${lifeEventId}/letter`).expect(200)).body as { paragraphs: { zh: string }[]; balanceFen: number };
    expect(letter.paragraphs[0]?.zh).toContain('节哀');
    expect(JSON.stringify(letter)).not.toContain('追回');
  });

  it('leaves the meal of the day of death alone', async () => {
    const life = await wholeLife();
    expect((await pay(life.cardNo)).status).toBe(200);
    const { lifeEventId } = (await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-24' }).expect(201)).body as { lifeEventId: string };
    expect(((await finance.get(`/life-events/${lifeEventId}/meals`)).body as MealsAfterAnswer).rows).toEqual([]);
  });

  it('takes no meal that is not on the list of an ended category', async () => {
    const life = await wholeLife();
    const { lifeEventId } = (await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'category-end', from: '2026-11-20', categoryId: life.categoryId }).expect(201)).body as { lifeEventId: string };
    expect((await finance.post(`/life-events/${lifeEventId}/claw-backs`, { mealIds: [newId()], reason: '错' })).body).toMatchObject({ code: 'CLAW_BACK.NOT_LISTED' });
  });
});

describe('a door that is not to be served', () => {
  it('shows the crew what to do, and keeps what was handed over all the same without a meal on anybody’s account', async () => {
    const life = await wholeLife();
    const crew = await signIn(test, 'crew', 'crew', crewId);
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'death', from: '2026-11-23' }).expect(201);
    const trips = ((await crew.get('/crew/today').expect(200)).body as { trips: { stops: { stopId: string; result: string; reason: string | null }[] }[] }).trips;
    expect(trips.flatMap((trip) => trip.stops).find((stop) => stop.stopId === life.stopId)).toMatchObject({ result: 'absent', reason: 'stopped' });
    expect(await count("notice WHERE kind = 'stop-held' AND recipient_id = ? AND dedup_key = ?", crewId, `stop-held-${life.stopId}`)).toBe(1);
    const handed = await crew.post(`/crew/stops/${life.stopId}/result`, { result: 'delivered', receivedBy: 'family', proofLast2: null, deviceAt: test.clock.now().toISOString() }).set('Idempotency-Key', newId());
    expect(handed.body).toMatchObject({ result: 'delivered', mealId: null });
    expect(await count('meal WHERE senior_id = ?', life.seniorId)).toBe(0);
  });
});

describe('what a delivered meal costs, by the day', () => {
  const deliver = async (life: Life): Promise<number> => {
    const crew = await signIn(test, 'crew', 'crew', crewId);
    const answer = await crew.post(`/crew/stops/${life.stopId}/result`, { result: 'delivered', receivedBy: 'self', proofLast2: null, deviceAt: test.clock.now().toISOString() }).set('Idempotency-Key', newId());
    expect(answer.body).toMatchObject({ result: 'delivered' });
    return Number((await one<{ dueFen: number }>('SELECT due_fen AS dueFen FROM meal WHERE senior_id = ?', [life.seniorId])).dueFen);
  };
  const special = (life: Life, validTo: string): Promise<unknown> => test.dataSource.query(
    `INSERT INTO senior_category (id, senior_id, code, status, source, evidence, valid_from, valid_to, created_at) VALUES (?, ?, 'special-senior', 'approved', 'street', 'T-9', '2026-01-01', ?, ?)`,
    [newId(), life.seniorId, validTo, test.clock.now()],
  );

  it('is nothing from the ninetieth birthday on, and not the day before', async () => {
    expect(await deliver(await wholeLife({ birthDate: '1936-11-24' }))).toBe(0);
    expect(await deliver(await wholeLife({ birthDate: '1936-11-25' }))).toBeGreaterThan(0);
  });

  it('is nothing for a special senior, and the tier of the age from the day on which the approval ended', async () => {
    const [valid, ended] = [await wholeLife(), await wholeLife()];
    await special(valid, '2026-11-25');
    await special(ended, '2026-11-24');
    expect(await deliver(valid)).toBe(0);
    expect(await deliver(ended)).toBe(1_600);
  });

  it('knows a nursing home from the first day of the stay to the day before the return', async () => {
    const life = await wholeLife();
    await officer.post(`/seniors/${life.seniorId}/life-events`, { ...told, kind: 'nursing-home', from: '2026-11-24', to: '2026-12-01' }).expect(201);
    const changed = (await pay(life.cardNo)).body as { code: string; details: { dueFen: number } };
    expect(changed.code).toBe('PAYMENT.PRICE_CHANGED');
    expect(changed.details.dueFen).toBeGreaterThan(1_600); // a rule of the policy asks that no nursing home feeds the diner
    expect((await pay(life.cardNo, changed.details.dueFen)).status).toBe(200);
    const { facts } = await one<{ facts: unknown }>('SELECT facts FROM meal WHERE senior_id = ?', [life.seniorId]);
    expect(facts).toMatchObject({ diner: { inNursingHome: true } });
  });
});

describe('birthdays', () => {
  const offersOf = (seniorId: string): Promise<number> => count("delivery_offer WHERE senior_id = ? AND state = 'open'", seniorId);

  it('are found at midnight in Shanghai, once, and start delivery where the community says yes', async () => {
    const offers = test.app.get(DeliveryOffers, { strict: false });
    const senior = await insertDiner(test, street, { northM: 200, birthDate: '1936-11-25', plan: false });
    test.clock.moveTo(new Date('2026-11-24T15:59:59Z'));
    await offers.findBirthdays();
    expect(await offersOf(senior.seniorId)).toBe(0);
    test.clock.moveTo(new Date('2026-11-24T16:00:00Z'));
    await Promise.all([offers.findBirthdays(), offers.findBirthdays()]);
    expect(await offersOf(senior.seniorId)).toBe(1);
    expect(await count("notice WHERE kind = 'birthday-90' AND recipient_id = ?", street.communityIds[0])).toBeGreaterThan(0);
    const { rows } = (await officer.get('/delivery-offers').expect(200)).body as { rows: { seniorId: string; lifeEventId: string; turnedOn: string }[] };
    const offer = rows.find((row) => row.seniorId === senior.seniorId);
    expect(offer?.turnedOn).toBe('2026-11-25');
    const decided = await officer.post(`/delivery-offers/${offer?.lifeEventId}/decision`, { accept: true }).expect(200);
    expect((decided.body as { planId: string | null }).planId).not.toBeNull();
    expect((await officer.post(`/delivery-offers/${offer?.lifeEventId}/decision`, { accept: false })).body).toMatchObject({ code: 'OFFER.DECIDED' });
  });

  it('of 29 February are on 1 March of a common year', async () => {
    const offers = test.app.get(DeliveryOffers, { strict: false });
    const senior = await insertDiner(test, street, { northM: 200, birthDate: '1936-02-29', plan: false });
    test.clock.moveTo(new Date('2026-02-28T15:00:00Z'));
    await offers.findBirthdays();
    expect(await offersOf(senior.seniorId)).toBe(0);
    test.clock.moveTo(new Date('2026-02-28T16:00:00Z'));
    await offers.findBirthdays();
    expect(await offersOf(senior.seniorId)).toBe(1);
  });
});

describe('the community’s lists', () => {
  it('name who was not seen, until somebody meets them', async () => {
    const life = await wholeLife();
    const rowsOf = async (days: string): Promise<string[]> => ((await officer.get(`/unseen-seniors?days=${days}&size=200`).expect(200)).body as { rows: { seniorId: string }[] }).rows.map((row) => row.seniorId);
    expect((await pay(life.cardNo)).status).toBe(200);
    test.clock.moveTo(new Date('2026-12-23T03:00:00Z'));
    expect(await rowsOf('30')).not.toContain(life.seniorId);
    test.clock.moveTo(new Date('2026-12-24T03:00:00Z'));
    expect(await rowsOf('30')).toContain(life.seniorId);
    expect(await rowsOf('60')).not.toContain(life.seniorId);
    await officer.post(`/seniors/${life.seniorId}/seen`, { on: '2026-12-24', how: 'visited', note: '' }).expect(200);
    expect(await rowsOf('30')).not.toContain(life.seniorId);
  });

  it('find two records of one person; merged, one stands and the other buys nothing, while meals stay', async () => {
    const [a, b] = [await insertDiner(test, street, { northM: 100, birthDate: '1951-03-03', name: '韩重复' }), await insertDiner(test, street, { northM: 100, birthDate: '1951-03-03', name: '韩重复' })];
    expect((await pay(b.cardNo)).status).toBe(200);
    await test.dataSource.query("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-peanut')", [b.seniorId]);
    const { rows } = (await officer.get('/person-duplicates').expect(200)).body as { rows: { a: { id: string }; b: { id: string } }[] };
    expect(rows.map((row) => [row.a.id, row.b.id].sort())).toContainEqual([a.seniorId, b.seniorId].sort());
    const propose = async (): Promise<{ body: { mergeId: string; code?: string } }> => officer.post(`/seniors/${b.seniorId}/merge`, { intoId: a.seniorId, evidence: '同一身份证复印件' });
    const { mergeId } = (await propose()).body;
    expect((await propose()).body).toMatchObject({ code: 'MERGE.PENDING' });
    expect(await count("senior WHERE id = ? AND status = 'active'", b.seniorId)).toBe(1);
    const decide = (who: SignedIn, path = 'decision', approve = true) => who.post(`/person-merges/${mergeId}/${path}`, { approve, note: '' });
    expect((await decide(officer)).body).toMatchObject({ code: 'MERGE.SAME_PERSON' });
    expect((await decide(second).expect(200)).body).toMatchObject({ state: 'merged', cards: 1, plans: 1 });
    expect((await propose()).body).toMatchObject({ code: 'MERGE.NOT_POSSIBLE' });
    expect((await decide(second)).body).toMatchObject({ code: 'MERGE.NOT_OPEN' });
    expect(await count('meal WHERE senior_id = ?', b.seniorId)).toBe(1);
    expect((await test.app.get(PersonMerges, { strict: false }).mergedInto()).get(b.seniorId)).toBe(a.seniorId);
    // The card in hand now finds the record that stands.
    expect(await count('senior_card WHERE senior_id = ? AND active = 1', a.seniorId)).toBe(2);
    // What one of the two must not eat, the person must not eat.
    expect(await count("senior_diet WHERE senior_id = ? AND code = 'no-peanut'", a.seniorId)).toBe(1);
    // What the other record ate counts: one lunch of one person, whatever card.
    expect((await pay(b.cardNo)).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
    expect((await pay(a.cardNo)).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
    const [event] = await test.dataSource.query<{ id: string }[]>("SELECT id FROM life_event WHERE senior_id = ? AND kind = 'merge'", [b.seniorId]);
    expect((await officer.post(`/life-events/${event?.id}/undo`, { reason: '两个人' })).body).toMatchObject({ code: 'MERGE.OWN_UNDO' });

    // A wrong merge is taken back by two: card, plan, register and the money that waited.
    expect(await count("wallet_release WHERE senior_id = ? AND state = 'freed'", b.seniorId)).toBe(1);
    await officer.post(`/person-merges/${mergeId}/undo`, { reason: '确是两个人' }).expect(200);
    expect((await decide(officer, 'undo/decision')).body).toMatchObject({ code: 'MERGE.SAME_PERSON' });
    expect((await decide(second, 'undo/decision').expect(200)).body).toMatchObject({ state: 'undone', cards: 1, paidOutFen: 0 });
    expect(await count('person_merge WHERE senior_id = ?', b.seniorId)).toBe(0);
    expect([await count('senior_diet WHERE senior_id = ?', a.seniorId), await count('senior_diet WHERE senior_id = ?', b.seniorId)]).toEqual([0, 1]);
    expect(await count('senior_card WHERE senior_id = ? AND active = 1', b.seniorId)).toBe(1);
    expect(await count('standing_plan WHERE senior_id = ? AND valid_to IS NULL', b.seniorId)).toBe(1);
    expect((await pay(b.cardNo)).body).toMatchObject({ code: 'PAYMENT.ALREADY_SERVED' });
    expect((await pay(a.cardNo)).status).toBe(200);
    expect(await count("wallet_release WHERE senior_id = ? AND state = 'withdrawn'", b.seniorId)).toBe(1);
    expect(await count("senior WHERE id = ? AND status = 'active'", b.seniorId)).toBe(1);
    const { rows: merges } = (await second.get('/person-merges').expect(200)).body as { rows: { id: string; state: string }[] };
    expect(merges.find(({ id }) => id === mergeId)).toMatchObject({ state: 'undone' });
    // Proposed again, it may be merged again.
    expect((await propose()).body).toMatchObject({ state: 'proposed' });
  });
});

describe('own money that an event freed', () => {
  const payee = { name: '陈小红', phone: '13800004321', relation: '女儿', proof: '公证书 2026-7' };
  const account = { accountName: '陈小红', accountNo: '6222000011112222', bankName: '杭州银行', reason: '继承' };
  let cashier: SignedIn;
  beforeAll(async () => { cashier = await signIn(test, 'finance', 'street', street.streetId); });

  interface Freed { seniorId: string; eventId: string; releaseId: string; balanceFen: number }
  async function freed(kind: 'death' | 'move-away' = 'death'): Promise<Freed> {
    const { seniorId } = await insertDiner(test, street, { northM: 200 });
    const { lifeEventId } = (await officer.post(`/seniors/${seniorId}/life-events`, { kind, from: '2026-11-23', ...told }).expect(201)).body as { lifeEventId: string };
    const { rows } = (await finance.get('/wallet-releases?state=freed&size=200').expect(200)).body as { rows: { id: string; seniorId: string; balanceFen: number; mayAsk: boolean }[] };
    const row = rows.find((found) => found.seniorId === seniorId);
    expect(row).toMatchObject({ mayAsk: false });
    return { seniorId, eventId: lifeEventId, releaseId: row?.id ?? '', balanceFen: row?.balanceFen ?? 0 };
  }
  const ask = (of: Freed, body: object = account, who = finance) => who.post(`/wallet-releases/${of.releaseId}/payout-requests`, body);
  const approve = (requestId: string, who: SignedIn) => who.post(`/money-requests/${requestId}/approve`, {}).set('Idempotency-Key', newId());
  const nameIt = (of: Freed) => officer.put(`/life-events/${of.eventId}/payee`, payee).expect(200);
  const undo = async (of: Freed): Promise<{ paidOut: { amountFen: number } | null; restored: { consequence: string; n: number }[] }> => {
    await officer.post(`/life-events/${of.eventId}/undo`, { reason: '误报' }).expect(200);
    return (await second.post(`/life-events/${of.eventId}/undo/decision`, { approve: true }).expect(200)).body as never;
  };
  const stored = async (seniorId: string): Promise<number> => Number((await one<{ fen: string }>("SELECT balance_fen AS fen FROM account WHERE kind = 'wallet' AND owner_code = ?", [seniorId])).fen);

  it('goes to the payee with proof, asked for by one and paid by another of finance, once', async () => {
    const of = await freed();
    expect(of.balanceFen).toBeGreaterThan(0);
    expect((await ask(of)).body).toMatchObject({ code: 'RELEASE.NO_PAYEE' });
    await nameIt(of);
    expect((await ask(of, { ...account, accountName: '别人' })).body).toMatchObject({ code: 'REFUND.NAME_DIFFERS' });
    // The ordinary refund does not pass this door by.
    expect((await finance.post(`/wallets/${of.seniorId}/refund-requests`, { cause: 'operator', payTo: { kind: 'cash' }, heir: null, reason: '退款' })).body).toMatchObject({ code: 'REFUND.USE_RELEASE' });
    const { requestId } = (await ask(of).expect(200)).body as { requestId: string };
    expect((await ask(of)).body).toMatchObject({ code: 'REQUEST.PENDING' });
    expect((await approve(requestId, finance)).body).toMatchObject({ code: 'REQUEST.SAME_PERSON' });
    expect((await approve(requestId, officer)).status).toBe(403);
    const both = await Promise.all([approve(requestId, cashier), approve(requestId, cashier)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await stored(of.seniorId)).toBe(0);
    expect(await one('SELECT r.state, r.paid_fen AS paidFen, t.kind FROM wallet_release r JOIN transfer t ON t.id = r.transfer_id WHERE r.id = ?', [of.releaseId]))
      .toMatchObject({ state: 'paid', kind: 'wallet-release' });
    expect((await ask(of)).body).toMatchObject({ code: 'RELEASE.NOT_OPEN' });
    const after = await undo(of);
    expect(after.paidOut).toEqual({ amountFen: of.balanceFen, payeeRelation: '女儿' });
    expect(after.restored.find(({ consequence }) => consequence === 'wallet')).toMatchObject({ n: 0 });
    expect(await stored(of.seniorId)).toBe(0);
  });

  it('stays the person’s when a wrong report is taken back before the payout, and the payout that waited is refused', async () => {
    const of = await freed('move-away');
    await nameIt(of);
    const { requestId } = (await ask(of).expect(200)).body as { requestId: string };
    const after = await undo(of);
    expect(after.paidOut).toBeNull();
    expect(after.restored.find(({ consequence }) => consequence === 'wallet')).toMatchObject({ n: 1 });
    expect((await approve(requestId, cashier)).body).toMatchObject({ code: 'REQUEST.DECIDED' });
    expect(await stored(of.seniorId)).toBe(of.balanceFen);
  });

  it('is paid or taken back, never both, when the two happen at one instant', async () => {
    const of = await freed();
    await nameIt(of);
    const { requestId } = (await ask(of).expect(200)).body as { requestId: string };
    await officer.post(`/life-events/${of.eventId}/undo`, { reason: '误报' }).expect(200);
    const [paid, undone] = await Promise.all([approve(requestId, cashier), second.post(`/life-events/${of.eventId}/undo/decision`, { approve: true })]);
    expect(undone.status).toBe(200);
    const { paidOut } = undone.body as { paidOut: { amountFen: number } | null };
    expect([paid.status === 200, paidOut !== null, await stored(of.seniorId) === 0]).toEqual(paid.status === 200 ? [true, true, true] : [false, false, false]);
  });
});
