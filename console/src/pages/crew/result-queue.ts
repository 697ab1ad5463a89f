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

const STORE = 'rehufan.crew.results';
const RETRY_MS = 10_000;
const anyAnswer = z.object({});

function stored(): WaitingResult[] {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? '[]') as (Omit<WaitingResult, 'kind' | 'path'> & Partial<WaitingResult>)[];
    // A phone that was updated on the road holds results that name neither kind nor path.
    return found.map((one) => ({ ...one, kind: one.kind ?? 'result', path: one.path ?? `/crew/stops/${one.stopId}/result` }));
  } catch {
    return [];
  }
}

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
 * goes before everything else, photos after it: where there is little signal, what happened to people is heard first.
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

  function save(results: WaitingResult[]): void {
    waiting.value = results;
    localStorage.setItem(STORE, JSON.stringify(results));
  }

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
    if (body === null) told.onPhotoLost(next);
    else {
      try {
        await api.call({ method: 'POST', path: next.path, body, answer: anyAnswer, idempotencyKey: next.key });
      } catch (error) {
        if (!(error instanceof ApiRefusal) || error.status >= 500 || error.status === 401 || error.status === 429) return 'away';
        // Not this person's to send, or not any more: what happened at the door stays on the phone, counted as unsent.
        if (error.status === 403 || error.status === 404) return 'tried';
        told.onRefused(next, error); // the server understood and said no: keeping it would help nobody
      }
    }
    save(waiting.value.filter((result) => result.key !== next.key));
    if (next.kind === 'photo') await forgetOnPhone(KEPT.photo(photoIdOf(next)));
    told.onSent();
    return 'tried';
  }

  /** Written together: a stop and its photo are two entries, and both are there or none. */
  async function add(...results: readonly Omit<WaitingResult, 'key'>[]): Promise<boolean> {
    save([...waiting.value, ...results.map((result) => ({ ...result, key: crypto.randomUUID() }))]);
    return send();
  }

  const timer = window.setInterval(() => { if (waiting.value.length > 0) void send(); }, RETRY_MS);
  const online = (): void => { void send(); };
  window.addEventListener('online', online);
  void send();
  return {
    add,
    waiting,
    unsent: computed(() => waiting.value.length),
    stop: (): void => {
      window.clearInterval(timer);
      window.removeEventListener('online', online);
    },
  };
}
