import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue';

export interface Live<Data> {
  /** The last answer; kept when a later one fails. */
  readonly data: ShallowRef<Data | null>;
  readonly loadedAt: Ref<Date | null>;
  readonly loading: Ref<boolean>;
  readonly failure: ShallowRef<unknown>;
  readonly refresh: () => Promise<void>;
}

/** After so long, and three intervals, nothing is expected of a request any more. */
const DEAD_MS = 20_000;

/**
 * Loads now and again every `everyMs` while the page is visible. A later request overtakes an earlier one, so that
 * a slow answer to old filters never replaces a newer one; the clock alone waits for an answer that is under way, so that
 * one that takes longer than the interval arrives; not for ever: a line that died half-way answers nothing more.
 */
export function useLive<Data>(load: (signal: AbortSignal) => Promise<Data>, everyMs: number | null): Live<Data> {
  const data = shallowRef<Data | null>(null);
  const loadedAt = ref<Date | null>(null);
  const loading = ref(false);
  const failure = shallowRef<unknown>(null);
  let running: AbortController | null = null;
  let begunMs = 0;

  async function refresh(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    begunMs = performance.now();
    loading.value = true;
    try {
      const answer = await load(mine.signal);
      if (running !== mine) return;
      data.value = answer;
      loadedAt.value = new Date();
      failure.value = null;
    } catch (error) {
      if (running === mine) failure.value = error;
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  const tick = (): void => {
    const dead = performance.now() - begunMs >= Math.max(DEAD_MS, 3 * (everyMs ?? 0));
    if (document.visibilityState === 'visible' && (!loading.value || dead)) void refresh();
  };
  const timer = everyMs === null ? null : window.setInterval(tick, everyMs);
  onBeforeUnmount(() => {
    running?.abort();
    running = null;
    if (timer !== null) window.clearInterval(timer);
  });
  void refresh();
  return { data, loadedAt, loading, failure, refresh };
}
