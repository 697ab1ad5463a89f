import { DataSource } from 'typeorm';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { addMonths, claimLines, claimText, claimTotals, firstDayOf, lastDayOf, parseMonth } from '../src/domain/settlement/index.js';
import { SeededRandom } from '../src/domain/kernel/seeded-random.js';
import { sha256Hex } from '../src/infra/crypto/digest.js';
import { ClaimFiguresQuery, type FrozenClaim } from '../src/modules/settlement/claims/claim-figures.query.js';
import { DraftClaim } from '../src/modules/settlement/claims/draft-claim.js';
import { MealRollup, RollupCheck } from '../src/modules/settlement/index.js';
import { argument, bestOf, line, rounded, signIn, timed, withBenchApp } from './bench-app.js';
import { generateYear, YEAR, type GeneratedYear } from './report/generate-year.js';

/**
 * `npm run bench:report -- [--seed N] [--meals-a-day N]`: a year of one street in a database of its own; a month's claim
 * from the roll-up beside one SQL aggregate over the same meals, and the pages of drilling down over HTTP.
 */
const RUNS = 5;
const MONTH = parseMonth(`${YEAR}-10`);

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

/** Pages of every level over HTTP, in an order drawn from the seed. @returns the 95th percentile in ms, by level and in all */
async function drill(origin: string, headers: Record<string, string>, seed: number): Promise<Map<string, number>> {
  const random = new SeededRandom(`drill-${seed}`);
  const times = new Map<string, number[]>();
  const visit = async (level: string, query: string): Promise<{ rows: { key: string }[] }> => {
    const { ms, result } = await timed(async () => {
      const answer = await fetch(`${origin}/api/v1/finance/drill?${query}`, { headers });
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

/** The year, with what an optimiser knows of its tables. */
async function layYear(dataSource: DataSource, seed: number): Promise<GeneratedYear> {
  const year = await generateYear(dataSource, seed, { points: 14, seniors: 7_000, mealsADay: argument('meals-a-day', 3_015) }, (text) => console.log(text));
  await dataSource.query('ANALYZE TABLE meal, meal_payer, meal_reversal, transfer, entry, journal_seal');
  return year;
}

async function figures(app: NestExpressApplication, year: GeneratedYear, seed: number): Promise<void> {
  const dataSource = app.get(DataSource);
  const added = await timed(() => app.get(MealRollup).rebuild());
  await dataSource.query('ANALYZE TABLE meal_rollup, meal_rollup_month, meal_rollup_person');
  const payer = 'street';
  const scanned = await bestOf(RUNS, () => scan(dataSource, year.pointIds, payer));
  const frozen = await claimedBefore(dataSource);
  const claimed = await bestOf(RUNS, () => claim(app, dataSource, year, payer, frozen));
  if (scanned.result.amountFen !== claimed.result) throw new Error(`the claim of ${claimed.result} fen is not the scan's ${scanned.result.amountFen}`);
  await bookBefore(dataSource, year.streetId, payer, frozen);
  const { staffId, headers } = await signIn(dataSource, 'finance', year.streetId);
  const staff = { staffId, displayName: 'bench', role: 'finance', scopeKind: 'street', scopeId: year.streetId } as unknown as Parameters<DraftClaim['execute']>[0];
  const drafted = await bestOf(RUNS, () => app.get(DraftClaim).execute(staff, { month: MONTH, partyKind: 'payer', partyCode: payer }));
  const pages = await drill(await app.getUrl(), headers, seed);
  const checked = await timed(() => app.get(RollupCheck).month(year.pointIds, MONTH));
  if (checked.result.differences.length > 0) throw new Error('the roll-up differs from meals or ledger');
  const [counted] = await dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM meal_rollup');

  console.log('');
  line('meals of the year', year.meals);
  line('reversals', year.reversals);
  line('rows generated', year.rows);
  line('generated, rows per second', Math.round(year.rows / year.seconds));
  line('roll-up rows by day', Number(counted?.n ?? 0));
  line('roll-up of the whole year, s', rounded(added.ms / 1000));
  line(`claim of ${MONTH}, best of ${RUNS}, ms`, rounded(claimed.ms));
  line('  the same drafted, stored and audited, ms', rounded(drafted.ms));
  line('one SQL aggregate over the same meals, ms', rounded(scanned.ms));
  for (const [level, ms] of pages) line(`drill-down over HTTP, p95 of ${level}, ms`, rounded(ms));
  line(`month counted again from meals and ledger (${checked.result.figures} figures), ms`, rounded(checked.ms));
  console.log(JSON.stringify({
    meals: year.meals, monthClaimMs: rounded(claimed.ms), scanMs: rounded(scanned.ms), speedup: rounded(scanned.ms / claimed.ms), drillP95Ms: rounded(pages.get('all') ?? 0),
  }));
}

const seed = argument('seed', 1);
await withBenchApp((dataSource) => layYear(dataSource, seed), (app, year) => figures(app, year, seed));
