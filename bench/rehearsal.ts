import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { mondayOf } from '../src/domain/kernel/business-day.js';
import { firstDayOf, lastDayOf, parseMonth } from '../src/domain/settlement/index.js';
import { CarryOutPolicyRun } from '../src/modules/subsidy/carry-out-policy-run.js';
import { PolicyRuns } from '../src/modules/subsidy/policy-runs.query.js';
import { StartPolicyRun } from '../src/modules/subsidy/start-policy-run.js';
import { argument, line, rounded, signIn, timed, withBenchApp } from './bench-app.js';
import { generateYear, YEAR, type GeneratedYear } from './report/generate-year.js';

/**
 * `npm run bench:rehearsal -- [--meals N] [--seed N]`: a month of a street with so many meals, sold under one version of
 * its policy for the first half of July and under another after it; the month is rehearsed under the later one, started
 * and carried out by the use cases of the page and the worker.
 */
const MONTH = parseMonth(`${YEAR}-07`);
const DAYS = 31;

/** The week in which the month begins is part of it: weekly caps are counted from its Monday. */
async function layMonth(dataSource: DataSource): Promise<GeneratedYear> {
  const year = await generateYear(dataSource, argument('seed', 1), {
    points: 14, seniors: 7_000, mealsADay: Math.ceil(argument('meals', 30_000) / DAYS), from: mondayOf(firstDayOf(MONTH)), to: lastDayOf(MONTH),
  }, (text) => console.log(text));
  await dataSource.query('ANALYZE TABLE meal, meal_payer, meal_reversal');
  return year;
}

async function measure(app: NestExpressApplication, year: GeneratedYear): Promise<void> {
  const dataSource = app.get(DataSource);
  const { staffId } = await signIn(dataSource, 'street', year.streetId);
  const staff = { staffId, displayName: 'bench', role: 'street', scopeKind: 'street', scopeId: year.streetId } as unknown as Parameters<StartPolicyRun['execute']>[0];
  const { ms, result: policyRunId } = await timed(async () => {
    const runId = await app.get(StartPolicyRun, { strict: false }).execute(staff, year.lastPolicyId, MONTH);
    // A long run is carried out by the worker; a short one is done by now, and this finds nothing left.
    await app.get(CarryOutPolicyRun, { strict: false }).execute({ policyRunId: runId, messageId: null });
    return runId;
  });
  const { rehearsal } = await app.get(PolicyRuns, { strict: false }).run(staff, policyRunId);
  if (rehearsal === null || rehearsal.unreadableMeals > 0) throw new Error('the rehearsal could not read every meal');
  const seconds = ms / 1_000;

  console.log('');
  line('meals rehearsed', rehearsal.meals);
  line('people', rehearsal.people);
  line('meals whose price changes', rehearsal.changedMeals);
  line('what payers bear before, yuan', rounded(rehearsal.subsidyBeforeFen / 100, 2));
  line('what payers would bear, yuan', rounded(rehearsal.subsidyAfterFen / 100, 2));
  line('rows generated', year.rows);
  line('rehearsal, s', rounded(seconds, 2));
  line('meals per second', Math.round(rehearsal.meals / seconds));
  console.log(JSON.stringify({ meals: rehearsal.meals, seconds: rounded(seconds, 2), mealsPerSecond: Math.round(rehearsal.meals / seconds), rows: year.rows }));
}

await withBenchApp(layMonth, measure);
