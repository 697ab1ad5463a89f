import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppConfig, environmentSchema } from '../../src/infra/config/app-config.js';
import { root } from './planted-tree.js';

/** Settings that the start command reads for itself. */
const OF_THE_START_COMMAND = ['DATA_DIR', 'DEMO_DAYS', 'DEMO_SENIORS'];

const example = readFileSync(join(root, '.env.example'), 'utf8');
const offered = [...example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);

describe('.env.example', () => {
  it('offers every setting there is, and no other, once', () => {
    expect(offered.map(([name]) => name).sort()).toEqual([...Object.keys(environmentSchema.shape), ...OF_THE_START_COMMAND].sort());
  });

  it('shows values that the schema takes', () => {
    const values = Object.fromEntries(offered);
    expect(AppConfig.parse(values)).toMatchObject({ mode: 'development', demo: true, port: 3000, trustProxy: false });
  });
});

describe('compose.yaml', () => {
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
  const block = /environment: &environment\n((?: {4}[A-Z_]+: .*\n)+)/.exec(text)?.[1] ?? '';
  const given = [...block.matchAll(/^ {4}([A-Z_]+): "?(.*?)"?$/gm)].map((match) => [match[1] ?? '', withDefaults(match[2] ?? '')] as const);

  it('starts with no password that anybody could know', () => {
    expect(text).toContain('${DATABASE_PASSWORD:?');
    expect(text).not.toMatch(/PASSWORD:-/);
  });

  it('gives the application settings that exist, with values that the schema takes', () => {
    expect(given.length).toBeGreaterThan(5);
    expect(given.map(([name]) => name).filter((name) => !(name in environmentSchema.shape))).toEqual([]);
    expect(AppConfig.parse(Object.fromEntries(given))).toMatchObject({ mode: 'production', demo: false, trustProxy: true });
  });
});

/** `${NAME:-default}` as compose reads it where NAME is not set; `${NAME:?why}` as where it is. */
function withDefaults(value: string): string {
  return value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1').replace(/\$\{[A-Z_]+:\?[^}]*\}/g, 'given');
}
