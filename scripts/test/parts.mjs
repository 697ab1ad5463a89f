import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildStale } from '../start/build.mjs';
import { mariadbPackage } from '../start/mariadb.mjs';
import { projectRoot } from '../start/paths.mjs';
import { redisPackage } from '../start/redis.mjs';
import { findProgram } from '../start/system-packages.mjs';
import { openapiDrift } from './openapi-drift.mjs';
import { runJest } from './jest-part.mjs';
import { write } from './output.mjs';
import { runNode } from './run-command.mjs';

const inModules = (...path) => join(projectRoot, 'node_modules', ...path);

const servers = [mariadbPackage, redisPackage];
const browser = [
  { package: 'chromium', isHere: () => findProgram('chromium') !== null },
  { package: 'ffmpeg', isHere: () => findProgram('ffmpeg') !== null },
  { package: 'fonts-noto-cjk', isHere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
];

/** One check that passes or fails as a whole. */
async function check(name, work) {
  const good = await work();
  write(`${good ? 'passed' : 'FAILED'}: ${name}\n`);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1 };
}

function sum(counts) {
  return counts.reduce((total, one) => ({ passed: total.passed + one.passed, failed: total.failed + one.failed }), { passed: 0, failed: 0 });
}

function serverTypes() {
  return check('types of server and tests', () => runNode([inModules('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']));
}

async function pageTypes() {
  const counts = [];
  for (const workspace of ['console', 'kiosk', 'ui', 'test/unit/kiosk-page', 'test/unit/console-page']) {
    if (!existsSync(join(projectRoot, workspace, 'tsconfig.json'))) continue;
    counts.push(await check(`types of ${workspace}`, () => runNode([inModules('vue-tsc/bin/vue-tsc.js'), '--noEmit'], { cwd: join(projectRoot, workspace) })));
  }
  return sum(counts);
}

function lint() {
  return check('lint', () => runNode([inModules('eslint/bin/eslint.js'), '--max-warnings=0', '.']));
}

async function openapi() {
  await buildStale(['server']);
  return check('openapi.json matches the code', openapiDrift);
}

async function browserTests() {
  await buildStale();
  return runJest('browser');
}

/** Pages that few people use on one day, and ways through several pages. */
async function journeys() {
  await buildStale();
  return runJest('journeys');
}

/** The start command itself; each test runs it on a data folder of its own. */
async function starts() {
  await buildStale();
  return runJest('start');
}

async function endToEnd() {
  await buildStale(['kiosk', 'console']);
  return runJest('e2e');
}

async function faults() {
  await buildStale(['server']);
  return runJest('faults', { workers: 1 });
}

/**
 * The parts in the order they run. `system`: packages of the operating system that a part needs. `cores: 1`: a part
 * that keeps one core busy and touches nothing that another reads, so that such neighbours run beside each other.
 */
export const PARTS = {
  types: { run: serverTypes, system: [], cores: 1 },
  'page-types': { run: pageTypes, system: [], cores: 1 },
  lint: { run: lint, system: [], cores: 1 },
  openapi: { run: openapi, system: [], cores: 1 },
  architecture: { run: () => runJest('architecture', { workers: 1 }), system: [], cores: 1 },
  unit: { run: () => runJest('unit', { workers: 1 }), system: [], cores: 1 },
  integration: { run: () => runJest('integration'), system: servers },
  e2e: { run: endToEnd, system: servers },
  start: { run: starts, system: servers },
  browser: { run: browserTests, system: [...servers, ...browser] },
};

/** What takes longer and runs by itself. */
export const LONG_PARTS = {
  journeys: { run: journeys, system: [...servers, ...browser] },
  faults: { run: faults, system: servers },
};

