/**
 * `npm test`: every check from types to browser on real servers; `npm test -- unit lint` runs parts alone. Installs
 * what is missing first and ends in one line: N passed, N failed.
 */
import { PARTS } from './test/parts.mjs';
import { runParts } from './test/run-parts.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS[name]);
if (unknown.length > 0) {
  process.stderr.write(`No part called ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}\n`);
  process.exitCode = 2;
} else {
  await runParts(Object.fromEntries(Object.entries(PARTS).filter(([name]) => wanted.length === 0 || wanted.includes(name))));
}
