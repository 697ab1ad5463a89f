import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RunScan, ScanRuns, ScanSchedule } from '../../src/modules/exceptions/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { insertMonthClaim } from '../fixtures/month-claim.js';
import { mealAgain, plantExceptions, scanNovember, type PlantedExceptions } from '../fixtures/planted-exceptions.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

let test: TestApp;
let planted: PlantedExceptions;

beforeAll(async () => {
  test = await startApp();
  planted = await plantExceptions(test);
});
afterAll(() => test.close());

interface Stored { id: string; kind: string; identity: string; state: string; amount_fen: string; point_id: string; reason_zh: string }
const stored = (): Promise<Stored[]> => test.dataSource.query('SELECT * FROM exception_finding WHERE street_id = ? ORDER BY identity', [planted.street.streetId]);
const evidenceOf = async (id: string): Promise<string[]> =>
  (await test.dataSource.query<{ ref_id: string }[]>('SELECT ref_id FROM exception_evidence WHERE finding_id = ? ORDER BY ref_id', [id])).map((row) => row.ref_id);
const counts = async (): Promise<number[]> => Promise.all(['exception_finding', 'exception_evidence', 'exception_history'].map(async (table) =>
  Number((await test.dataSource.query<{ n: string }[]>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n)));

describe('a run over real rows', () => {
  it('finds what was planted and nothing else', async () => {
    const result = await scanNovember(test, planted.street.streetId);
    expect(result).toMatchObject({ added: 3, extended: 0 });
    const found = await stored();
    expect(found.map((row) => row.kind)).toEqual(['after-death', 'double-claim', 'self-verified']);
    expect(await evidenceOf(found[0]?.id ?? '')).toEqual([planted.afterDeath.mealId]);
    expect(await evidenceOf(found[1]?.id ?? '')).toEqual(planted.doubles.map((meal) => meal.mealId).sort());
    expect(await evidenceOf(found[2]?.id ?? '')).toEqual([planted.loadId]);
    expect(Number(found[1]?.amount_fen)).toBeGreaterThan(0);
    expect(found[1]?.reason_zh).toContain('2 份补贴餐');
  });

  it('adds nothing when it runs again', async () => {
    const before = await counts();
    expect(await scanNovember(test, planted.street.streetId)).toMatchObject({ added: 0, extended: 0 });
    expect(await counts()).toEqual(before);
  });

  it('extends a finding by new rows, and opens it again where it was explained', async () => {
    const [death] = await stored();
    await test.dataSource.query("UPDATE exception_finding SET state = 'explained' WHERE id = ?", [death?.id]);
    const { street, history, dead } = planted;
    const late = await history.meal({ street, point: 0, senior: dead, day: '2026-11-20' });
    expect(await scanNovember(test, street.streetId)).toMatchObject({ added: 0, extended: 1 });
    const [again] = await stored();
    expect(again).toMatchObject({ id: death?.id, state: 'open', reason_zh: '去世（2026-11-16）之后还有 2 份餐' });
    expect(await evidenceOf(again?.id ?? '')).toEqual([planted.afterDeath.mealId, late.mealId].sort());
    const acts = await test.dataSource.query<{ act: string }[]>('SELECT act FROM exception_history WHERE finding_id = ? ORDER BY id', [death?.id]);
    expect(acts.map((row) => row.act)).toEqual(['found', 'reopened']);
  });

  it('leaves another street alone', async () => {
    const other = await plantExceptions(test, '邻街');
    expect((await stored()).length).toBe(3);
    await scanNovember(test, other.street.streetId);
    expect((await stored()).length).toBe(3);
  });

  it('keeps history and rows as they were written', async () => {
    await expect(test.dataSource.query("UPDATE exception_history SET note = 'x'")).rejects.toThrow('append-only');
    await expect(test.dataSource.query('DELETE FROM exception_evidence')).rejects.toThrow('append-only');
  });

  it('is asked for once a night and street, however many workers sweep', async () => {
    const runs = test.app.get(ScanRuns);
    const order = { streetId: planted.street.streetId, from: '2026-11-01' as BusinessDay, to: '2026-11-02' as BusinessDay, night: '2026-11-03' as BusinessDay, requestedBy: null };
    const asked = await Promise.all(Array.from({ length: 8 }, () => runs.ask(order)));
    const [scanId] = asked.filter((one) => one !== null);
    expect(asked.filter((one) => one !== null)).toHaveLength(1);
    await test.app.get(RunScan).execute(scanId ?? '');
    expect(await runs.ask(order)).toBeNull();
    expect(await test.app.get(RunScan).execute(scanId ?? '')).toBeNull();
  });
});

describe('what other capabilities have written', () => {
  let own: PlantedExceptions;
  const rows = (sql: string, params: unknown[]): Promise<unknown> => test.dataSource.query(sql, params);
  const found = async (): Promise<string[]> => (await test.dataSource.query<{ kind: string }[]>('SELECT kind FROM exception_finding WHERE street_id = ? ORDER BY kind', [own.street.streetId])).map(({ kind }) => kind);

  beforeAll(async () => {
    own = await plantExceptions(test, '三街');
    await scanNovember(test, own.street.streetId);
  });

  it('a contractor’s line without a delivered stop is a lead, the agreed one is not', async () => {
    const { street, dead } = own;
    const [billId, planId, tripId, orderId, stopId, crewId] = [newId(), newId(), newId(), newId(), newId(), newId()];
    await rows("INSERT INTO crew (id, name, kind, operator_id, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, '一组', 'contractor', ?, 'point', ?, 'tricycle', 20, 600, 780)", [crewId, street.operatorIds[1], street.pointIds[0]]);
    await rows(
      `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
       VALUES (?, 'point', ?, '2026-11-09', 'lunch', 'final', 'test', 0, 1, 1, ?, '2026-11-09')`, [planId, newId(), '0'.repeat(64)]);
    await rows('INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m) VALUES (?, ?, ?, 1, 39600, 40000, 40400, 1, 900)', [tripId, planId, crewId]);
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, '2026-11-09', 'lunch', 'A', 'delivery', 'order', 'delivered', NULL, '2026-11-09')`, [orderId, dead.id, street.pointIds[0]]);
    await rows(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, result, proof)
       VALUES (?, ?, 1, ?, ?, 40000, 30, 60, 38000, 45000, 'delivered', 'phone-last-two')`, [stopId, tripId, orderId, dead.id]);
    await rows(
      `INSERT INTO contractor_bill (id, operator_id, street_id, invoice_no, file_hash, file_name, first_day, last_day, state, billed_fen, agreed_fen, uploaded_by, uploaded_at)
       VALUES (?, ?, ?, 'FP-9', ?, 'a.csv', '2026-11-09', '2026-11-10', 'decided', 1000, 500, ?, '2026-11-12')`, [billId, street.operatorIds[1], street.streetId, billId.replaceAll('-', '').repeat(2), newId()]);
    const line = (no: number, day: string, stop: string | null, finding: string): Promise<unknown> => rows(
      `INSERT INTO contractor_bill_line (id, bill_id, line_no, business_day, said, billed_fen, route_stop_id, senior_id, finding, state) VALUES (?, ?, ?, ?, 'x', 500, ?, ?, ?, 'returned')`,
      [newId(), billId, no, day, stop, stop === null ? null : dead.id, finding]);
    await line(1, '2026-11-09', stopId, 'agreed');
    await scanNovember(test, street.streetId);
    expect(await found()).not.toContain('bill-without-stop');
    await line(2, '2026-11-10', null, 'unknown');
    await scanNovember(test, street.streetId);
    expect(await found()).toContain('bill-without-stop');
  });

  it('a meal written after its day was closed is a lead, one that was held for review is not', async () => {
    const { street, history, dead } = own;
    const close = (day: string, state: string): Promise<unknown> => rows(
      `INSERT INTO point_day_close (point_id, business_day, operator_id, state, digest, counts, accepted_portions, wasted_portions, meals, gross_fen, due_fen, subsidy_fen,
         expected_cash_fen, counted_cash_fen, first_at, second_at) VALUES (?, ?, ?, ?, ?, '{}', 0, 0, 0, 0, 0, 0, 0, 0, ?, ?)`,
      [street.pointIds[1], day, street.operatorIds[1], state, '0'.repeat(64), `${day} 08:00:00`, `${day} 08:30:00`]);
    await close('2026-11-03', 'closed');
    await close('2026-11-04', 'closed');
    const late = await history.meal({ street, point: 1, senior: dead, day: '2026-11-03' });
    await rows(
      `INSERT INTO late_line (id, kind, source_id, point_id, meal_day, period, senior_id, set_meal_id, channel, tender, identification, recorded_by, state, held_at, booked_on, booked_at, meal_id)
       VALUES (?, 'stop', ?, ?, '2026-11-03', 'lunch', ?, ?, 'delivery', 'wallet', '{}', ?, 'booked', '2026-11-03 09:00:00', '2026-11-03', '2026-11-03 09:00:00', ?)`,
      [newId(), newId(), street.pointIds[1], dead.id, newId(), newId(), late.mealId]);
    await scanNovember(test, street.streetId);
    expect(await found()).not.toContain('closed-day');
    await history.meal({ street, point: 1, senior: dead, day: '2026-11-04' });
    await scanNovember(test, street.streetId);
    expect(await found()).toContain('closed-day');
  });

  it('a claim that one person made and signed under two accounts is a lead', async () => {
    const { street } = own;
    const [maker, signer] = [newId(), newId()];
    for (const [index, id] of [maker, signer].entries()) {
      await rows("INSERT INTO staff (id, login_name, display_name, role, scope_kind, scope_id, password_hash, created_at) VALUES (?, ?, '同一人', 'finance', 'street', ?, 'x', '2026-01-01')", [id, `same${index}-${id.slice(-6)}`, street.streetId]);
    }
    const claimId = await insertMonthClaim(test, { streetId: street.streetId, staffId: maker });
    const [claim] = await test.dataSource.query<{ snapshot: string }[]>('SELECT snapshot_id AS snapshot FROM month_claim WHERE id = ?', [claimId]);
    const before = (await found()).filter((kind) => kind === 'self-verified').length;
    for (const [act, staffId] of [['made', maker], ['signed', signer]]) {
      await rows("INSERT INTO month_claim_act (claim_id, act, staff_id, snapshot_id, at) VALUES (?, ?, ?, ?, '2026-11-11 03:00:00')", [claimId, act, staffId, claim?.snapshot]);
    }
    await scanNovember(test, street.streetId);
    expect((await found()).filter((kind) => kind === 'self-verified').length).toBe(before + 1);
  });

  it('two records of one person, once merged, are one person who claimed a meal twice', async () => {
    const { street, history } = own;
    const [one, other] = [await history.senior(street, '1940-01-01'), await history.senior(street, '1940-01-01')];
    for (const [index, senior] of [one, other].entries()) {
      await history.topUp(street, senior, 20_000);
      await history.meal({ street, point: 0, senior, day: '2026-11-06', channel: index === 0 ? 'eat-in' : 'take-away' });
    }
    const doubles = async (): Promise<number> => (await found()).filter((kind) => kind === 'double-claim').length;
    await scanNovember(test, street.streetId);
    const before = await doubles();
    await rows("INSERT INTO person_merge (senior_id, into_senior_id, evidence, detail, merged_by, at) VALUES (?, ?, 'x', '{}', ?, '2026-11-20')", [other.id, one.id, newId()]);
    await scanNovember(test, street.streetId);
    expect(await doubles()).toBe(before + 1);
  });
});

describe('the nightly job', () => {
  let worker: INestApplicationContext | null = null;
  afterAll(() => worker?.close());

  it('is rebuilt from the database after Redis has lost it, and finds what came since', async () => {
    const { street, history, twice } = planted;
    const first = await history.meal({ street, point: 0, senior: twice, day: '2026-11-19' });
    await mealAgain(test, history, { street, point: 1, senior: twice, day: '2026-11-19' }, first);
    test.clock.moveTo(new Date('2026-11-23T18:35:00Z')); // 02:35 on the 24th in Shanghai
    const schedule = test.app.get(ScanSchedule);
    expect((await schedule.sweep()).asked).toBeGreaterThanOrEqual(1);
    const redis = new Redis(test.config.redisUrl);
    const keys = await redis.keys(`${test.config.redisPrefix}:exceptions:*`);
    expect(keys.length).toBeGreaterThan(0);
    await redis.del(...keys);
    await redis.quit();
    worker = await startWorker(test.config, test.clock);
    expect((await schedule.sweep()).asked).toBe(0);
    await eventually(async () => (await test.app.get(ScanRuns).open()).length === 0, 40_000);
    const found = await stored();
    expect(found.filter((row) => row.kind === 'double-claim')).toHaveLength(2);
    const run = (await test.app.get(ScanRuns).list(street.streetId)).find((row) => row.nightly && row.to === '2026-11-23');
    expect(run).toMatchObject({ from: '2026-07-01', state: 'done', readTo: '2026-11-23', foundNew: 1 });
  }, 90_000);

  it('waits for half past two', async () => {
    test.clock.moveTo(new Date('2026-11-24T17:00:00Z')); // 01:00 on the 25th
    expect((await test.app.get(ScanSchedule).sweep()).asked).toBe(0);
  });
});
