import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** One picture as both pipelines describe it; null where they found no face. `looks`: what each second look gives where the first found nobody, else empty. */
export interface Described { readonly raw: number[] | null; readonly first: number[] | null; readonly looks: readonly (number[] | null)[] }

const TYPES: Record<string, string> = {
  '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm', '.jpg': 'image/jpeg', '.png': 'image/png',
};
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Serves page, networks and pictures where they lie; nothing is copied. */
async function serve(root: string, pictures: string, page: string): Promise<Server> {
  const load = createRequire(path.join(root, 'ui/package.json'));
  const folderOf = (name: string): string => path.dirname(load.resolve(`${name}/package.json`));
  const places: [string, string][] = [
    ['/page.js', page],
    ['/assets/wasm/', path.join(folderOf('@tensorflow/tfjs-backend-wasm'), 'dist')],
    ['/assets/models/', path.join(folderOf('face-api.js'), 'model')],
    ['/models/', path.join(folderOf('face-api.js'), 'model')],
    ['/pictures/', pictures],
  ];
  const server = createServer((request, response) => {
    const address = decodeURIComponent((request.url ?? '').split('?')[0]);
    const place = places.find(([prefix]) => address.startsWith(prefix));
    if (place === undefined) return void response.setHeader('content-type', 'text/html').end('<!doctype html>');
    const file = path.join(place[1], path.normalize(address.slice(place[0].length)));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

/**
 * Opens a page of this folder in headless Chromium, with the product's networks and the pictures in reach.
 *
 * @param entry the page's script, beside this file
 */
export async function inBrowser<Result>(folder: string, entry: string, work: (ask: <Answer>(expression: string) => Promise<Answer>) => Promise<Result>): Promise<Result> {
  const root = process.cwd();
  const out = mkdtempSync(path.join(tmpdir(), 'rehufan-faces-'));
  execFileSync(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', path.join(root, 'ui/build/one-module.vite.config.mjs')], {
    env: { ...process.env, NODE_ENV: 'production', MODULE_ENTRY: path.join(root, 'bench/faces', entry), MODULE_OUT: out }, stdio: ['ignore', 'ignore', 'inherit'],
  });
  const program = BROWSERS.find((candidate) => existsSync(candidate));
  if (program === undefined) throw new Error('this bench needs Chromium');
  const server = await serve(root, folder, path.join(out, entry.replace('.mjs', '.js')));
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate("import('/page.js').then((module) => { globalThis.bench = module; return module.setUp(); })");
    return await work((expression) => page.evaluate(expression));
  } finally {
    await browser.close();
    server.close();
    rmSync(out, { recursive: true, force: true });
  }
}

export const addressOf = (file: string): string => `/pictures/${file.split('/').map(encodeURIComponent).join('/')}`;

/** Describes pictures as a kiosk does. `tell` hears of progress. */
export function describePictures(folder: string, files: readonly string[], tell: (done: number) => void): Promise<Described[]> {
  return inBrowser(folder, 'page.mjs', async (ask) => {
    const described: Described[] = [];
    for (const file of files) {
      described.push(await ask<Described>(`bench.describe(${JSON.stringify(addressOf(file))})`));
      tell(described.length);
    }
    return described;
  });
}
