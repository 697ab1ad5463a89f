/**
 * Runs a tool of src/tools against this installation: `node scripts/run-tool.mjs NAME [arguments]`.
 * The environment is that of the last start (data/runtime.json) unless DATABASE_URL names another database; where
 * the private servers are not running, they are run for as long as the tool needs them.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildStale } from './start/build.mjs';
import { Children } from './start/children.mjs';
import { readJson } from './start/files.mjs';
import { lockHolder, releaseLock, takeLock } from './start/lock.mjs';
import { installPackages } from './start/node-packages.mjs';
import { installationPaths, projectRoot } from './start/paths.mjs';
import { Refusal } from './start/progress.mjs';
import { provideServers } from './start/servers.mjs';

/** Tools that look at code alone. */
const NEED_NO_SERVERS = new Set(['openapi']);

if (existsSync(join(projectRoot, '.env'))) process.loadEnvFile(join(projectRoot, '.env'));
const paths = installationPaths(process.env);

/** Calls work with the environment of the installation, whose servers run meanwhile. */
async function withInstallation(name, work) {
  const runtime = readJson(paths.runtime) ?? {};
  const own = Boolean(process.env.DATABASE_URL);
  if (NEED_NO_SERVERS.has(name) || own || lockHolder(paths.lock)) return work(own ? process.env : { ...process.env, ...runtime });
  if (!existsSync(paths.mariadb)) throw new Refusal('No installation here yet: run npm start first, or give DATABASE_URL.');
  const holder = takeLock(paths.lock);
  if (holder) throw new Refusal(`The installation is just starting (process ${holder.pid}); try again when it is ready.`);
  const children = new Children();
  try {
    const servers = await provideServers({ env: process.env, paths, children, onDeath: (how) => process.stderr.write(`${how}\n`) });
    return await work({ ...process.env, ...runtime, DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl });
  } finally {
    await children.stopAll();
    releaseLock(paths.lock);
  }
}

function run(name, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', join(projectRoot, 'dist', 'src', 'tools', `${name}.js`), ...args],
      { cwd: projectRoot, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

try {
  const [name, ...args] = process.argv.slice(2);
  if (!/^[a-z][a-z-]*$/.test(name ?? '') || !existsSync(join(projectRoot, 'src', 'tools', `${name}.ts`))) {
    throw new Refusal(`No tool called ${name ?? '(nothing)'} in src/tools.`);
  }
  await installPackages();
  await buildStale(['server']);
  process.exitCode = await withInstallation(name, (env) => run(name, args, env));
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
