import request from 'supertest';
import { ProbeBook } from '../../src/modules/food-safety/probe-book.js';
import { insertCrew, insertDeliveryStreet, insertDiner, insertTrip, type DeliveryStreet } from '../fixtures/delivery-day.js';
import { insertIngredient } from '../fixtures/kitchen-things.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const MINUTE_MS = 60_000;
let test: TestApp;
let street: DeliveryStreet;
let kitchen: SignedIn;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);
const minutesBefore = (minutes: number): string => new Date(TEST_NOW.getTime() - minutes * MINUTE_MS).toISOString();
const told = async (kind: string): Promise<string[]> => (await rows<{ who: string }>('SELECT recipient_kind AS who FROM notice WHERE kind = ? ORDER BY recipient_kind, id', [kind])).map(({ who }) => who);

beforeAll(async () => {
  test = await startApp();
  street = await insertDeliveryStreet(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  await rows('DELETE FROM notice');
});

describe('a probe', () => {
  const add = async (name: string): Promise<string> => (await kitchen.post('/kitchen/safety/probes', { name, fromC: 0, toC: 8, toleratedMin: 15 }).expect(201)).body.key;
  const report = (key: string, readings: readonly (readonly [minutesAgo: number, celsius: number])[]) =>
    request(test.app.getHttpServer()).post('/api/v1/probes/readings').send({ key, readings: readings.map(([ago, celsius]) => ({ at: minutesBefore(ago), celsius })) }).expect(200);

  it('tells of a warm night that is over when a gateway delivers it, once, with how warm it was', async () => {
    const key = await add('夜里的冰箱');
    const night = [[480, 4], [420, 12], [300, 14], [180, 11], [120, 5], [10, 4]] as const;
    expect((await report(key, night)).body).toEqual({ taken: 6, alarm: false });
    await report(key, night);
    await report(key, [[5, 4]]);
    expect(await told('probe-was-out')).toEqual(['kitchen', 'street']);
    const [{ text }] = await rows<{ text: string }>("SELECT text FROM notice WHERE kind = 'probe-was-out' LIMIT 1");
    expect(text).toMatch(/240分钟/u);
    expect(text).toMatch(/14°C/u);
    expect(await told('probe-alarm')).toEqual([]);
  });

  it('says nothing of a door that stood open (negative control)', async () => {
    await report(await add('开门的冰箱'), [[60, 4], [50, 10], [40, 10], [30, 4]]);
    expect([...await told('probe-was-out'), ...await told('probe-alarm')]).toEqual([]);
  });

  it('rings once for an alarm that goes on for longer than a day', async () => {
    const key = await add('坏了的冰箱');
    for (let ago = 30 * 60; ago >= 0; ago -= 30) await report(key, [[ago, 12]]);
    expect(await told('probe-alarm')).toEqual(['kitchen', 'street']);
    const { probes } = (await kitchen.get('/kitchen/safety').expect(200)).body as { probes: { name: string; alarmSince: string | null }[] };
    expect(probes.find(({ name }) => name === '坏了的冰箱')?.alarmSince).toBe(minutesBefore(30 * 60));
  });

  it('that has never spoken is silent from when it was added', async () => {
    await add('没插电的探头');
    const book = test.app.get(ProbeBook, { strict: false });
    const before = await book.tellSilent();
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 31 * MINUTE_MS));
    await book.tellSilent();
    const texts = (await rows<{ text: string }>("SELECT text FROM notice WHERE kind = 'probe-silent' AND recipient_kind = 'kitchen'")).map(({ text }) => text);
    expect([before, texts.filter((text) => text.includes('没插电的探头')).length]).toEqual([0, 1]);
  });
});

describe('an allergen that a dish gains', () => {
  it('today or tomorrow, is told to its points, the street and the crew that carries a box for somebody who must not get it', async () => {
    const [{ dish_id: dishId }] = await rows<{ dish_id: string }>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
    const [allergic, other] = [await insertDiner(test, street, { northM: 100, plan: false }), await insertDiner(test, street, { northM: 100, plan: false })];
    await rows("INSERT INTO senior_diet (senior_id, code) VALUES (?, 'no-peanut')", [allergic.seniorId]);
    const [crewId, idle] = [await insertCrew(test, street.pointIds[0]), await insertCrew(test, street.pointIds[1])];
    const { tripId } = await insertTrip(test, street, { crewId, day: street.day, seniors: [allergic, other] });
    await insertTrip(test, street, { crewId: idle, day: street.day, seniors: [await insertDiner(test, street, { northM: 100, plan: false })], pointIndex: 1 });
    await rows('UPDATE route_trip SET left_at = ? WHERE id = ?', [test.clock.now(), tripId]);
    const [pork, peanut] = [await insertIngredient(test, street.kitchenId, { name: '肉' }), await insertIngredient(test, street.kitchenId, { name: '花生', foodGroup: 'nut', allergens: ['peanut'] })];
    const write = (ids: readonly string[]) => kitchen.post(`/nutrition/dishes/${dishId}/recipes`, { portions: 10, cookingYield: 1, method: '', ingredients: ids.map((ingredientId) => ({ ingredientId, purchasedG: 500 })) }).expect(201);
    await write([pork]);
    expect(await told('allergen-added')).toEqual([]);
    await write([pork, peanut]);
    const notices = await rows<{ id: string; text: string }>("SELECT recipient_id AS id, text FROM notice WHERE kind = 'allergen-added' AND text LIKE ?", [`%${street.day}%`]);
    expect(notices.map(({ id }) => id).sort()).toEqual([street.streetId, ...street.pointIds, crewId].sort());
    expect(notices.every(({ text }) => text.includes('有1位'))).toBe(true);
    // By the ingredient, and by what is declared, too.
    await rows('DELETE FROM notice');
    await kitchen.put(`/nutrition/ingredients/${pork}`, { name: '肉', foodGroup: 'meat', allergens: ['soy'], foodId: null, edibleShare: null, fenPerKg: null, purine: null }).expect(200);
    expect((await told('allergen-added')).length).toBeGreaterThan(0);
    await rows('DELETE FROM notice');
    const declare = () => kitchen.put(`/nutrition/dishes/${dishId}`, { allergens: ['peanut', 'soy', 'egg'], texture: null, hazards: [], fenPer100g: null, picture: '', substituteIds: [] }).expect(200);
    await declare();
    expect((await told('allergen-added')).length).toBeGreaterThan(0);
    await rows('DELETE FROM notice');
    await declare();
    expect(await told('allergen-added')).toEqual([]);
  });
});
