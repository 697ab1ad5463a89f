import { computed, ref } from 'vue';
import { z } from 'zod';
import { ApiRefusal } from '../../../../ui/api/index.js';
import { api } from '../../api.js';
import { forgetOnPhone, KEPT, keptOnPhone } from '../../session/phone-store.js';

/** What waits on the phone: ids and codes only, so a lost phone tells nothing about anybody. A photo lies sealed beside it. */
export interface WaitingResult {
  readonly key: string;
  readonly kind: 'leave' | 'result' | 'photo' | 'swap' | 'welfare' | 'ladder' | 'alarm';
  /** Fixed when it happened; the trip for a departure, empty for what belongs to neither. */
  readonly stopId: string;
  readonly seq: number;
  readonly path: string;
  readonly body: object;
}

/** One entry of the phone's store for each thing that happened: two windows of the page (a scanned crate opens the browser beside the installed page) never write over each other's. */
const ENTRY = 'rehufan.crew.result.';
/** All in one entry, as phones kept it before. */
const OLD_STORE = 'rehufan.crew.results';
const RETRY_MS = 10_000;
/** How long an answer is waited for: on a connection that died half-way a browser waits for minutes. A photo is large. */
const ANSWER_MS = 15_000;
const PHOTO_ANSWER_MS = 60_000;
const anyAnswer = z.object({});
interface Kept extends WaitingResult { readonly order: number }

function entries(): Kept[] {
  const found: Kept[] = [];
  for (let index = 0; index < localStorage.length; index += 1) {
    const name = localStorage.key(index);
    if (name?.startsWith(ENTRY) !== true) continue;
    try {
      found.push(JSON.parse(localStorage.getItem(name) ?? '') as Kept);
    } catch {
      // Half a word of a phone that died while it wrote: nothing can be read out of it.
    }
  }
  return found.sort((one, other) => one.order - other.order || (one.key < other.key ? -1 : 1));
}

/** Behind everything that waits. Written in one go, so that a stop and its photo are both there or none. */
function put(results: readonly WaitingResult[]): void {
  const next = (entries().at(-1)?.order ?? 0) + 1;
  const written: string[] = [];
  try {
    for (const [index, result] of results.entries()) {
      localStorage.setItem(`${ENTRY}${result.key}`, JSON.stringify({ ...result, order: next + index }));
      written.push(result.key);
    }
  } catch (error) {
    for (const key of written) localStorage.removeItem(`${ENTRY}${key}`);
    throw error;
  }
}

function stored(): WaitingResult[] {
  try {
    const old = JSON.parse(localStorage.getItem(OLD_STORE) ?? '[]') as (Omit<WaitingResult, 'kind' | 'path'> & Partial<WaitingResult>)[];
    // A phone that was updated on the road holds results that name neither kind nor path.
    if (old.length > 0) put(old.map((one) => ({ ...one, kind: one.kind ?? 'result', path: one.path ?? `/crew/stops/${one.stopId}/result` })));
    localStorage.removeItem(OLD_STORE);
  } catch {
    // Nothing that could be read.
  }
  return entries();
}

/** The server is not there for anybody, or not for this session: nothing else is tried. */
const AWAY: ReadonlySet<number> = new Set([401, 429, 503]);

const photoIdOf = (entry: WaitingResult): string => ('id' in entry.body ? String(entry.body.id) : '');

/** What goes to the server; a photo is fetched from where the phone keeps it. Null: it is not there any more. */
async function bodyOf(entry: WaitingResult): Promise<object | null> {
  if (entry.kind !== 'photo') return entry.body;
  const photo = await keptOnPhone(KEPT.photo(photoIdOf(entry)));
  return typeof photo === 'string' ? { ...entry.body, photo } : null;
}

/**
 * What happened at doors, in the order it happened, written to the phone before it is sent and kept until the server has
 * answered. The key made at the door is sent every time, so that a repeat after a dead spot has no second effect. An alarm
 * is sent the moment it is raised, whatever is on its way, and photos go last: where there is little signal, what happened to
 * people is heard first.
 */
export function useResultQueue(told: {
  readonly onRefused: (result: WaitingResult, refusal: ApiRefusal) => void;
  readonly onPhotoLost: (result: WaitingResult) => void;
  readonly onSent: () => void;
  /** Whether the server knows the session: a page that began without a signal has nothing to prove itself with. */
  readonly reached: () => Promise<boolean>;
}) {
  const waiting = ref<WaitingResult[]>(stored());
  let running: Promise<boolean> | null = null;

  /** What another window of this phone has kept or sent meanwhile counts here too. */
  function look(): void {
    waiting.value = entries();
  }
  const elsewhere = (event: StorageEvent): void => { if (event.key === null || event.key.startsWith(ENTRY)) look(); };

  /** Sends what waits; whoever asks meanwhile waits for the same round. @returns true when nothing waits any more */
  function send(): Promise<boolean> {
    running ??= round().finally(() => { running = null; });
    return running;
  }

  async function round(): Promise<boolean> {
    const tried = new Set<string>();
    if (waiting.value.length > 0 && !await told.reached()) return false;
    for (;;) {
      const left = waiting.value.filter((result) => !tried.has(result.key));
      const next = left.find((result) => result.kind === 'alarm') ?? left.find((result) => result.kind !== 'photo') ?? left[0];
      if (next === undefined) return waiting.value.length === 0;
      tried.add(next.key);
      if (await pass(next) === 'away') return false;
    }
  }

  /** Sends one entry and takes it off the phone once it is answered. @returns away: the server was not heard, so nothing else is tried */
  async function pass(next: WaitingResult): Promise<'away' | 'tried'> {
    const body = await bodyOf(next);
    look();
    // Another window has sent it meanwhile.
    if (!waiting.value.some((one) => one.key === next.key)) return 'tried';
    if (body === null) told.onPhotoLost(next);
    else {
      try {
        const signal = AbortSignal.timeout(next.kind === 'photo' ? PHOTO_ANSWER_MS : ANSWER_MS);
        await api.call({ method: 'POST', path: next.path, body, answer: anyAnswer, idempotencyKey: next.key, signal });
      } catch (error) {
        if (!(error instanceof ApiRefusal) || AWAY.has(error.status)) return 'away';
        // Not this person's to send, not any more, or the server fails on it: what happened at the door stays on the phone,
        // counted as unsent and tried again, and keeps nothing else there.
        if (error.status === 403 || error.status === 404 || error.status >= 500) return 'tried';
        told.onRefused(next, error); // the server understood and said no: keeping it would help nobody
      }
    }
    localStorage.removeItem(`${ENTRY}${next.key}`);
    look();
    if (next.kind === 'photo') await forgetOnPhone(KEPT.photo(photoIdOf(next)));
    told.onSent();
    return 'tried';
  }

  /** Written together: a stop and its photo are two entries, and both are there or none. @returns true when it was all sent */
  async function add(...results: readonly Omit<WaitingResult, 'key'>[]): Promise<boolean> {
    const kept = results.map((result) => ({ ...result, key: crypto.randomUUID() }));
    put(kept);
    look();
    const alarm = kept.find((result) => result.kind === 'alarm');
    if (alarm === undefined) return send();
    // It waits behind no round: one may hang on a connection that is dead already. Sent twice it is still one alarm.
    if (await told.reached()) await pass(alarm);
    void send();
    return !waiting.value.some((one) => one.key === alarm.key);
  }

  const timer = window.setInterval(() => { if (waiting.value.length > 0) void send(); }, RETRY_MS);
  const online = (): void => { void send(); };
  window.addEventListener('online', online);
  window.addEventListener('storage', elsewhere);
  void send();
  return {
    add,
    waiting,
    unsent: computed(() => waiting.value.length),
    stop: (): void => {
      window.clearInterval(timer);
      window.removeEventListener('online', online);
      window.removeEventListener('storage', elsewhere);
    },
  };
}
