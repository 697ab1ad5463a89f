import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { BatchRow } from '../../src/contract/production.js';
import { newId } from '../../src/infra/ids.js';
import { BatchList } from '../../src/modules/production/index.js';
import { insertIngredient } from '../fixtures/kitchen-things.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: LunchTime;
let kitchen: SignedIn;
let supervisor: SignedIn;
let dishId: string;
let ingredientId: string;
let supplierId: string;

const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, parameters);

beforeAll(async () => {
  test = await startApp();
  street = await insertLunchTime(test);
  kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
  supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
  [{ dish_id: dishId }] = await rows<{ dish_id: string }>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]);
  ingredientId = await insertIngredient(test, street.kitchenId, { name: '五花肉' });
  await kitchen.post('/kitchen/suppliers', { name: '良品肉业', address: '杭州市一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY1', licenceValidTo: '2027-06-30' }).expect(200);
  supplierId = (await kitchen.get('/kitchen/suppliers').expect(200)).body.suppliers[0].id;
});
afterAll(() => test.close());

const add = async (): Promise<BatchRow> => (await kitchen.post('/kitchen/batches', { day: street.day, dishId, portions: 20, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch;
const lot = async (): Promise<string> => (await kitchen.post('/kitchen/lots', {
  supplierId, ingredientId, spec: '箱', grams: 5_000, producedOn: street.day, producerBatch: newId().slice(-8), shelfLifeDays: 5, proof: '检疫票', arrivalC: 2, costFen: 100,
}).set('Idempotency-Key', randomUUID()).expect(201)).body.lot.id;
const recall = (lotId: string) => supervisor.post('/kitchen/recalls', { lotId, reason: '供货商通知' });
const recalledBatches = (lotId: string) => rows<{ id: string }>('SELECT x.batch_id AS id FROM recall_batch x JOIN recall_lot l ON l.recall_id = x.recall_id WHERE l.lot_id = ?', [lotId]);

/**
 * Resolves once a transaction of the application waits for a row, so that it is certain to have come that far. The
 * database reports it from a cache that is renewed only when nobody has read it for a tenth of a second.
 */
async function someoneWaits(): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    await pause(150);
    const [{ n }] = await rows<{ n: string }>("SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'");
    if (Number(n) > 0) return;
  }
  throw new Error('nobody waits');
}

/** What an issue writes, as far as it is seen by others. */
async function moveGoods(tx: EntityManager, lotId: string, batchId: string): Promise<void> {
  await tx.query('UPDATE stock_lot SET left_g = left_g - 2000 WHERE id = ?', [lotId]);
  await tx.query("INSERT INTO stock_movement (id, lot_id, kind, grams, batch_id, reason, moved_by, moved_at) VALUES (?, ?, 'issued', -2000, ?, '', ?, ?)", [newId(), lotId, batchId, newId(), test.clock.now()]);
}

describe('a recall while goods are being issued', () => {
  it('finds the batch that they go to', async () => {
    const [lotId, { id: batchId }] = [await lot(), await add()];
    // The issue stands still in the middle, with what it has locked by then, until the recall waits for it.
    const batches = test.app.get(BatchList, { strict: false });
    const byId = batches.byId.bind(batches);
    let opened: Promise<{ status: number }> | null = null;
    batches.byId = async (...given: Parameters<BatchList['byId']>): ReturnType<BatchList['byId']> => {
      const batch = await byId(...given);
      if (given[3] === true && opened === null) {
        opened = recall(lotId).then(({ status }) => ({ status }));
        await someoneWaits();
      }
      return batch;
    };
    try {
      await kitchen.post('/kitchen/lots/issue', { batchId, ingredientId, grams: 2_000 }).set('Idempotency-Key', randomUUID()).expect(200);
    } finally {
      batches.byId = byId;
    }
    expect((await (opened as unknown as Promise<{ status: number }>)).status).toBe(201);
    expect(await recalledBatches(lotId)).toEqual([{ id: batchId }]);
    expect(await rows('SELECT recalled FROM kitchen_batch WHERE id = ?', [batchId])).toEqual([{ recalled: 1 }]);
  });

  it('misses it where the issue does not hold the kitchen (negative control)', async () => {
    const [lotId, { id: batchId }] = [await lot(), await add()];
    let opened: Promise<{ status: number }> | null = null;
    await test.dataSource.transaction('READ COMMITTED', async (tx) => {
      await moveGoods(tx, lotId, batchId);
      opened = recall(lotId).then(({ status }) => ({ status }));
      await someoneWaits();
    });
    expect((await (opened as unknown as Promise<{ status: number }>)).status).toBe(201);
    expect(await recalledBatches(lotId)).toEqual([]);
  });
});

describe('a new plan while a pot is being written down', () => {
  const orders = async (): Promise<void> => {
    const { seniorId } = await insertSenior(test, street, {});
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'ordered', 1, ?)`, [newId(), seniorId, street.pointIds[0], street.day, test.clock.now()]);
  };
  const plan = () => kitchen.post('/kitchen/batches/plan', { day: street.day });

  it('waits for it, and then finds the day begun', async () => {
    await rows("UPDATE kitchen_batch SET business_day = '2026-01-05' WHERE kitchen_id = ?", [street.kitchenId]);
    await orders();
    const { id: batchId } = await add();
    let planned: Promise<{ status: number; body: { code?: string } }> | null = null;
    await test.dataSource.transaction('READ COMMITTED', async (tx) => {
      // As the cook does: with the row of the batch locked.
      await tx.query('SELECT id FROM kitchen_batch WHERE id = ? FOR UPDATE', [batchId]);
      await tx.query("UPDATE kitchen_batch SET state = 'cooked', portions = 20, core_c = 75, cooked_at = ? WHERE id = ?", [test.clock.now(), batchId]);
      planned = plan().then(({ status, body }) => ({ status, body: body as { code?: string } }));
      await someoneWaits();
    });
    const answer = await (planned as unknown as Promise<{ status: number; body: { code?: string } }>);
    expect([answer.status, answer.body.code]).toEqual([409, 'BATCH.DAY_STARTED']);
    expect(await rows('SELECT state, core_c AS coreC FROM kitchen_batch WHERE id = ?', [batchId])).toEqual([{ state: 'cooked', coreC: 75 }]);
  });

  it('deletes what was cooked where it looks before it waits (negative control)', async () => {
    await rows("UPDATE kitchen_batch SET business_day = '2026-01-06' WHERE business_day = ?", [street.day]);
    const { id: batchId } = await add();
    let deleted: Promise<unknown> | null = null;
    await test.dataSource.transaction('READ COMMITTED', async (tx) => {
      await tx.query("UPDATE kitchen_batch SET state = 'cooked', portions = 20, core_c = 75, cooked_at = ? WHERE id = ?", [test.clock.now(), batchId]);
      deleted = test.dataSource.transaction('READ COMMITTED', async (other) => {
        expect(await other.query("SELECT 1 FROM kitchen_batch WHERE id = ? AND state <> 'planned'", [batchId])).toEqual([]);
        await other.query('DELETE FROM kitchen_batch WHERE id = ?', [batchId]);
      });
      await someoneWaits();
    });
    await (deleted as unknown as Promise<unknown>);
    expect(await rows('SELECT 1 FROM kitchen_batch WHERE id = ?', [batchId])).toEqual([]);
  });
});
