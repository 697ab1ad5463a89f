import { linkSync, mkdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, startToken } from './process-identity.mjs';
import { readJson, writeJson } from './files.mjs';

/** Who holds the lock of an installation: {pid, token, address} of a living process, or null. */
export function lockHolder(path) {
  const holder = readJson(path);
  return holder && isAlive(holder) ? holder : null;
}

/**
 * Takes the lock of an installation for this process. A lock whose process is gone (killed, power cut) is replaced.
 * @returns {null | {pid: number, address?: string}} null when taken, else the living holder
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const mine = `${path}.${process.pid}`;
  writeJson(mine, { pid: process.pid, token: startToken(process.pid) });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        // A link is made or refused in one step, and what it names is already complete.
        linkSync(mine, path);
        return null;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
        const holder = lockHolder(path);
        if (holder) return holder;
        unlinkSync(path);
      }
    }
    return lockHolder(path) ?? { pid: 0 };
  } finally {
    unlinkSync(mine);
  }
}

/** Adds what a second command should be told (the address) to the lock that this process holds. */
export function describeLock(path, description) {
  writeJson(path, { pid: process.pid, token: startToken(process.pid), ...description });
}

/** Gives the lock back, if it is this process's. */
export function releaseLock(path) {
  if (readJson(path)?.pid === process.pid) unlinkSync(path);
}
