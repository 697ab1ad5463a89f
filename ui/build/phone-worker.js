/* Keeps the crew's page on the phone. The names in percent signs are filled in when the page is built. */
const INDEX = '%INDEX%';
const VERSION = '%VERSION%';
const FILES = '%FILES%';
const PREFIX = 'rehufan-phone-';
const CACHE = PREFIX + VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(FILES.map(async (address) => {
      const response = await fetch(address, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${address} answered ${response.status}`);
      await cache.put(address, response);
    }));
    // A page that runs has loaded all of itself; the next start is the new one.
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  const address = request.mode === 'navigate' ? INDEX : pathname;
  if (!FILES.includes(address)) return;
  event.respondWith((async () => await (await caches.open(CACHE)).match(address, { ignoreSearch: true, ignoreVary: true }) ?? fetch(request))());
});
