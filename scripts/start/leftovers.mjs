import { readFileSync, rmSync } from 'node:fs';
import { commandLine, endProcess, isAlive, startToken } from './process-identity.mjs';
import { readJson, writeJson } from './files.mjs';

/** Notes which process serves a data folder, for the next start. */
export function rememberProcess(path, { pid, token }) {
  writeJson(path, { pid, token });
}

/**
 * Ends a server that a killed parent left behind on this data folder; two on one folder would destroy it.
 * It is ended only where a pid file names it and its command line holds the mark of this very installation.
 * @param {{name: string, note: string, pidFile?: string, mark: string, graceMs?: number}} options
 * @returns {Promise<boolean>} whether one was found
 */
export async function endLeftover({ name, note, pidFile, mark, graceMs = 60_000 }) {
  const candidates = [];
  const noted = readJson(note);
  if (noted && isAlive(noted)) candidates.push(noted);
  const pid = pidFile ? readPid(pidFile) : null;
  if (pid) candidates.push({ pid, token: startToken(pid) });
  let found = false;
  for (const candidate of candidates) {
    if (candidate.pid === process.pid || !commandLine(candidate.pid).includes(mark)) continue;
    found = true;
    const outcome = await endProcess(candidate, { graceMs });
    if (outcome === 'killed') process.stderr.write(`${name} (process ${candidate.pid}) did not end when asked and was killed\n`);
  }
  rmSync(note, { force: true });
  if (pidFile) rmSync(pidFile, { force: true });
  return found;
}

function readPid(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}
