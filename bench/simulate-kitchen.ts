import { inventEvents } from './kitchen-world/events.js';
import { inventStreet, type World } from './kitchen-world/street.js';
import { cells, type Policy, SeasonalNaive, settingsFor, soldInPast, type TwoWaveSettings, TwoWaves } from './kitchen-policies/policies.js';
import { type MonthResult, runMonth } from './kitchen-policies/run-month.js';

/**
 * `npm run simulate:kitchen -- --seed N [--points N] [--naive-margin SHARE]
 * [--share SHARE | --quantiles FIRST,SECOND,KEEP,AIMED-RUN-OUTS]`: one month of a street with weather, a
 * holiday week, lots, a recall and a dish that changes at nine, cooked twice: by this project's rules and by last week's
 * weekday, at about equal run-outs; below, what a kitchen without costs of its own does. Deterministic for a seed. Last line: JSON.
 */
const flag = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : process.argv[at + 1] ?? otherwise;
};
/** Costs at which this kitchen runs out about as often as one that cooks by last week, so that waste can be compared. */
const EQUAL_SHARE = 0.69;
/** What a kitchen cooks by that has written no costs: far fewer people find nothing. */
const CAREFUL_SHARE = 0.9;
const seed = flag('seed', '1');
const points = Number(flag('points', '14'));
const margin = Number(flag('naive-margin', '0.1'));
const share = Number(flag('share', String(EQUAL_SHARE)));
const asked = process.argv.includes('--quantiles') ? quantilesOf(flag('quantiles', '')) : settingsFor(share);
const world = inventStreet(seed, points);
const events = inventEvents(seed, world);

function taught<P extends Policy & { learn: TwoWaves['learn'] }>(policy: P, from: World): P {
  for (const day of from.history) for (const { point, setCode } of cells(points)) policy.learn(point, setCode, soldInPast(day, point, setCode));
  return policy;
}

function kitchen(settings: TwoWaveSettings, name: string): TwoWaves {
  const policy = taught(new TwoWaves(points, world, settings, name), world);
  policy.learnCourse(world.history.slice(-28).flatMap((day) => day.arrivals.flat().map(({ minute }) => minute)));
  return policy;
}

function quantilesOf(text: string): TwoWaveSettings {
  const [firstQuantile, secondQuantile, keepQuantile, aimedRunOuts] = text.split(',').map(Number);
  return { firstQuantile, secondQuantile, keepQuantile, aimedRunOuts };
}

const ours = kitchen(asked, `forecast, two waves (${Math.round(asked.firstQuantile * 100)} %)`);
const careful = kitchen(settingsFor(CAREFUL_SHARE), `forecast, two waves (${CAREFUL_SHARE * 100} %)`);
const policies: Policy[] = [ours, ...[...new Set([margin, 0, 0.1, 0.2])].sort((a, b) => Number(b === margin) - Number(a === margin) || a - b).map((more) => taught(new SeasonalNaive(points, more), world)), careful];
console.log(`${world.month[0]?.day} to ${world.month.at(-1)?.day}, ${points} points, seed ${seed}: ${world.month.filter(({ rainMm }) => rainMm > 0).length} rainy days, recall on ${events.recall.day} (${events.recall.setCode}), dish changed at nine on ${events.change.day} (${events.change.setCode})`);
console.log(`${'kitchen'.padEnd(34)}${'cooked'.padStart(9)}${'eaten'.padStart(9)}${'waste kg'.padStart(10)}${'run-outs'.padStart(10)}${'missed'.padStart(8)}${'recalled'.padStart(10)}${'clashes'.padStart(9)}${'unrel.'.padStart(8)}${'unbal.'.padStart(8)}`);
const results = policies.map((policy): MonthResult => {
  const result = runMonth(seed, world, events, policy);
  const { cooked, eaten, wasteKg, runOuts, missed, recalledPortions, clashesServed, unreleasedServed, portionsUnbalanced } = result;
  console.log(`${policy.name.padEnd(34)}${String(cooked).padStart(9)}${String(eaten).padStart(9)}${wasteKg.toFixed(1).padStart(10)}${String(runOuts).padStart(10)}${String(missed).padStart(8)}${String(recalledPortions).padStart(10)}${String(clashesServed).padStart(9)}${String(unreleasedServed).padStart(8)}${String(portionsUnbalanced).padStart(8)}`);
  return result;
});
const [mine, naive] = results;
console.log(`waste: unserved portions at ${0.55} kg; run-outs: set meals that were gone at a point before everyone had come; without the day and set meal of the recall`);
console.log(`recall: ${mine.traced} people traced, ${mine.tracedWrong} of them wrong or missing; orders moved for a restriction: ${mine.moved}; pots released late: ${mine.lateBatches}; lots: ${mine.lotsUnbalancedG} g unaccounted`);
console.log(JSON.stringify({
  wasteKg: round(mine.wasteKg), naiveWasteKg: round(naive.wasteKg), runOuts: mine.runOuts, naiveRunOuts: naive.runOuts,
  portionsUnbalanced: mine.portionsUnbalanced, unreleasedServed: mine.unreleasedServed, clashesServed: mine.clashesServed,
}));

function round(kg: number): number {
  return Math.round(kg * 10) / 10;
}
