import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { readJson } from '../start/files.mjs';
import { projectRoot } from '../start/paths.mjs';
import { runNode } from './run-command.mjs';

/** A zone with half hours and daylight saving, far from Shanghai: code that reads local time fails here. */
const HOSTILE_ZONE = 'America/St_Johns';

/** Two workers where there are two cores and memory for a browser, networks and servers beside each. */
function twoWhereTheyFit() {
  return availableParallelism() >= 2 && totalmem() > 6e9 ? 2 : 1;
}

/**
 * Runs one jest project and counts its tests. A file that could not even be loaded counts as one failed test, and so
 * does a project without any test.
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runJest(project, { workers = twoWhereTheyFit(), args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rehufan-jest-'));
  const summary = join(folder, 'summary.json');
  try {
    const good = await runNode([join(projectRoot, 'node_modules/jest/bin/jest.js'), '--selectProjects', project,
      '--json', '--outputFile', summary, `--maxWorkers=${workers}`, '--silent',
      // The queue's Redis client keeps a timer for up to 30 s after its socket is closed; all results are in by then.
      '--forceExit', ...args],
    { env: { TZ: HOSTILE_ZONE, NODE_ENV: 'test' } });
    return countTests(readJson(summary), good);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countTests(summary, good) {
  if (!summary) return { passed: 0, failed: 1 };
  const passed = summary.numPassedTests;
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites + summary.numPendingTests + summary.numTodoTests;
  const empty = passed + failed === 0;
  return { passed, failed: failed === 0 && (empty || !good) ? 1 : failed };
}
