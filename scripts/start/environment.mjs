import { isFree, firstFreeFrom } from './ports.mjs';
import { readJson, writeJson } from './files.mjs';
import { projectRoot } from './paths.mjs';
import { Refusal } from './progress.mjs';

const DEFAULT_PORT = 3000;
const DEFAULT_DEMO_SENIORS = 3000;

/** Options of the command line and the settings that say the same. */
const NUMBERS = [
  { option: '--demo-seniors', setting: 'DEMO_SENIORS', least: 8, most: 200_000 },
  { option: '--demo-days', setting: 'DEMO_DAYS', least: 0, most: 300 },
];
const ANEW = '--demo-anew';

/**
 * What this start is asked for, checked before anything is installed or built.
 * @returns {{mode: string, demo: boolean, demoSeniors: number, demoDays: number | null, demoAnew: boolean}}
 *   demoDays: null where the size decides
 */
export function wishesOf({ args, env }) {
  const unknown = args.find((arg) => arg !== ANEW && !NUMBERS.some(({ option }) => arg.startsWith(`${option}=`)));
  if (unknown) throw new Refusal(`npm start does not know ${unknown}; it knows --demo-seniors=N, --demo-days=N and --demo-anew (npm start -- --demo-seniors=100000).`);
  const mode = env.NODE_ENV || 'development';
  const wantsDemo = args.length > 0 || NUMBERS.some(({ setting }) => env[setting]) || env.DEMO === '1' || env.DEMO === 'true';
  if (mode === 'production' && wantsDemo) throw new Refusal('NODE_ENV=production takes no demo data; leave out --demo-seniors, --demo-days, --demo-anew, DEMO_SENIORS, DEMO_DAYS and DEMO.');
  const demo = mode !== 'production' && env.DEMO !== '0' && env.DEMO !== 'false';
  if (Boolean(env.TLS_CERT_FILE) !== Boolean(env.TLS_KEY_FILE)) throw new Refusal('TLS_CERT_FILE and TLS_KEY_FILE belong together.');
  const [demoSeniors, demoDays] = NUMBERS.map((number) => numberOf(number, args, env));
  return { mode, demo, demoSeniors: demoSeniors ?? DEFAULT_DEMO_SENIORS, demoDays, demoAnew: args.includes(ANEW) };
}

function numberOf({ option, setting, least, most }, args, env) {
  const given = args.find((arg) => arg.startsWith(`${option}=`))?.split('=')[1] ?? env[setting];
  if (given === undefined || given === '') return null;
  if (!/^\d{1,6}$/.test(given) || Number(given) < least || Number(given) > most) throw new Refusal(`${option} wants a number from ${least} to ${most}, not ${given}.`);
  return Number(given);
}

/**
 * What the processes of the application are started with.
 * @returns {{all: object, runtime: object, port: number, tls: boolean}}
 *   runtime: the settings alone, kept for tools; all: those and the rest of the environment
 */
export function environmentFor({ env, paths, servers, wishes, port }) {
  const runtime = {
    NODE_ENV: wishes.mode,
    DEMO: wishes.demo ? '1' : '0',
    PORT: String(port),
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    KEYS_DIR: paths.keys,
    SEALS_DIR: paths.seals,
    PAGES_DIR: projectRoot,
    // Cameras need https or this very machine: plain http stays on the loopback address.
    HOST: env.HOST || (env.TLS_CERT_FILE ? '0.0.0.0' : '127.0.0.1'),
  };
  return { all: { ...env, ...runtime }, runtime, port, tls: Boolean(env.TLS_CERT_FILE) };
}

/** A port that was asked for is taken or refused; else the one of last time, else the first free from 3000 on. */
export async function choosePort(wanted, file) {
  if (wanted) {
    if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) throw new Refusal(`PORT=${wanted} is not a port.`);
    if (!await isFree(Number(wanted))) throw new Refusal(`Port ${wanted} is in use by another program; choose another: PORT=8080 npm start`);
    return Number(wanted);
  }
  const remembered = readJson(file);
  if (Number.isInteger(remembered) && await isFree(remembered)) return remembered;
  const port = await firstFreeFrom(DEFAULT_PORT);
  writeJson(file, port);
  return port;
}

/** Where web answers on this machine and what a person types. */
export function webAddress({ port, tls, all }) {
  const local = `${tls ? 'https' : 'http'}://localhost:${port}`;
  return { local, shown: all.PUBLIC_ORIGIN || local };
}
