/**
 * `npm run test:long`: kill -9 of every process under load, races by the hundred, a soak. Under an hour; ends in one
 * line: N passed, N failed.
 */
import { LONG_PARTS } from './test/parts.mjs';
import { runParts } from './test/run-parts.mjs';

await runParts(LONG_PARTS);
