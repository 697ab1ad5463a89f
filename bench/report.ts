import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { addMonths, claimLines, claimText, claimTotals, firstDayOf, lastDayOf, parseMonth } from '../src/domain/settlement/index.js';
import { SeededRandom } from '../src/domain/kernel/seeded-random.js';
import { AppConfig } from '../src/infra/config/app-config.js';
import { sha256Hex } from '../src/infra/crypto/digest.js';
import { Keyring } from '../src/infra/crypto/keyring.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { configureApp } from '../src/infra/http/configure-app.js';
import { createLogger } from '../src/infra/http/logging.js';
import { ClaimFiguresQuery, type FrozenClaim } from '../src/modules/settlement/claims/claim-figures.query.js';
import { DraftClaim } from '../src/modules/settlement/claims/draft-claim.js';
import { MealRollup, RollupCheck } from '../src/modules/settlement/index.js';
import { generateYear, YEAR, type GeneratedYear } from './report/generate-year.js';
import { privateServers } from './private-servers.js';

/**
 * `npm run bench:report -- [--seed N] [--meals-a-day N]`: a year of one street in a database of its own; a month's claim
 * from the roll-up beside one SQL aggregate over the same meals, and the pages of drilling down over HTTP.
 */
const argument = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  const value = place < 0 ? fallback : Number(process.argv[place + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return value;
};
const RUNS = 5;
const MONTH = parseMonth(`${YEAR}-10`);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const line = (name: string, value: string | number): void => console.log(`${name.padEnd(58)}${String(value).padStart(16)}`);

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

async function bestOf<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  let best = await timed(work);
  for (let run = 1; run < RUNS; run += 1) {
    const next = await timed(work);
    if (next.ms < best.ms) best = next;
  }
  return best;
}

/** The claim of a payer without the roll-up: meals and reversals of the month, their parts, and the people, in one statement. */
async function scan(dataSource: DataSource, pointIds: readonly string[], payer: string): Promise<{ amountFen: number; persons: number }> {
  const days = [firstDayOf(MONTH), lastDayOf(MONTH)];
  const rows = await dataSource.query<{ amountFen: string; persons: string }[]>(
    `SELECT SUM(sign * amount_fen) AS amountFen, COUNT(DISTINCT senior_id) AS persons, SUM(sign * gross_fen), SUM(sign * due_fen), COUNT(*)
     FROM (SELECT 1 AS sign, m.senior_id, m.point_id, m.operator_id, m.period, m.channel, m.age_tier, m.category_code, m.policy_version_id, p.rule_id, p.amount_fen, m.gross_fen, m.due_fen
           FROM meal m JOIN meal_payer p ON p.meal_id = m.id AND p.payer_code = ? WHERE m.business_day BETWEEN ? AND ? AND m.point_id IN (?)
           UNION ALL
           SELECT -1, m.senior_id, m.point_id, m.operator_id, m.period, m.channel, m.age_tier, m.category_code, m.policy_version_id, p.rule_id, p.amount_fen, m.gross_fen, m.due_fen
           FROM meal_reversal r JOIN meal m ON m.id = r.meal_id JOIN meal_payer p ON p.meal_id = m.id AND p.payer_code = ? WHERE r.business_day BETWEEN ? AND ? AND m.point_id IN (?)) x
     GROUP BY point_id, operator_id, period, channel, age_tier, category_code, rule_id, policy_version_id`,
    [payer, ...days, pointIds, payer, ...days, pointIds],
  );
  return { amountFen: rows.reduce((sum, row) => sum + Number(row.amountFen), 0), persons: rows.length };
}

/** The same claim as the product makes it, up to the hash of its lines. */
async function claim(app: NestExpressApplication, dataSource: DataSource, year: GeneratedYear, payer: string, frozen: readonly FrozenClaim[]): Promise<number> {
  const party = { kind: 'payer', code: payer } as const;
  return dataSource.transaction(async (tx) => {
    const read = await app.get(ClaimFiguresQuery).read(tx, year.pointIds, party, MONTH, frozen);
    const lines = claimLines(read.month, read.adjusted);
    const totals = claimTotals(party, lines);
    sha256Hex(claimText({ streetId: year.streetId, month: MONTH, party, snapshotId: 'bench', throughSeq: read.throughSeq, sealHash: read.sealHash, persons: read.persons }, totals, lines));
    return totals.payableFen;
  });
}

/** As if every month before had been claimed on its last day, so that reversals of their meals are adjustments. */
async function claimedBefore(dataSource: DataSource): Promise<FrozenClaim[]> {
  const [last] = await dataSource.query<{ seq: string }[]>('SELECT MAX(seq) AS seq FROM journal_seal WHERE sealed_at < ?', [`${addMonths(MONTH, -1)}-30 16:00:00`]);
  return Array.from({ length: 9 }, (_, index) => ({ claimId: `claim-${index}`, month: addMonths(MONTH, index - 9), throughSeq: Number(last?.seq ?? 0) }));
}

/** The claim of the month before, frozen: no month with meals may be left out. */
async function bookBefore(dataSource: DataSource, streetId: string, payer: string, frozen: readonly FrozenClaim[]): Promise<void> {
  const last = frozen.at(-1);
  await dataSource.query(
    `INSERT INTO month_claim (id, street_id, month, party_kind, party_code, status, snapshot_id, through_seq, seal_hash, detail_hash, persons, meals, gross_fen, due_fen,
       amount_fen, adjustment_fen, payable_fen, made_by, made_at, frozen_at) VALUES (?, ?, ?, 'payer', ?, 'frozen', ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, NOW(3), NOW(3))`,
    [last?.claimId, streetId, last?.month, payer, 'bench', last?.throughSeq, '0'.repeat(64), '0'.repeat(64), 'bench'],
  );
}

async function signIn(dataSource: DataSource, streetId: string): Promise<{ staffId: string; cookie: string }> {
  const token = randomBytes(32).toString('base64url');
  const staffId = '0197a000-0000-7000-8000-000000000001';
  const later = new Date(Date.now() + 86_400_000);
  await dataSource.query("INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, created_at) VALUES (?, 'bench', 'bench', 'none', 'finance', 'street', ?, NOW(3))", [staffId, streetId]);
  await dataSource.query('INSERT INTO staff_session (token_hash, staff_id, csrf_token, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, NOW(3), ?, ?)', [sha256Hex(token), staffId, randomBytes(32).toString('base64url'), later, later]);
  return { staffId, cookie: `__Host-rehufan=${token}` };
}

/** Pages of every level over HTTP, in an order drawn from the seed. @returns the 95th percentile in ms, by level and in all */
async function drill(origin: string, cookie: string, seed: number): Promise<Map<string, number>> {
  const random = new SeededRandom(`drill-${seed}`);
  const times = new Map<string, number[]>();
  const visit = async (level: string, query: string): Promise<{ rows: { key: string }[] }> => {
    const { ms, result } = await timed(async () => {
      const answer = await fetch(`${origin}/api/v1/finance/drill?${query}`, { headers: { cookie } });
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
      return await answer.json() as { rows: { key: string }[] };
    });
    for (const name of [level, 'all']) times.set(name, [...times.get(name) ?? [], ms]);
    return result;
  };
  for (let index = 0; index < 60; index += 1) {
    const month = `${YEAR}-${String(random.int(1, 12)).padStart(2, '0')}`;
    const point = random.pick((await visit('point', `month=${month}`)).rows).key;
    const day = random.pick((await visit('day', `month=${month}&pointId=${point}`)).rows).key;
    const diners = await visit('senior', `month=${month}&pointId=${point}&day=${day}`);
    if (diners.rows.length > 0) await visit('meal', `month=${month}&pointId=${point}&day=${day}&dinerId=${random.pick(diners.rows).key}`);
  }
  const p95 = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.ceil(list.length * 0.95) - 1] ?? 0;
  return new Map([...times].map(([level, list]) => [level, p95(list)]));
}

async function measure(): Promise<void> {
  const seed = argument('seed', 1);
  const servers = await privateServers();
  try {
    Keyring.create(servers.keysDir);
    const root = new DataSource({ type: 'mariadb', url: new URL('/mysql', servers.databaseUrl).toString() });
    await root.initialize();
    await root.query('CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await root.destroy();
    const config = AppConfig.parse({
      NODE_ENV: 'test', DEMO: '0', LOG_LEVEL: 'silent', DATABASE_URL: new URL('/bench', servers.databaseUrl).toString(), REDIS_URL: servers.redisUrl,
      KEYS_DIR: servers.keysDir, THROTTLE: '0', PORT: '1',
    });
    const migrating = new DataSource(dataSourceOptions(config, [join(import.meta.dirname, '../migrations/*.js')]));
    await migrating.initialize();
    await migrating.runMigrations({ transaction: 'each' });
    const year = await generateYear(migrating, seed, { points: 14, seniors: 7_000, mealsADay: argument('meals-a-day', 3_015) }, (text) => console.log(text));
    await migrating.query('ANALYZE TABLE meal, meal_payer, meal_reversal, transfer, entry, journal_seal');
    await migrating.destroy();
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), { logger: false, rawBody: true });
    configureApp(app, config, createLogger(config, 'bench'));
    await app.listen(0, '127.0.0.1');
    try {
      await figures(app, year, seed);
    } finally {
      await app.close();
    }
  } finally {
    await servers.stop();
  }
}

async function figures(app: NestExpressApplication, year: GeneratedYear, seed: number): Promise<void> {
  const dataSource = app.get(DataSource);
  const added = await timed(() => app.get(MealRollup).rebuild());
  await dataSource.query('ANALYZE TABLE meal_rollup, meal_rollup_month, meal_rollup_person');
  const payer = 'street';
  const scanned = await bestOf(() => scan(dataSource, year.pointIds, payer));
  const frozen = await claimedBefore(dataSource);
  const claimed = await bestOf(() => claim(app, dataSource, year, payer, frozen));
  if (scanned.result.amountFen !== claimed.result) throw new Error(`the claim of ${claimed.result} fen is not the scan's ${scanned.result.amountFen}`);
  await bookBefore(dataSource, year.streetId, payer, frozen);
  const { staffId, cookie } = await signIn(dataSource, year.streetId);
  const staff = { staffId, displayName: 'bench', role: 'finance', scopeKind: 'street', scopeId: year.streetId } as unknown as Parameters<DraftClaim['execute']>[0];
  const drafted = await bestOf(() => app.get(DraftClaim).execute(staff, { month: MONTH, partyKind: 'payer', partyCode: payer }));
  const pages = await drill(await app.getUrl(), cookie, seed);
  const checked = await timed(() => app.get(RollupCheck).month(year.pointIds, MONTH));
  if (checked.result.differences.length > 0) throw new Error('the roll-up differs from meals or ledger');
  const [counted] = await dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM meal_rollup');

  console.log('');
  line('meals of the year', year.meals);
  line('reversals', year.reversals);
  line('rows generated', year.rows);
  line('generated, rows per second', Math.round(year.rows / year.seconds));
  line('roll-up rows by day', Number(counted?.n ?? 0));
  line('roll-up of the whole year, s', round(added.ms / 1000));
  line(`claim of ${MONTH}, best of ${RUNS}, ms`, round(claimed.ms));
  line('  the same drafted, stored and audited, ms', round(drafted.ms));
  line('one SQL aggregate over the same meals, ms', round(scanned.ms));
  for (const [level, ms] of pages) line(`drill-down over HTTP, p95 of ${level}, ms`, round(ms));
  line(`month counted again from meals and ledger (${checked.result.figures} figures), ms`, round(checked.ms));
  console.log(JSON.stringify({
    meals: year.meals, monthClaimMs: round(claimed.ms), scanMs: round(scanned.ms), speedup: round(scanned.ms / claimed.ms), drillP95Ms: round(pages.get('all') ?? 0),
  }));
}

await measure();
