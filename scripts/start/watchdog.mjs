/**
 * Outlives a start command that was killed hard and ends what it left. The parent holds the other end of stdin:
 * when that closes without a farewell, every process still on the list is ended, the last started first.
 * Lines in: {"watch": {pid, token, signal, graceMs}}, {"forget": pid}, and {"clear": folder}, which is removed last.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endProcess } from './process-identity.mjs';

const watched = new Map();
let clear = null;

for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.watch) watched.set(message.watch.pid, message.watch);
  if (message.clear !== undefined) clear = message.clear;
  if (message.forget) watched.delete(message.forget);
});
lines.on('close', async () => {
  for (const entry of [...watched.values()].reverse()) await endProcess(entry, entry);
  if (clear) rmSync(clear, { recursive: true, force: true });
  process.exit(0);
});
