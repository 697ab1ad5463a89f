import { computed, reactive, watch, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useLive, type Live } from './use-live.js';

export interface ListAnswer<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

export interface List<Row, Filters extends Record<string, string>> extends Live<ListAnswer<Row>> {
  /** Bound to the form; what is set here stands in the address bar at once. */
  readonly filters: Filters & { page: string; size: string };
  readonly rows: ComputedRef<readonly Row[]>;
  readonly total: ComputedRef<number>;
  readonly pageCount: ComputedRef<number>;
  readonly filtered: ComputedRef<boolean>;
  readonly clear: () => void;
}

const TYPING_PAUSE_MS = 250;

/**
 * A list whose search, filters and page live in the address bar, so that a view can be sent to a colleague.
 * `defaults` name every filter; a filter at its default stays out of the address.
 */
export function useList<Row, Filters extends Record<string, string>>(options: {
  readonly defaults: Filters;
  readonly load: (query: Filters & { page: string; size: string }, signal: AbortSignal) => Promise<ListAnswer<Row>>;
  readonly everyMs?: number;
  readonly size?: number;
  /** Where a page has two lists: stands before the names of this one in the address. */
  readonly prefix?: string;
}): List<Row, Filters> {
  const route = useRoute();
  const router = useRouter();
  const home = route.name;
  const defaults: Record<string, string> = { ...options.defaults, page: '1', size: String(options.size ?? 50) };
  const inAddress = (name: string): string => (options.prefix === undefined ? name : `${options.prefix}-${name}`);
  const own = new Set(Object.keys(defaults).map(inAddress));
  const fromAddress = (): Record<string, string> => Object.fromEntries(Object.entries(defaults).map(([name, fallback]) => {
    const value = route.query[inAddress(name)];
    return [name, typeof value === 'string' ? value : fallback];
  }));
  const filters = reactive(fromAddress());
  const live = useLive((signal) => options.load({ ...filters } as Filters & { page: string; size: string }, signal), options.everyMs ?? null);

  let pause: number | undefined;
  watch(() => ({ ...filters }), (now, before) => {
    const pageTurned = now['page'] !== before['page'];
    if (!pageTurned && now['page'] !== '1') {
      filters['page'] = '1'; // other filters make another list; the watcher runs again
      return;
    }
    window.clearTimeout(pause);
    pause = window.setTimeout(() => {
      const others = Object.entries(route.query).filter(([name]) => !own.has(name));
      const changed = Object.entries(filters).filter(([name, value]) => value !== defaults[name]).map(([name, value]) => [inAddress(name), value]);
      void router.replace({ query: Object.fromEntries([...others, ...changed]) as typeof route.query });
      void live.refresh();
    }, TYPING_PAUSE_MS);
  });
  watch(() => route.query, () => {
    if (route.name === home) Object.assign(filters, fromAddress()); // back and forward
  });

  const rows = computed(() => live.data.value?.rows ?? []);
  const total = computed(() => live.data.value?.total ?? 0);
  return {
    ...live,
    filters: filters as Filters & { page: string; size: string },
    rows,
    total,
    pageCount: computed(() => Math.max(1, Math.ceil(total.value / Number(filters['size'])))),
    filtered: computed(() => Object.entries(filters).some(([name, value]) => name !== 'page' && name !== 'size' && value !== defaults[name])),
    clear: () => Object.assign(filters, defaults),
  };
}
