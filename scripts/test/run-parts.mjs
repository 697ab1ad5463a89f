import { availableParallelism } from 'node:os';
import { installPackages, checkNode } from '../start/node-packages.mjs';
import { ensureSystemPackages } from '../start/system-packages.mjs';
import { holdOutput, write } from './output.mjs';

/** Runs the parts with these names, in their own order; all of them without a name. An unknown name runs nothing and ends with 2. */
export async function runNamed(parts, wanted) {
  const unknown = wanted.filter((name) => !parts[name]);
  if (unknown.length > 0) {
    process.stderr.write(`No part called ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  await runParts(Object.fromEntries(Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name))));
}

/**
 * Runs parts one after the other, neighbours that need one core each beside each other; a part that fails or breaks
 * does not keep later ones from running. Ends in one line with the sums and sets the exit code.
 * @param {Record<string, {run: () => Promise<{passed: number, failed: number}>, system: object[], cores?: 1}>} parts
 */
async function runParts(parts) {
  checkNode();
  const seconds = stopwatch();
  await installPackages();
  await ensureSystemPackages(unique(Object.values(parts).flatMap((part) => part.system)),
    'Tests that need them cannot run without them.').catch((error) => process.stderr.write(`${error.message}\n`));
  const results = [];
  for (const group of groupsOf(Object.entries(parts))) results.push(...await runGroup(group));
  const lines = results.map(({ name, passed, failed, tookS }) =>
    `${name.padEnd(14)} ${String(passed).padStart(5)} good ${String(failed).padStart(5)} bad ${String(tookS).padStart(5)} s`);
  const passed = results.reduce((total, one) => total + one.passed, 0);
  const failed = results.reduce((total, one) => total + one.failed, 0);
  process.stdout.write(`\n${lines.join('\n')}\nall parts took ${seconds()} s\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function stopwatch() {
  const begun = process.hrtime.bigint();
  return () => Math.round(Number(process.hrtime.bigint() - begun) / 1e9);
}

/** Neighbours of one core each make a group; any other part is a group by itself. */
function groupsOf(parts) {
  return parts.reduce((groups, part) => {
    const last = groups.at(-1);
    if (part[1].cores === 1 && last?.every(([, one]) => one.cores === 1)) last.push(part);
    else groups.push([part]);
    return groups;
  }, []);
}

/** @returns the results in the order of the group */
async function runGroup(group) {
  if (group.length === 1) return [await runPart(...group[0])];
  process.stdout.write(`\n${group.map(([name]) => name).join(', ')}: beside each other, each shown when it has ended\n`);
  const waiting = [...group.keys()];
  const results = [];
  const takeOn = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next] = await holdOutput(() => runPart(...group[next]));
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), group.length) }, takeOn));
  return results;
}

async function runPart(name, part) {
  const seconds = stopwatch();
  write(`\n== ${name}\n`);
  const counts = await part.run().catch((error) => {
    write(`${error.stack}\n`);
    return { passed: 0, failed: 1 };
  });
  return { name, ...counts, tookS: seconds() };
}

function unique(packages) {
  return [...new Map(packages.map((one) => [one.package, one])).values()];
}
