import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { seniorListAnswer, type SeniorListAnswer, type SeniorRow } from '../../../../src/contract/seniors.js';
import { api } from '../../api.js';
import { refused } from '../../parts/toast.js';

const SHOWN = 8;
const TYPING_PAUSE_MS = 200;

/** What the finder tells: somebody was chosen, or Enter was pressed for a text that not exactly one person fits. */
interface Told { readonly chosen: (senior: SeniorRow) => void; readonly undecided: () => void }

/**
 * Finds a senior by what is typed or read into the field. What is found belongs to the text that stands there: a change of
 * the text empties the list, and Enter waits for the answer to this text. Where nobody saw that answer before Enter was
 * pressed, it takes a person only where no other one fits.
 */
export function useFinder({ chosen, undecided }: Told) {
  const search = ref('');
  const found = shallowRef<SeniorListAnswer | null>(null);
  const marked = ref(0);
  let entered = false;
  let pause: number | undefined;
  let asking: AbortController | null = null;

  /** Nothing that was asked or pressed for the former text counts any more. */
  function forget(): void {
    window.clearTimeout(pause);
    asking?.abort();
    asking = null;
    entered = false;
    found.value = null;
    marked.value = 0;
  }
  async function find(): Promise<void> {
    window.clearTimeout(pause);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await api.call({ method: 'GET', path: '/seniors', query: { search: search.value.trim(), size: SHOWN }, answer: seniorListAnswer, signal: mine.signal });
      if (asking === mine) show(answer);
    } catch (error) {
      if (asking !== mine) return;
      asking = null;
      refused(error);
      if (entered) undecided();
      entered = false;
    }
  }
  function show(answer: SeniorListAnswer): void {
    asking = null;
    found.value = answer;
    if (!entered) return;
    entered = false;
    if (answer.rows.length === 1 && answer.total === 1) choose(answer.rows[0]);
    else undecided();
  }
  watch(search, (now) => {
    forget();
    if (now.trim() !== '') pause = window.setTimeout(() => { void find(); }, TYPING_PAUSE_MS);
  }, { flush: 'sync' });
  onScopeDispose(forget);

  function choose(senior: SeniorRow | undefined): void {
    if (senior === undefined) return;
    clear();
    chosen(senior);
  }
  function clear(): void {
    search.value = '';
    forget();
  }
  function move(by: 1 | -1): void {
    marked.value = Math.min((found.value?.rows.length ?? 1) - 1, Math.max(0, marked.value + by));
  }
  /** Enter in the field. */
  function enter(): void {
    if (search.value.trim() === '') return;
    if (found.value !== null) {
      if (found.value.rows.length === 0) undecided();
      choose(found.value.rows[marked.value]);
      return;
    }
    entered = true;
    if (asking === null) void find();
  }
  /** Another diner was chosen while Enter still waits: it counts no more. */
  function chosenElsewhere(): void {
    entered = false;
  }
  return { search, found, marked, move, enter, choose, clear, chosenElsewhere };
}
