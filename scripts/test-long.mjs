/**
 * `npm run test:long`: ways through many pages in a browser, kill -9 of every process under load, races by the hundred,
 * a soak; `npm run test:long -- journeys` runs one part alone. Under an hour; ends in one line: N passed, N failed.
 */
import { LONG_PARTS } from './test/parts.mjs';
import { runNamed } from './test/run-parts.mjs';

await runNamed(LONG_PARTS, process.argv.slice(2));
