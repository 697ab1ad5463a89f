/**
 * `npm test`: every check from types to browser on real servers; `npm test -- unit lint` runs parts alone. Installs
 * what is missing first and ends in one line: N passed, N failed.
 */
import { PARTS } from './test/parts.mjs';
import { runNamed } from './test/run-parts.mjs';

await runNamed(PARTS, process.argv.slice(2));
