import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TUNING, solveTours, type Tuning } from '../src/domain/routing/search/solve-tours.js';
import { iterations } from '../src/domain/routing/search/sisr.js';
import { verifyTours } from '../src/domain/routing/search/tour-problem.js';
import { readInstance } from './routes/read-instance.js';

/**
 * `npm run bench:routes -- --instances DIR --best FILE [--seconds 10[,60]] [--seeds 5] [--seed 1] [--only A,B | --all]`:
 * the gap of the planner's core to the best known plans of public instances, on one thread. `--best` is a table with
 * the columns instance, best_known and file. `--cpu` counts the processor's seconds instead of the clock's, for a machine
 * that has other work; `--iterations N` stops after so many whatever they take. `--tune NAME=VALUE,…` changes the search for an experiment.
 */
const NAMED = ['X-n101-k25', 'X-n303-k21', 'X-n701-k44', 'X-n1001-k43', 'R101', 'RC104', 'C1_10_2', 'RC2_10_3'];

interface Row {
  readonly instance: string;
  readonly seconds: number;
  readonly seeds: number;
  readonly bestKnown: number;
  readonly meanCost: number;
  readonly gapPct: number;
}

const argument = (name: string): string | undefined => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? undefined : process.argv[place + 1];
};

const required = (name: string): string => {
  const value = argument(name);
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
};

function bestKnown(file: string): { instance: string; best: number; file: string }[] {
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/).map((line) => line.split('\t'));
  const column = (name: string): number => head.indexOf(name);
  return rows.map((row) => ({ instance: row[column('instance')], best: Number(row[column('best_known')]), file: row[column('file')] }));
}

function tuningAsked(): Partial<Tuning> {
  const pairs = (argument('tune') ?? '').split(',').filter(Boolean).map((pair) => pair.split('='));
  for (const [name] of pairs) if (!(name in TUNING)) throw new Error(`nothing called ${name} can be tuned`);
  return Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const nowMs = process.argv.includes('--cpu') ? cpuMs : (): number => performance.now();

const counted = Number(argument('iterations') ?? 0);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function measure(instance: string, best: number, file: string, seconds: number, seeds: readonly number[], tuning: Partial<Tuning>): Row {
  const { problem, unit } = readInstance(file);
  const costs: number[] = [];
  const tours: number[] = [];
  let made = 0;
  const cpuFromMs = cpuMs();
  for (const seed of seeds) {
    const start = nowMs();
    const byTime = (): number => (nowMs() - start) / (seconds * 1000);
    const plan = solveTours(problem, { seed, spent: counted > 0 ? iterations(counted) : byTime, tuning });
    const violations = verifyTours(problem, plan);
    if (violations.length > 0) throw new Error(`${instance}: ${JSON.stringify(violations.slice(0, 5))}`);
    costs.push(plan.cost / unit);
    tours.push(plan.tours.length);
    made += plan.iterations;
  }
  const meanCost = mean(costs);
  const gapPct = (meanCost / best - 1) * 100;
  console.log([
    instance.padEnd(12), String(seconds).padStart(4), best.toFixed(1).padStart(10), meanCost.toFixed(1).padStart(10), gapPct.toFixed(2).padStart(7),
    ((Math.min(...costs) / best - 1) * 100).toFixed(2).padStart(7), mean(tours).toFixed(1).padStart(7), String(made).padStart(11),
    Math.round((made * 1000) / (cpuMs() - cpuFromMs)).toString().padStart(9),
  ].join(' '));
  return { instance, seconds, seeds: seeds.length, bestKnown: best, meanCost, gapPct };
}

const folder = required('instances');
const only = argument('only')?.split(',');
const chosen = bestKnown(required('best')).filter(({ instance }) => process.argv.includes('--all') || (only ?? NAMED).includes(instance));
const seeds = Array.from({ length: Number(argument('seeds') ?? 5) }, (_, index) => Number(argument('seed') ?? 1) + index);
const spans = (argument('seconds') ?? '10').split(',').map(Number);
const tuning = tuningAsked();
console.log('instance     secs       best       mean   gap %  best %   tours  iterations  per CPU s   (every plan verified)');
const rows = spans.flatMap((seconds) => chosen.map(({ instance, best, file }) => measure(instance, best, join(folder, file), seconds, seeds, tuning)));
const meanGapPct = Object.fromEntries(spans.map((seconds) => [seconds, mean(rows.filter((row) => row.seconds === seconds).map((row) => row.gapPct))]));
for (const seconds of spans) console.log(`mean gap at ${seconds} s: ${meanGapPct[seconds].toFixed(2)} %`);
console.log(JSON.stringify({ rows, meanGapPct }));
