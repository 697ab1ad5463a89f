/* Keeps the kiosk's page on the device. The names in percent signs are filled in when the page is built. */
const BASE = '%BASE%';
const VERSION = '%VERSION%';
const FILES = '%FILES%';
const PREFIX = 'rehufan-kiosk-';
const CACHE = PREFIX + VERSION;
const INDEX = `${BASE}index.html`;
/** A file that an older version has kept with the same digest is taken from there. */
const DIGEST = 'x-rehufan-digest';

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

/** Only the page decides when a new version may take over. */
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(BASE)) return;
  const address = request.mode === 'navigate' ? INDEX : pathname;
  event.respondWith((async () => {
    const kept = await (await caches.open(CACHE)).match(address, { ignoreSearch: true, ignoreVary: true });
    return kept ?? fetch(request);
  })());
});

async function keepAll() {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const cache = await caches.open(CACHE);
  for (const [address, digest] of FILES) {
    const kept = await keptBefore(older, address, digest);
    await cache.put(address, kept ?? await fetched(address, digest));
  }
}

async function keptBefore(older, address, digest) {
  for (const name of older) {
    const kept = await (await caches.open(name)).match(address);
    if (kept !== undefined && kept.headers.get(DIGEST) === digest) return kept;
  }
  return null;
}

async function fetched(address, digest) {
  const response = await fetch(address, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const headers = new Headers(response.headers);
  headers.set(DIGEST, digest);
  return new Response(await response.blob(), { status: 200, headers });
}
