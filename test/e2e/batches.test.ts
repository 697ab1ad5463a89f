import { randomUUID } from 'node:crypto';
import type { BatchListAnswer, BatchRow, SampleListAnswer } from '../../src/contract/production.js';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const HOUR_MS = 3_600_000;

describe('batches from the pot to the load', () => {
  let test: TestApp;
  let street: LunchTime;
  let kitchen: SignedIn;
  let supervisor: SignedIn;
  let dishId: string;

  beforeAll(async () => {
    test = await startApp();
    street = await insertLunchTime(test);
    kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
    supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
    const [dish] = await test.dataSource.query<{ dish_id: string }[]>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
    dishId = dish?.dish_id ?? '';
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.moveTo(TEST_NOW);
    for (const table of ['load_batch', 'retained_sample', 'kitchen_batch', 'production_setting']) {
      if (table !== 'production_setting') await test.dataSource.query(`DELETE FROM ${table}`);
    }
  });

  const add = async (portions: number): Promise<BatchRow> =>
    (await kitchen.post('/kitchen/batches', { day: street.day, dishId, portions, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch;
  const cook = (batchId: string, portions: number, coreC: number | null) => kitchen.post('/kitchen/batches/cooked', { batchId, portions, coreC });
  const sample = (batchId: string, grams = 130) => supervisor.post('/kitchen/batches/sample', { batchId, grams, container: '3', fridge: 'F1', fridgeC: 4 });
  const release = (batchId: string) => supervisor.post('/kitchen/batches/release', { batchId, reason: '外购成品' });
  const seal = (sent: number) => kitchen.post('/kitchen/loads', { pointId: street.pointIds[0], items: [{ setMealId: street.setMealId, sent }] }).set('Idempotency-Key', randomUUID());
  async function releasedBatch(portions: number): Promise<BatchRow> {
    const batch = await add(portions);
    await cook(batch.id, portions, 76).expect(200);
    await sample(batch.id).expect(200);
    return (await release(batch.id).expect(200)).body.batch;
  }

  it('releases nothing without a temperature and a sample, and says which is missing', async () => {
    const batch = await add(80);
    await sample(batch.id).expect(409).expect((answer) => expect(answer.body.code).toBe('BATCH.NOT_COOKED'));
    await cook(batch.id, 82, null).expect(200);
    const refused = await release(batch.id).expect(422);
    expect(refused.body).toMatchObject({ code: 'BATCH.NOT_RELEASABLE', details: { obstacles: 'no-temperature, no-sample, goods-unknown' } });
    await cook(batch.id, 82, 68.5).expect(200);
    expect((await sample(batch.id, 100).expect(200)).body.batch.obstacles).toEqual(['too-cold', 'sample-too-small', 'goods-unknown']);
    await cook(batch.id, 82, 74).expect(200);
    await release(batch.id).expect(422).expect((answer) => expect(answer.body.details).toEqual({ obstacles: 'sample-too-small, goods-unknown' }));
  });

  it('gives up a pot that failed, with its reason, and plans the day anew beside it', async () => {
    const [burnt, wrong, good] = [await add(50), await add(10), await releasedBatch(20)];
    await cook(burnt.id, 50, 40).expect(200);
    const drop = (batchId: string, reason = '烧糊了') => kitchen.post('/kitchen/batches/drop', { batchId, reason });
    await drop(burnt.id, '').expect(400);
    expect((await drop(burnt.id).expect(200)).body.batch).toMatchObject({ state: 'dropped', left: 0 });
    await drop(wrong.id, '加错了').expect(200);
    await drop(good.id).expect(409).expect((answer) => expect(answer.body.code).toBe('BATCH.NOT_DROPPABLE'));
    await cook(burnt.id, 50, 80).expect(409);
    await release(burnt.id).expect(422);
    expect((await kitchen.get('/kitchen/board').expect(200)).body.dishes.every(({ cooked }: { cooked: number }) => cooked <= 20)).toBe(true);
    await seal(21).expect(422);
  });

  it('loads only what is released, out of the oldest batch first, and names the batches of each line', async () => {
    await seal(5).expect(422).expect((answer) => expect(answer.body).toMatchObject({ code: 'BATCH.NOT_ENOUGH_RELEASED', details: { missing: '红烧肉 5' } }));
    const first = await releasedBatch(20);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 60_000));
    const second = await releasedBatch(15);
    const { load } = (await seal(26).expect(201)).body;
    const shares = await test.dataSource.query('SELECT batch_id AS batchId, portions FROM load_batch WHERE load_id = ? ORDER BY portions DESC', [load.id]);
    expect(shares).toEqual([{ batchId: first.id, portions: 20 }, { batchId: second.id, portions: 6 }]);
    const { batches } = (await kitchen.get('/kitchen/batches').expect(200)).body as BatchListAnswer;
    expect(batches.map(({ fed, left }) => [fed, left])).toEqual([[20, 0], [6, 9]]);
    const both = await Promise.all([seal(6), seal(6)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
  });

  it('plans a day from orders and forecast until the first pot is done', async () => {
    const plan = () => kitchen.post('/kitchen/batches/plan', { day: street.day });
    await plan().expect(422).expect((answer) => expect(answer.body.code).toBe('BATCH.NOTHING_TO_COOK'));
    await test.dataSource.query('DELETE FROM meal_order');
    const seniors = await Promise.all(Array.from({ length: 3 }, () => import('../fixtures/lunch-time.js').then(({ insertSenior }) => insertSenior(test, street, {}))));
    for (const { seniorId } of seniors) {
      await test.dataSource.query(
        `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
         VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'placed', 1, ?)`, [newId(), seniorId, street.pointIds[0], street.day, TEST_NOW],
      );
    }
    await plan().expect(200);
    const again = (await plan().expect(200)).body as BatchListAnswer;
    expect(again.batches).toHaveLength(1);
    expect(again.batches[0]).toMatchObject({ dishName: '红烧肉', plannedPortions: 3, wave: 1, state: 'planned', readyMin: 570, obstacles: ['no-portions', 'no-temperature', 'no-sample', 'goods-unknown'] });
    await kitchen.post('/kitchen/batches/drop', { batchId: again.batches[0]?.id, reason: '加错了' }).expect(200);
    const { batches: anew } = (await plan().expect(200)).body as BatchListAnswer;
    expect(anew.map(({ state, batchNo }) => [state, batchNo]).sort()).toEqual([['dropped', 1], ['planned', 2]]);
    await cook(anew.find(({ state }) => state === 'planned')?.id ?? '', 3, 80).expect(200);
    await plan().expect(409).expect((answer) => expect(answer.body.code).toBe('BATCH.DAY_STARTED'));
  });

  it('keeps a sample for its 48 hours, then asks for its discard, once', async () => {
    await releasedBatch(10);
    const shelf = async (): Promise<SampleListAnswer> => (await supervisor.get('/kitchen/samples').expect(200)).body;
    const [kept] = (await shelf()).samples;
    expect(kept).toMatchObject({ state: 'kept', grams: 130, container: '3', fridge: 'F1', dishName: '红烧肉' });
    const discard = (note = '') => kitchen.post('/kitchen/samples/discard', { sampleId: kept?.id, note });
    await discard().expect(422).expect((answer) => expect(answer.body.code).toBe('SAMPLE.TOO_EARLY'));
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 48 * HOUR_MS));
    expect(await shelf()).toMatchObject({ due: 1, samples: [{ state: 'due' }] });
    const both = await Promise.all([discard(), discard()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await shelf()).samples[0]).toMatchObject({ state: 'discarded', discardedBy: expect.stringContaining('kitchen') });
  });

  it('lets nobody discard a sample that only they have seen: a second person looks first, or discards it', async () => {
    await releasedBatch(10);
    const shelf = async (): Promise<SampleListAnswer> => (await supervisor.get('/kitchen/samples').expect(200)).body;
    const [{ id: sampleId }] = (await shelf()).samples;
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 48 * HOUR_MS));
    const discard = (who: SignedIn) => who.post('/kitchen/samples/discard', { sampleId, note: '' });
    const review = (who: SignedIn, sampleIds = [sampleId]) => who.post('/kitchen/samples/review', { sampleIds });
    await discard(supervisor).expect(422).expect(({ body }) => expect(body.code).toBe('SAMPLE.NOT_REVIEWED'));
    await review(supervisor).expect(422).expect(({ body }) => expect(body.code).toBe('SAMPLE.SAME_PERSON'));
    await review(kitchen, [sampleId, newId()]).expect(404);
    expect((await shelf()).samples[0]).toMatchObject({ reviewedBy: '', reviewedAt: null });
    const reviewed = (await review(kitchen, [sampleId, sampleId]).expect(200)).body as SampleListAnswer;
    expect(reviewed.samples[0]).toMatchObject({ reviewedBy: expect.stringContaining('kitchen'), reviewedAt: test.clock.now().toISOString() });
    await discard(supervisor).expect(200);
    await review(kitchen).expect(409).expect(({ body }) => expect(body.code).toBe('SAMPLE.DISCARDED'));
  });

  it('follows the rule that the kitchen names, from the next batch on', async () => {
    const { settings, source } = (await kitchen.get('/kitchen/production-settings').expect(200)).body;
    expect({ source, grams: settings.sampleG, hours: settings.sampleHours }).toEqual({ source: 'GB 31654-2021', grams: 125, hours: 48 });
    await kitchen.put('/kitchen/production-settings', { settings: { ...settings, sampleG: 200 }, source: '市监局通知 2026-9' }).expect(200);
    const batch = await add(10);
    await cook(batch.id, 10, 76).expect(200);
    expect((await sample(batch.id, 150).expect(200)).body.batch.obstacles).toEqual(['sample-too-small', 'goods-unknown']);
    await supervisor.put('/kitchen/production-settings', { settings, source }).expect(403);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 1_000));
    await kitchen.put('/kitchen/production-settings', { settings, source }).expect(200);
  });

  it('shows no batch of another kitchen', async () => {
    const batch = await add(10);
    const other = await insertLunchTime(test, { codes: 'X' });
    const stranger = await signIn(test, 'kitchen', 'kitchen', other.kitchenId);
    for (const path of ['cooked', 'sample', 'release']) {
      const body = { cooked: { batchId: batch.id, portions: 1, coreC: 80 }, sample: { batchId: batch.id, grams: 130, container: '1', fridge: 'F', fridgeC: 4 }, release: { batchId: batch.id } }[path];
      await stranger.post(`/kitchen/batches/${path}`, body).expect(404);
    }
    await stranger.post('/kitchen/batches', { day: street.day, dishId, portions: 5, wave: 1, pot: '1', readyMin: 570 }).expect(404);
  });
});
