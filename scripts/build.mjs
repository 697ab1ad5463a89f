/** `npm run build [-- server kiosk console]`: builds what has changed. */
import { buildStale, partNames } from './start/build.mjs';
import { installPackages } from './start/node-packages.mjs';
import { Refusal } from './start/progress.mjs';

try {
  const names = process.argv.slice(2);
  await installPackages();
  await buildStale(names.length > 0 ? names : partNames);
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
