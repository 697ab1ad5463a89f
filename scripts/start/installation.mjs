import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endApplicationLeftovers, runTool, startProcess, untilReady } from './application.mjs';
import { buildStale } from './build.mjs';
import { Children } from './children.mjs';
import { choosePort, environmentFor, webAddress, wishesOf } from './environment.mjs';
import { privateFolder, writeJson } from './files.mjs';
import { describeLock, releaseLock, takeLock } from './lock.mjs';
import { checkNode, installPackages } from './node-packages.mjs';
import { openingLines } from './opening-lines.mjs';
import { installationPaths, projectRoot } from './paths.mjs';
import { Refusal, say, step } from './progress.mjs';
import { provideServers } from './servers.mjs';

const DAY_MS = 86_400_000;
/** Midnight in Asia/Shanghai, which knows no summer time, is 16:00 UTC. */
const MIDNIGHT_MS = 57_600_000;

/** Until a second after the next midnight in Shanghai, in ms. */
function msToMidnight() {
  return DAY_MS - ((Date.now() - MIDNIGHT_MS) % DAY_MS) + 1_000;
}

/** One running installation: what `npm start` brings up and takes down again. */
export class Installation {
  #args;
  #env;
  #paths;
  #children = null;
  #locked = false;
  #ending = null;
  #firstCode = [];

  constructor(args, env) {
    this.#args = args;
    if (existsSync(join(projectRoot, '.env'))) process.loadEnvFile(join(projectRoot, '.env'));
    this.#env = env;
    this.#paths = installationPaths(env);
  }

  /** Brings everything up; returns when it is ready. */
  async start() {
    checkNode();
    const wishes = wishesOf({ args: this.#args, env: this.#env });
    this.#lock();
    await endApplicationLeftovers(this.#paths);
    const port = await choosePort(this.#env.PORT, this.#paths.webPort);
    await installPackages();
    this.#children = new Children();
    const onDeath = (how) => this.end(`${how}\nStopping everything: an installation that lost a part must not look alive.`, 1);
    const [servers] = await Promise.all([
      provideServers({ env: this.#env, paths: this.#paths, children: this.#children, onDeath }),
      buildStale(),
    ]);
    const env = environmentFor({ env: this.#env, paths: this.#paths, servers, wishes, port });
    writeJson(this.#paths.runtime, env.runtime);
    await this.#prepareDatabase(env, wishes);
    await this.#startApplication(env, wishes, onDeath);
  }

  #lock() {
    privateFolder(this.#paths.data);
    const holder = takeLock(this.#paths.lock);
    if (holder) {
      const where = holder.address ? ` at ${holder.address}` : ' and still starting';
      throw new Refusal(`Already running as process ${holder.pid}${where}. Stop that one first (Ctrl-C there), or give this one its own DATA_DIR.`);
    }
    this.#locked = true;
  }

  async #prepareDatabase({ all }, { demo, demoSeniors, demoDays, demoAnew }) {
    await runTool('create-keys', { env: all });
    await step('Bringing the database to this version', () => runTool('migrate', { env: all }));
    if (!demo) {
      await this.#makeFirstCode(all);
      return;
    }
    await step('Looking at the demo street', () => runTool('seed-demo', {
      args: ['--if-empty', `--seniors=${demoSeniors}`, ...(demoDays === null ? [] : [`--past-days=${demoDays}`]), ...(demoAnew ? ['--anew'] : [])], env: all, onLine: (line) => say(`  ${line}`) }));
    this.#openDemoDayAtMidnight(all);
  }

  /** Refuses a database with demo data; while nobody is on the staff, makes the one code that lets the first one in. */
  async #makeFirstCode(env) {
    const output = await runTool('first-code', { env });
    this.#firstCode = output.split('\n').filter((line) => line.startsWith('first administrator:'));
  }

  /** A demo that runs through the night serves lunch the next day, too. */
  #openDemoDayAtMidnight(env) {
    setTimeout(async () => {
      await runTool('seed-demo', { args: ['--if-empty'], env }).catch((error) => say(error.message));
      this.#openDemoDayAtMidnight(env);
    }, msToMidnight()).unref();
  }

  async #startApplication(env, { demo }, onDeath) {
    const common = { paths: this.#paths, children: this.#children, env: env.all, onDeath };
    const address = webAddress(env);
    await step('Starting web and worker', async () => {
      const worker = await startProcess('worker', common);
      const web = await startProcess('web', common);
      await untilReady(web, `${address.local}/health/ready`);
      if (worker.over) throw new Refusal(`worker ${worker.over}`);
    });
    if (this.#ending) return;
    describeLock(this.#paths.lock, { address: address.shown });
    for (const line of await openingLines({ demo, address, firstCode: this.#firstCode })) process.stdout.write(`${line}\n`);
  }

  /** Takes everything down in order, once, and ends this process. */
  end(reason, code) {
    this.#ending ??= this.#takeDown(reason, code);
    return this.#ending;
  }

  async #takeDown(reason, code) {
    say(reason);
    try {
      await this.#children?.stopAll((name) => say(`Stopping ${name}`));
    } finally {
      if (this.#locked) releaseLock(this.#paths.lock);
    }
    if (this.#children) say('Stopped; data are kept');
    process.exit(code);
  }
}
