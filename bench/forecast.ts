import { forecastPooled } from '../src/domain/forecast/index.js';
import { addDays } from '../src/domain/kernel/business-day.js';
import { BASELINES } from './forecast/baselines.js';
import { type Forecaster, readVisits, type Score, score, scoredStores } from './forecast/protocol.js';

/**
 * `npm run bench:forecast -- visits.csv calendar.csv [--earlier WEEKS]`: the pooled forecast beside simple methods,
 * seven days ahead from four weekly evenings. `--earlier` moves the hold-out back, for choosing settings on other days
 * than those of the score.
 */
const [visitsPath, calendarPath, ...flags] = process.argv.slice(2);
if (visitsPath === undefined || calendarPath === undefined) {
  process.stderr.write('npm run bench:forecast -- visits.csv calendar.csv [--earlier WEEKS]\n');
  process.exit(1);
}
const earlierWeeks = flags[0] === '--earlier' ? Number(flags[1]) : 0;
const all = readVisits(visitsPath, calendarPath);
const data = { ...all, lastDay: addDays(all.lastDay, -7 * earlierWeeks) };
const stores = scoredStores(data);

const ours: Forecaster = (known, origin, holidays) => {
  const forecast = forecastPooled(known.map(({ days }) => days), origin, { holidays });
  return (store, target) => forecast.expect(store, target);
};

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const print = (name: string, { wape, mase }: Score, seconds: number): void =>
  console.log(`${name.padEnd(40)}${percent(wape).padStart(10)}${mase.toFixed(4).padStart(10)}${seconds.toFixed(1).padStart(9)} s`);

console.log(`${stores.length} series, hold-out ending ${data.lastDay}`);
console.log(`${'method'.padEnd(40)}${'WAPE'.padStart(10)}${'MASE'.padStart(10)}`);
const run = (name: string, forecaster: Forecaster): Score => {
  const began = performance.now();
  const result = score(data, stores, forecaster);
  print(name, result, (performance.now() - began) / 1000);
  return result;
};
const baselines = Object.fromEntries(Object.entries(BASELINES).map(([name, forecaster]) => [name, run(name, forecaster)]));
const result = run('pooled forecast', ours);
for (const [name, baseline] of Object.entries(baselines)) {
  console.log(`against ${name}: WAPE ${percent(1 - result.wape / baseline.wape)} lower, MASE ${percent(1 - result.mase / baseline.mase)} lower`);
}
console.log(JSON.stringify({ ours: result, baselines }));
