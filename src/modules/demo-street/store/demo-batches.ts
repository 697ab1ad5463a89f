import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../../domain/kernel/business-day.js';

interface NeedRow { dishId: string; kind: string; kitchenId: string; need: string }

const SAMPLE_HOURS = 48;
/** Released beyond what today's loads hold, so that a visitor can seal further ones. */
const SPARE_SHARE = 0.5;
const SPARE_PORTIONS = 200;
/** A batch of each main dish that a visitor can cook, measure, sample and release. */
const SECOND_WAVE_PORTIONS = 60;

/** The batches behind the loads of a demo day: cooked, measured, sampled and released, with a planned second wave. */
export async function cookDemoBatches(tx: EntityManager, { day, at, nextId }: { day: BusinessDay; at: Date; nextId: () => string }): Promise<void> {
  const needs = await tx.query<NeedRow[]>(
    `SELECT x.dish_id AS dishId, d.kind, m.kitchen_id AS kitchenId, SUM(s.sent) AS need
     FROM set_meal m JOIN set_meal_dish x ON x.set_meal_id = m.id JOIN dish d ON d.id = x.dish_id JOIN portion_stock s ON s.set_meal_id = m.id
     WHERE m.business_day = ? AND m.period = 'lunch' GROUP BY x.dish_id, d.kind, m.kitchen_id ORDER BY x.dish_id`, [day],
  );
  if (needs.length === 0) return;
  const released = needs.map(({ dishId, kind, kitchenId, need }, index) => [
    nextId(), kitchenId, day, 'lunch', dishId, 1, 1, String((index % 6) + 1), 535, 570, kind === 'fruit' ? 'cold' : 'hot', 'released',
    Number(need), Math.ceil(Number(need) * (1 + SPARE_SHARE)) + SPARE_PORTIONS, Number(need), kind === 'fruit' ? null : 75 + (index % 12), at, at,
  ]);
  await tx.query(
    `INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state,
       planned_portions, portions, fed, core_c, cooked_at, released_at) VALUES ?`, [released],
  );
  await tx.query(
    'INSERT INTO retained_sample (id, batch_id, kitchen_id, grams, taken_at, container, fridge, fridge_c, discard_due_at) VALUES ?',
    [released.map(([batchId, kitchenId], index) => [
      nextId(), batchId, kitchenId, 130, at, String(index + 1), '留样冰箱', 4, new Date(at.getTime() + SAMPLE_HOURS * 3_600_000),
    ])],
  );
  const planned = needs.filter(({ kind }) => kind === 'meat').map(({ dishId, kitchenId }) => [
    nextId(), kitchenId, day, 'lunch', dishId, 2, 2, '1', 645, 680, 'hot', 'planned', SECOND_WAVE_PORTIONS,
  ]);
  if (planned.length > 0) {
    await tx.query(
      'INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions) VALUES ?', [planned],
    );
  }
  await issueDemoGoods(tx, { day, at, nextId });
  await tx.query(
    `INSERT INTO load_batch (load_id, set_meal_id, batch_id, portions)
     SELECT i.load_id, i.set_meal_id, b.id, i.sent FROM portion_load l JOIN portion_load_item i ON i.load_id = l.id
     JOIN set_meal_dish x ON x.set_meal_id = i.set_meal_id
     JOIN kitchen_batch b ON b.kitchen_id = l.kitchen_id AND b.business_day = l.business_day AND b.period = l.period AND b.dish_id = x.dish_id AND b.state = 'released'
     WHERE l.business_day = ? AND l.period = 'lunch'`, [day],
  );
}

interface UseRow { batchId: string; kitchenId: string; ingredientId: string; name: string; grams: string; fenPerKg: string | null }

/** The goods behind the batches of a demo day: a lot of each ingredient, issued to the pots, with as much again in stock. */
async function issueDemoGoods(tx: EntityManager, { day, at, nextId }: { day: BusinessDay; at: Date; nextId: () => string }): Promise<void> {
  const uses = await tx.query<UseRow[]>(
    `SELECT b.id AS batchId, b.kitchen_id AS kitchenId, i.id AS ingredientId, i.name, i.fen_per_kg AS fenPerKg, x.purchased_g / r.portions * COALESCE(b.portions, b.planned_portions) AS grams
     FROM kitchen_batch b JOIN recipe r ON r.dish_id = b.dish_id AND r.version = (SELECT MAX(n.version) FROM recipe n WHERE n.dish_id = b.dish_id)
     JOIN recipe_ingredient x ON x.recipe_id = r.id JOIN ingredient i ON i.id = x.ingredient_id WHERE b.business_day = ? AND b.period = 'lunch' ORDER BY i.name, b.id`, [day],
  );
  const [kitchenId] = uses.map((use) => use.kitchenId);
  if (kitchenId === undefined) return;
  const [known] = await tx.query<{ id: string }[]>('SELECT id FROM supplier WHERE kitchen_id = ? AND name = ?', [kitchenId, DEMO_SUPPLIER.name]);
  const supplierId = known?.id ?? nextId();
  if (known === undefined) {
    await tx.query('INSERT INTO supplier (id, kitchen_id, name, address, contact, licence_no, licence_valid_to, updated_at) VALUES (?)',
      [[supplierId, kitchenId, DEMO_SUPPLIER.name, DEMO_SUPPLIER.address, DEMO_SUPPLIER.contact, 'DEMO-1', addDays(day, 365), at]]);
  }
  const lots: unknown[][] = [];
  const moves: unknown[][] = [];
  for (const [index, ingredientId] of [...new Set(uses.map((use) => use.ingredientId))].entries()) {
    const own = uses.filter((use) => use.ingredientId === ingredientId).map((use) => ({ ...use, grams: Math.max(1, Math.round(Number(use.grams))) }));
    const issuedG = own.reduce((sum, { grams }) => sum + grams, 0);
    const lotId = nextId();
    const [{ name, fenPerKg }] = own;
    lots.push([lotId, kitchenId, ingredientId, `${day.slice(2).replaceAll('-', '')}-D${String(index + 1).padStart(2, '0')}`, name, '演示', 2 * issuedG, issuedG, addDays(day, -1), `D${day.replaceAll('-', '')}`, 7,
      addDays(day, 6), at, supplierId, DEMO_SUPPLIER.name, DEMO_SUPPLIER.address, DEMO_SUPPLIER.contact, '演示', 4, Math.round((2 * issuedG * Number(fenPerKg ?? 0)) / 1000)]);
    moves.push([nextId(), lotId, 'received', 2 * issuedG, null, at], ...own.map(({ batchId, grams }) => [nextId(), lotId, 'issued', -grams, batchId, at]));
  }
  await tx.query(
    `INSERT INTO stock_lot (id, kitchen_id, ingredient_id, lot_no, name, spec, received_g, left_g, produced_on, producer_batch, shelf_life_days, expires_on, arrived_at,
       supplier_id, supplier_name, supplier_address, supplier_contact, proof, arrival_c, cost_fen) VALUES ?`, [lots],
  );
  await tx.query('INSERT INTO stock_movement (id, lot_id, kind, grams, batch_id, moved_at) VALUES ?', [moves]);
}

const DEMO_SUPPLIER = { name: '演示供货商', address: '演示路 1 号', contact: '演示联系人' };
