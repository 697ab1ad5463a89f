import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import type { Keyring } from '../src/infra/crypto/keyring.js';
import { newId } from '../src/infra/ids.js';
import { argument, rounded, signIn, timed, withBenchApp } from './bench-app.js';

/**
 * `npm run bench:recall -- [--days N] [--meals-a-day N]`: a year of batches, loads and meals of one street in a database
 * of its own; a lot that was used on one day and one that was used for a week are recalled over HTTP, from the press to
 * the list of people with telephones and families.
 */
const DAYS = argument('days', 365);
const MEALS_A_DAY = argument('meals-a-day', 2_600);
const SENIORS = 15_000;
const POINTS = 14;
const CODES = ['A', 'B', 'C'] as const;
const DISHES = 4;
const FIRST_DAY = '2025-11-24';

interface Year { streetId: string; kitchenId: string; oneDayLot: string; weekLot: string; meals: number }

async function layYear(db: DataSource, keyring: Keyring): Promise<Year> {
  const [streetId, kitchenId, communityId, operatorId] = [newId(), newId(), newId(), newId()];
  await db.query('SET SESSION foreign_key_checks = 0');
  await db.query("INSERT INTO street (id, name, jurisdiction_code) VALUES (?, '街道', '330199001')", [streetId]);
  await db.query("INSERT INTO community (id, street_id, name) VALUES (?, ?, '社区')", [communityId, streetId]);
  await db.query("INSERT INTO kitchen (id, street_id, name, latitude, longitude) VALUES (?, ?, '中央厨房', 30.3, 120.3)", [kitchenId, streetId]);
  await db.query(
    `INSERT INTO point (id, community_id, operator_id, kitchen_id, code, name, kind, latitude, longitude, phone)
     SELECT CONCAT('point-', seq), ?, ?, ?, CONCAT('P', seq), CONCAT('第', seq, '点'), 'community', 30.3, 120.3, '0571-86910000' FROM seq_1_to_${POINTS}`, [communityId, operatorId, kitchenId],
  );
  const phone = (index: number): string => keyring.seal('identity', `138${String(index).padStart(8, '0')}`);
  const seniors = Array.from({ length: SENIORS }, (_, index) => [`senior-${index}`, `person-${index}`, streetId, communityId, `point-${(index % POINTS) + 1}`, '陈建国', 'cjg', 'M', '1950-05-05', 'x', String(index).padStart(64, '0'),
    phone(index), String(index).padStart(64, '1'), String(index).padStart(64, '2'), 'x', 30.3, 120.3, 1, 0, '330199', new Date()]);
  for (let at = 0; at < SENIORS; at += 1_000) {
    await db.query(
      `INSERT INTO senior (id, person_code, street_id, community_id, point_id, name, name_initials, sex, birth_date, id_number_cipher, id_number_hash, phone_cipher, phone_hash,
         phone_last4_hash, address_cipher, latitude, longitude, floor, has_lift, hukou_area, created_at) VALUES ?`, [seniors.slice(at, at + 1_000)],
    );
    await db.query('INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher) VALUES ?',
      [seniors.slice(at, at + 1_000).filter((_, index) => index % 5 < 3).map(([id], index) => [newId(), id, 'family', '女儿', keyring.seal('identity', '陈小红'), phone(at + index)])]);
  }
  const codes = CODES.map((code, index) => `SELECT '${code}' AS code, ${index} AS nth`).join(' UNION ALL ');
  const days = `(SELECT seq AS n, DATE_ADD('${FIRST_DAY}', INTERVAL seq DAY) AS day FROM seq_0_to_${DAYS - 1}) d`;
  await db.query(`INSERT INTO dish (id, kitchen_id, name, kind, diet_tags, allergens) SELECT CONCAT('dish-', c.code, '-', seq), ?, CONCAT('菜', c.code, seq), 'meat', '[]', '[]' FROM (${codes}) c, seq_1_to_${DISHES}`, [kitchenId]);
  await db.query(`INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) SELECT CONCAT('set-', d.n, c.code), ?, d.day, 'lunch', c.code, '套餐', 1500, '[]' FROM ${days}, (${codes}) c`, [kitchenId]);
  await db.query(`INSERT INTO set_meal_dish (set_meal_id, dish_id) SELECT CONCAT('set-', d.n, c.code), CONCAT('dish-', c.code, '-', s.seq) FROM ${days}, (${codes}) c, seq_1_to_${DISHES} s`);
  await db.query(
    `INSERT INTO kitchen_batch (id, kitchen_id, business_day, period, dish_id, batch_no, wave, pot, start_min, ready_min, method, state, planned_portions, portions, fed, core_c)
     SELECT CONCAT('batch-', d.n, c.code, s.seq, '-', b.seq), ?, d.day, 'lunch', CONCAT('dish-', c.code, '-', s.seq), b.seq, 1, '1', 500, 570, 'hot', 'released', 500, 500, 500, 76
     FROM ${days}, (${codes}) c, seq_1_to_${DISHES} s, seq_1_to_2 b`, [kitchenId],
  );
  await db.query(`INSERT INTO portion_load (id, kitchen_id, point_id, business_day, period, wave, state, sealed_at) SELECT CONCAT('load-', d.n, '-', p.seq), ?, CONCAT('point-', p.seq), d.day, 'lunch', 1, 'accepted', d.day FROM ${days}, seq_1_to_${POINTS} p`, [kitchenId]);
  await db.query(
    `INSERT INTO load_batch (load_id, set_meal_id, batch_id, portions)
     SELECT CONCAT('load-', d.n, '-', p.seq), CONCAT('set-', d.n, c.code), CONCAT('batch-', d.n, c.code, s.seq, '-', MOD(p.seq, 2) + 1), 60 FROM ${days}, (${codes}) c, seq_1_to_${POINTS} p, seq_1_to_${DISHES} s`,
  );
  for (let from = 0; from < DAYS; from += 30) {
    await db.query(
      `INSERT INTO meal (id, transfer_id, senior_id, point_id, operator_id, set_meal_id, business_day, period, channel, gross_fen, due_fen, age_tier, facts, explanation, identified_by, identification, pickup_no, sold_at)
       SELECT UUID(), UUID(), CONCAT('senior-', MOD(m.seq * 7 + d.n * 131, ${SENIORS})), CONCAT('point-', MOD(m.seq, ${POINTS}) + 1), ?, CONCAT('set-', d.n, ELT(MOD(m.seq, 3) + 1, 'A', 'B', 'C')), d.day, 'lunch', 'eat-in',
         1500, 1000, 'public', '{}', '{}', 'face', '{}', 'A001', DATE_ADD(d.day, INTERVAL 3 HOUR)
       FROM ${days}, seq_1_to_${MEALS_A_DAY} m WHERE d.n BETWEEN ? AND ?`, [operatorId, from, Math.min(from + 29, DAYS - 1)],
    );
    console.log(`meals of day ${from} to ${Math.min(from + 29, DAYS - 1)}`);
  }
  const [oneDayLot, weekLot] = [newId(), newId()];
  for (const [lotId, lotNo] of [[oneDayLot, 'ONE'], [weekLot, 'WEEK']]) {
    await db.query(
      `INSERT INTO stock_lot (id, kitchen_id, ingredient_id, lot_no, name, spec, received_g, left_g, producer_batch, shelf_life_days, expires_on, arrived_at, supplier_id, supplier_name, supplier_address, supplier_contact, proof, cost_fen)
       VALUES (?, ?, 'oil', ?, '油', '20 L', 99000000, 0, ?, 300, '2027-01-01', NOW(3), 's', '供货商', '地址', '电话', '票', 1)`, [lotId, kitchenId, lotNo, lotNo],
    );
  }
  const use = (lotId: string, first: number, last: number, code: string): Promise<unknown> => db.query(
    `INSERT INTO stock_movement (id, lot_id, kind, grams, batch_id, moved_at) SELECT UUID(), ?, 'issued', -1000, id, NOW(3) FROM kitchen_batch
     WHERE business_day BETWEEN DATE_ADD('${FIRST_DAY}', INTERVAL ? DAY) AND DATE_ADD('${FIRST_DAY}', INTERVAL ? DAY) AND dish_id LIKE ?`, [lotId, first, last, code]);
  await use(oneDayLot, DAYS - 1, DAYS - 1, 'dish-A-1');
  await use(weekLot, DAYS - 7, DAYS - 1, 'dish-%');
  await db.query('SET SESSION foreign_key_checks = 1');
  await db.query('ANALYZE TABLE meal, load_batch, stock_movement, kitchen_batch, portion_load, set_meal');
  return { streetId, kitchenId, oneDayLot, weekLot, meals: DAYS * MEALS_A_DAY };
}

async function measure(app: NestExpressApplication, year: Year): Promise<void> {
  const { headers } = await signIn(app.get(DataSource), 'supervisor', year.streetId);
  const url = `${await app.getUrl()}/api/v1/kitchen/recalls`;
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url}${path}`, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return await answer.json() as T;
  };
  const figures: Record<string, number> = { meals: year.meals };
  for (const [name, lotId] of [['oneDay', year.oneDayLot], ['week', year.weekLot]] as const) {
    const opened = await timed(() => ask<{ recall: { id: string } }>('', { lotId, reason: 'bench' }));
    const listed = await timed(() => ask<{ people: unknown[] }>(`/people?recallId=${opened.result.recall.id}`));
    const [openMs, peopleMs] = [rounded(opened.ms, 0), rounded(listed.ms, 0)];
    console.log(`${name.padEnd(8)} recalled in ${openMs} ms, ${listed.result.people.length} meals of people with telephone and family in ${peopleMs} ms`);
    Object.assign(figures, { [`${name}People`]: listed.result.people.length, [`${name}OpenMs`]: openMs, [`${name}PeopleMs`]: peopleMs });
  }
  console.log(JSON.stringify(figures));
}

// One connection: what is switched off for laying holds for that session only.
await withBenchApp(layYear, measure, { layingPool: 1 });
