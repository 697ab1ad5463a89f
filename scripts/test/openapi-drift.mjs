import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../start/paths.mjs';
import { write } from './output.mjs';
import { runNode } from './run-command.mjs';

/** Is the committed description of the API what the code says today? Names the first line that differs. */
export async function openapiDrift() {
  const folder = mkdtempSync(join(tmpdir(), 'rehufan-openapi-'));
  const fresh = join(folder, 'openapi.json');
  try {
    const good = await runNode(['dist/src/tools/openapi.js', `--out=${fresh}`]);
    if (!good || !existsSync(fresh)) return false;
    const committed = join(projectRoot, 'openapi.json');
    if (!existsSync(committed)) return tell('openapi.json is not committed; run: npm run openapi');
    const [wanted, found] = [fresh, committed].map((path) => readFileSync(path, 'utf8').trimEnd().split('\n'));
    const line = wanted.findIndex((text, index) => text !== found[index]);
    if (line === -1 && wanted.length === found.length) return true;
    return tell(`openapi.json differs from the code at line ${(line === -1 ? wanted.length : line) + 1}; run: npm run openapi`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(text) {
  write(`${text}\n`);
  return false;
}
