import { z } from 'zod';
import { mapEnvironment, mapSettings, type MapSettings } from './map-settings.js';
import { channelEnvironment, channelSettings, type ChannelSettings } from './channel-settings.js';

const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const port = z.coerce.number().int().min(1).max(65_535);

/** A container is given every name of its compose file, empty where nobody set it. */
const unsetWhereEmpty = (text: unknown): unknown => (text === '' ? undefined : text);

/** Every setting the processes read from the environment; nobody else reads process.env. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^(mysql|mariadb)$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  REDIS_PREFIX: z.string().regex(/^[a-z0-9:-]{1,40}$/).default('rehufan'),
  KEYS_DIR: z.string().min(1).default('keys'),
  SEALS_DIR: z.string().min(1).optional(),
  PAGES_DIR: z.string().min(1).default('.'),
  DEMO: flag.optional(),
  PUBLIC_ORIGIN: z.url().optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(20),
  THROTTLE: flag.default(true),
  PROBES_MQTT_URL: z.preprocess(unsetWhereEmpty, z.url({ protocol: /^mqtts?$/ }).optional()),
  PROBES_MQTT_TOPIC: z.preprocess(unsetWhereEmpty, z.string().min(1).max(120).default('rehufan/probes/+')),
  MAP_TILES_FILE: z.preprocess(unsetWhereEmpty, z.string().min(1).nullable().default(null)),
  ...mapEnvironment,
  ...channelEnvironment,
});

/** The configuration of one process, parsed and checked once at boot. */
export class AppConfig {
  private constructor(
    readonly mode: 'development' | 'production' | 'test',
    readonly port: number,
    readonly host: string,
    readonly databaseUrl: string,
    readonly databasePool: number,
    readonly redisUrl: string,
    readonly redisPrefix: string,
    readonly keysDir: string,
    readonly pagesDir: string,
    /** Where the seal of each day is copied to, outside of the database; null: nowhere. */
    readonly sealsDir: string | null,
    /** Demo street, demo logins and the demo camera; always false in production. */
    readonly demo: boolean,
    readonly publicOrigin: string,
    readonly tls: { certFile: string; keyFile: string } | null,
    readonly trustProxy: boolean,
    readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug',
    readonly throttle: boolean,
    /** Payment channels and the bank of the senior card; off unless set. */
    readonly channels: ChannelSettings,
    /** The broker that temperature probes report to, with what is listened to; null: probes report over HTTP alone. */
    readonly probesMqtt: { url: string; topic: string } | null,
    /** Who answers travel times; the own roads unless set. */
    readonly maps: MapSettings,
    /** A map of the town in the PMTiles format, drawn behind routes; null: roads are drawn as lines. */
    readonly mapTilesFile: string | null,
  ) {}

  /**
   * @param environment usually process.env
   * @throws Error naming each wrong or missing variable
   */
  static parse(environment: Readonly<Record<string, string | undefined>>): AppConfig {
    const parsed = environmentSchema.safeParse(environment);
    if (!parsed.success) {
      const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
      throw new Error(`The configuration cannot be used:\n${lines.join('\n')}`);
    }
    const env = parsed.data;
    if (env.NODE_ENV === 'production' && env.DEMO === true) {
      throw new Error('The configuration cannot be used:\n  DEMO: demo data is refused in production');
    }
    if (env.NODE_ENV === 'production' && !env.THROTTLE) {
      throw new Error('The configuration cannot be used:\n  THROTTLE: the brakes on sign-in cannot be taken off in production');
    }
    if ((env.TLS_CERT_FILE === undefined) !== (env.TLS_KEY_FILE === undefined)) {
      throw new Error('The configuration cannot be used:\n  TLS_CERT_FILE and TLS_KEY_FILE belong together');
    }
    const tls = env.TLS_CERT_FILE !== undefined && env.TLS_KEY_FILE !== undefined
      ? { certFile: env.TLS_CERT_FILE, keyFile: env.TLS_KEY_FILE } : null;
    const demo = env.NODE_ENV !== 'production' && (env.DEMO ?? env.NODE_ENV === 'development');
    return new AppConfig(
      env.NODE_ENV, env.PORT, env.HOST, env.DATABASE_URL, env.DATABASE_POOL, env.REDIS_URL, env.REDIS_PREFIX,
      env.KEYS_DIR, env.PAGES_DIR, env.SEALS_DIR ?? null, demo,
      env.PUBLIC_ORIGIN ?? `${tls ? 'https' : 'http'}://localhost:${env.PORT}`, tls, env.TRUST_PROXY,
      env.LOG_LEVEL, env.THROTTLE, channelSettings(env, demo),
      env.PROBES_MQTT_URL === undefined ? null : { url: env.PROBES_MQTT_URL, topic: env.PROBES_MQTT_TOPIC },
      mapSettings(env), env.MAP_TILES_FILE,
    );
  }
}
