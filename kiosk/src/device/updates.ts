const LOOK_EVERY_MS = 10 * 60_000;
const IDLE_CHECK_MS = 5000;
/** After the first screen stands: what it needs to start without network is fetched when nobody waits for anything else. */
const REGISTER_AFTER_MS = 4000;

/**
 * Keeps the page on this device, so that it starts without network, and takes a new version only when that disturbs
 * nobody: nothing unsent, nobody in front.
 */
export function keepPage(isIdle: () => boolean): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  setTimeout(() => void register(isIdle).catch(() => undefined), REGISTER_AFTER_MS);
}

async function register(isIdle: () => boolean): Promise<void> {
  // Where a browser is told to keep no pages it answers with nothing.
  const registration = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, { scope: import.meta.env.BASE_URL }) as ServiceWorkerRegistration | undefined;
  if (registration === undefined) return;
  let asked = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) window.location.reload();
  });
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
  setInterval(() => {
    if (asked || registration.waiting === null || !isIdle()) return;
    asked = true;
    registration.waiting.postMessage('take-over');
  }, IDLE_CHECK_MS);
}
