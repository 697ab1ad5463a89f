import { computed, ref } from 'vue';
import { stopResultAnswer, type StopResultRequest } from '../../../../src/contract/delivery.js';
import { ApiRefusal } from '../../../../ui/api/index.js';
import { api } from '../../api.js';

/** A result as it waits on the phone: ids and codes only, so a lost phone tells nothing about anybody. */
export interface WaitingResult {
  readonly key: string;
  readonly stopId: string;
  readonly seq: number;
  readonly body: StopResultRequest;
}

const STORE = 'rehufan.crew.results';
const RETRY_MS = 10_000;

function stored(): WaitingResult[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '[]') as WaitingResult[];
  } catch {
    return [];
  }
}

/**
 * Results of doors in the order they happened, written to the phone before they are sent and kept until the server
 * has answered. The key made at the door is sent every time, so that a repeat after a dead spot has no second effect.
 */
export function useResultQueue(onRefused: (result: WaitingResult, refusal: ApiRefusal) => void, onSent: () => void) {
  const waiting = ref<WaitingResult[]>(stored());
  let sending = false;

  function save(results: WaitingResult[]): void {
    waiting.value = results;
    localStorage.setItem(STORE, JSON.stringify(results));
  }

  /** @returns true when nothing waits any more */
  async function send(): Promise<boolean> {
    if (sending) return false;
    sending = true;
    try {
      const tried = new Set<string>();
      for (;;) {
        const next = waiting.value.find((result) => !tried.has(result.key));
        if (next === undefined) return waiting.value.length === 0;
        tried.add(next.key);
        try {
          await api.call({ method: 'POST', path: `/crew/stops/${next.stopId}/result`, body: next.body, answer: stopResultAnswer, idempotencyKey: next.key });
        } catch (error) {
          if (!(error instanceof ApiRefusal) || error.status >= 500 || error.status === 401 || error.status === 429) return false;
          // Not this person's to send, or not any more: what happened at the door stays on the phone, counted as unsent.
          if (error.status === 403 || error.status === 404) continue;
          onRefused(next, error); // the server understood and said no: keeping it would help nobody
        }
        save(waiting.value.filter((result) => result.key !== next.key));
        onSent();
      }
    } finally {
      sending = false;
    }
  }

  async function add(result: Omit<WaitingResult, 'key'>): Promise<boolean> {
    save([...waiting.value, { ...result, key: crypto.randomUUID() }]);
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
