/**
 * What a crew's phone keeps while it is without a signal: its session without the secret, the doors of the day, photos that
 * wait. Sealed with a key that the browser does not hand out, so that a copied profile tells nothing; forgotten at sign-out.
 */
const DATABASE = 'rehufan.phone';
const STORE = 'kept';
const KEY = 'key';

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = (): void => { resolve(request.result); };
    request.onerror = (): void => { reject(request.error ?? new Error('the phone keeps nothing')); };
  });
}

async function database(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = (): void => { request.result.createObjectStore(STORE); };
  return answered(request);
}

async function read<T>(name: string): Promise<T | undefined> {
  const open = await database();
  try {
    return await answered(open.transaction(STORE).objectStore(STORE).get(name)) as T | undefined;
  } finally {
    open.close();
  }
}

/** Resolves once the browser says that it is written. */
async function write(change: (store: IDBObjectStore) => void): Promise<void> {
  const open = await database();
  try {
    const transaction = open.transaction(STORE, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = (): void => { resolve(); };
      transaction.onabort = (): void => { reject(transaction.error ?? new Error('the phone keeps nothing')); };
    });
  } finally {
    open.close();
  }
}

async function key(): Promise<CryptoKey> {
  const known = await read<CryptoKey>(KEY);
  if (known !== undefined) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  // Two windows may make one each at the same time: the first that is written counts.
  await write((store) => { store.add(made, KEY); }).catch(() => undefined);
  return await read<CryptoKey>(KEY) ?? made;
}

/** @throws where the browser keeps nothing (private windows, a full phone) */
export async function keepOnPhone(name: string, value: unknown): Promise<void> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key(), new TextEncoder().encode(JSON.stringify(value)));
  await write((store) => { store.put({ iv, sealed }, name); });
}

/** What was kept under a name; null where there is nothing or it cannot be read any more. */
export async function keptOnPhone(name: string): Promise<unknown> {
  try {
    const found = await read<{ iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }>(name);
    if (found === undefined) return null;
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: found.iv }, await key(), found.sealed)));
  } catch {
    return null;
  }
}

export async function forgetOnPhone(name: string): Promise<void> {
  await write((store) => { store.delete(name); }).catch(() => undefined);
}

export const KEPT = { session: 'session', day: 'day', photo: (id: string): string => `photo-${id}` } as const;
