/**
 * `npm start`: from a fresh clone to a running installation. Installs what is missing, provides MariaDB and Redis,
 * migrates, seeds the demo street where the database is empty, builds what changed, starts web and worker, and stays
 * until Ctrl-C. Options for a new demo street: --demo-seniors=N,
 * --demo-days=N (past days with meals), --demo-anew (discards one that was begun and not completed).
 */
import { Installation } from './start/installation.mjs';
import { Refusal } from './start/progress.mjs';

const installation = new Installation(process.argv.slice(2), process.env);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => installation.end(`Stopping (${signal})`, 0));
}

// npm may be killed hard above us; then nobody is left who could stop this command, so it stops by itself.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void installation.end('npm is gone: stopping', 1);
  }, 1_000).unref();
}

try {
  await installation.start();
} catch (error) {
  await installation.end(error instanceof Refusal ? error.message : `Unexpected: ${error.stack}`, 1);
}
