import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ROLES, type Role } from '../src/contract/access.js';
import { businessDayOf, instantOf } from '../src/domain/kernel/business-day.js';
import type { PointId, SeniorId, SetMealId } from '../src/domain/kernel/ids.js';
import { FixedClock } from '../src/infra/clock/clock.js';
import { newId } from '../src/infra/ids.js';
import { JournalRoots, JournalSealer } from '../src/modules/ledger/index.js';
import { SellMeal } from '../src/modules/payment/sell-meal.js';
import { SeniorDirectory } from '../src/modules/seniors/index.js';
import { MealRollup } from '../src/modules/settlement/index.js';
import { argument, line, rounded, signIn, timed, withBenchApp } from './bench-app.js';
import { generateYear, type GeneratedYear } from './report/generate-year.js';
import { layLunch, type BenchLunch } from './seal/lunch.js';

/**
 * `npm run bench:scale -- [--meals-a-day N] [--payments N]`: what a weekday asks of a database that holds a year: lunches
 * are paid, sealed and added up, and every page that reads is opened by every role that may. The statements that looked
 * at many rows are listed, so that one that reads the year each time is seen before the year is over.
 */
const MANY_ROWS = 2_000;
const TODAY = businessDayOf(new Date());

interface Looked { readonly statement: string; times: number; mostRows: number; mostMs: number }

async function layYear(dataSource: DataSource): Promise<GeneratedYear> {
  const year = await generateYear(dataSource, 1, { points: 14, seniors: 7_000, mealsADay: argument('meals-a-day', 300) }, (text) => console.log(text));
  await dataSource.query('ANALYZE TABLE meal, meal_payer, meal_reversal, transfer, entry, journal_seal, account, senior');
  await dataSource.query(`SET GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0, GLOBAL min_examined_row_limit = ${MANY_ROWS}, GLOBAL slow_query_log = 1`);
  return year;
}

/** Pays `count` lunches one after another. @returns ms of each, fastest first */
async function payLunches(app: NestExpressApplication, lunch: BenchLunch, count: number): Promise<number[]> {
  const times: number[] = [];
  for (const seniorId of lunch.seniorIds.slice(0, count)) {
    const { ms } = await timed(() => app.get(SellMeal, { strict: false }).execute({
      pointId: lunch.pointId as PointId, actor: { kind: 'device', id: lunch.deviceId }, key: newId(), request: { seniorId }, setMealId: lunch.setMealId as SetMealId,
      channel: 'eat-in', tender: 'wallet', expectedDueFen: lunch.dueFen,
      identify: async (tx) => ({ diner: await app.get(SeniorDirectory, { strict: false }).byId(seniorId as SeniorId, tx), identifiedBy: 'card', identification: { kind: 'card' } }),
    }));
    times.push(ms);
    const [newest] = await app.get(DataSource).query<{ id: string }[]>('SELECT id FROM transfer ORDER BY position DESC LIMIT 1');
    await app.get(JournalSealer, { strict: false }).sealTransfer(newest?.id ?? '');
    await app.get(MealRollup).catchUp();
  }
  return times.sort((a, b) => a - b);
}

interface Operation { readonly operationId: string; readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema?: { enum?: string[] } }[] }

/** Opens every reading operation as every role. @returns the slowest answers, and how many were answered */
async function openPages(app: NestExpressApplication, streetId: string, known: Readonly<Record<string, string>>): Promise<{ answered: number; unanswered: string[]; slow: { operation: string; ms: number }[] }> {
  const { paths } = JSON.parse(readFileSync(join(process.cwd(), 'openapi.json'), 'utf8')) as { paths: Record<string, { get?: Operation }> };
  const origin = await app.getUrl();
  const answered = new Set<string>();
  const slow: { operation: string; ms: number }[] = [];
  const all = Object.entries(paths).flatMap(([path, { get }]) => (get === undefined ? [] : [{ path, get }]));
  for (const role of ROLES) {
    const { headers } = await signIn(app.get(DataSource), role, streetId, `bench-${role}`);
    for (const { path, get } of all) {
      if (answered.has(get.operationId)) continue;
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? known.id);
      const query = new URLSearchParams((get.parameters ?? []).filter((one) => one.in === 'query' && one.required === true)
        .map((one): [string, string] => [one.name, known[one.name] ?? one.schema?.enum?.[0] ?? known.id]));
      const { ms, result } = await timed(async () => {
        const answer = await fetch(`${origin}${filled}?${query.toString()}`, { headers });
        await answer.arrayBuffer();
        return answer.status;
      });
      if (result === 200) {
        answered.add(get.operationId);
        slow.push({ operation: `${get.operationId} as ${role satisfies Role}`, ms });
      }
    }
  }
  return { answered: answered.size, unanswered: all.map(({ get }) => get.operationId).filter((id) => !answered.has(id)), slow: slow.sort((a, b) => b.ms - a.ms).slice(0, 15) };
}

/** Numbers and texts out, so that one statement with other values is the same statement. */
const shapeOf = (sql: string): string => sql.replaceAll(/'(?:[^'\\]|\\.|'')*'/g, '?').replaceAll(/\b\d+\b/g, '?').replaceAll(/\?(\s*,\s*\?)+/g, '?…').replaceAll(/\s+/g, ' ').slice(0, 600);

async function manyRows(dataSource: DataSource): Promise<Looked[]> {
  const rows = await dataSource.query<{ statement: string; looked: number; ms: string }[]>(
    'SELECT CONVERT(sql_text USING utf8mb4) AS statement, rows_examined AS looked, TIME_TO_SEC(query_time) * 1000 AS ms FROM mysql.slow_log');
  const shapes = new Map<string, Looked>();
  for (const row of rows) {
    const statement = shapeOf(row.statement);
    const known = shapes.get(statement) ?? { statement, times: 0, mostRows: 0, mostMs: 0 };
    known.times += 1;
    known.mostRows = Math.max(known.mostRows, Number(row.looked));
    known.mostMs = Math.max(known.mostMs, Number(row.ms));
    shapes.set(statement, known);
  }
  await dataSource.query('TRUNCATE TABLE mysql.slow_log');
  return [...shapes.values()].sort((a, b) => b.mostRows - a.mostRows);
}

function list(title: string, looked: readonly Looked[]): void {
  console.log(`\n${title}: ${looked.length} statements looked at more than ${MANY_ROWS} rows`);
  for (const one of looked) console.log(`${String(one.mostRows).padStart(9)} rows ${String(one.times).padStart(5)} times ${one.mostMs.toFixed(0).padStart(6)} ms  ${one.statement}`);
}

async function figures(app: NestExpressApplication, year: GeneratedYear): Promise<void> {
  const dataSource = app.get(DataSource);
  await app.get(MealRollup).rebuild();
  await app.get(JournalRoots, { strict: false }).closeDays();
  const payments = argument('payments', 60);
  const lunch = await layLunch(app, TODAY, payments + 1);
  await payLunches(app, lunch, 1);
  await manyRows(dataSource);
  const paid = await payLunches(app, { ...lunch, seniorIds: lunch.seniorIds.slice(1) }, payments);
  const ofPaying = await manyRows(dataSource);
  list('Paying, sealing, adding up', ofPaying);
  const [some] = await dataSource.query<{ seniorId: string; mealId: string; pointId: string; operatorId: string; day: string; personCode: string }[]>(
    `SELECT m.senior_id AS seniorId, m.id AS mealId, m.point_id AS pointId, m.operator_id AS operatorId, m.business_day AS day, s.person_code AS personCode
     FROM meal m JOIN senior s ON s.id = m.senior_id WHERE m.point_id = ? ORDER BY m.sold_at DESC LIMIT 1`, [year.pointIds[0]]);
  const month = some?.day.slice(0, 7) ?? '';
  const pages = await openPages(app, year.streetId, {
    id: newId(), ...some, streetId: year.streetId, policyId: year.lastPolicyId, month, from: `${month}-01`, to: some?.day ?? '', year: month.slice(0, 4), period: 'lunch', setCode: 'A', after: '0',
  });
  list('Pages', await manyRows(dataSource));
  console.log(`\n${pages.answered} reading operations answered, the slowest:`);
  for (const { operation, ms } of pages.slow) line(`  ${operation}, ms`, rounded(ms));
  console.log(`not answered for want of such a thing in this year: ${pages.unanswered.join(', ')}`);
  line('\nmeals in the database', year.meals);
  line('a payment, median ms', rounded(paid[Math.floor(paid.length / 2)] ?? 0));
  line('a payment, p95 ms', rounded(paid[Math.ceil(paid.length * 0.95) - 1] ?? 0));
  console.log(JSON.stringify({
    meals: year.meals, paymentMedianMs: rounded(paid[Math.floor(paid.length / 2)] ?? 0), paymentP95Ms: rounded(paid[Math.ceil(paid.length * 0.95) - 1] ?? 0),
    statementsOfPayingWithManyRows: ofPaying.length, slowestPageMs: rounded(pages.slow[0]?.ms ?? 0),
  }));
}

await withBenchApp(layYear, figures, { clock: new FixedClock(instantOf(TODAY, 690)) });
