import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RunScan, ScanRuns, ScanSchedule } from '../../src/modules/exceptions/index.js';
import type { BusinessDay } from '../../src/domain/kernel/business-day.js';
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
