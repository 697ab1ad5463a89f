import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const hasProc = existsSync('/proc/self/stat');

/**
 * A token that together with the pid names one process for ever, since pids are used again:
 * boot and start time. Null where no such process lives (a zombie counts as gone).
 */
export function startToken(pid) {
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return hasProc ? tokenFromProc(pid) : tokenFromPs(pid);
}

function tokenFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}

function tokenFromPs(pid) {
  try {
    const [state, ...start] = ps(pid, 'stat=,lstart=').split(/\s+/);
    return state.startsWith('Z') ? null : start.join(' ');
  } catch {
    return null;
  }
}

/** The command line of a process, or an empty text. */
export function commandLine(pid) {
  try {
    return hasProc ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() : ps(pid, 'command=');
  } catch {
    return '';
  }
}

function ps(pid, columns) {
  return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

/** Is this very process (not a later one with the same pid) alive? */
export function isAlive({ pid, token }) {
  return token !== null && token !== undefined && startToken(pid) === token;
}

/**
 * Asks a process to end, waits, and ends it hard after the grace period.
 * @returns {Promise<'gone'|'ended'|'killed'>}
 */
export async function endProcess(identity, { signal = 'SIGTERM', graceMs = 15_000 } = {}) {
  if (!isAlive(identity)) return 'gone';
  send(identity.pid, signal);
  if (await goneWithin(identity, graceMs)) return 'ended';
  send(identity.pid, 'SIGKILL');
  await goneWithin(identity, 5_000);
  return 'killed';
}

async function goneWithin(identity, limitMs) {
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    if (!isAlive(identity)) return true;
    await pause(25);
  }
  return !isAlive(identity);
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
