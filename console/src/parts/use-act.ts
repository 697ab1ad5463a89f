import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { done, refused, working } from './toast.js';

export interface Act {
  /** True from the press until the answer: what would send the same again is disabled meanwhile. */
  readonly busy: ComputedRef<boolean>;
  /** The name of what runs, '' when nothing does; for lists where one row at a time is at work. */
  readonly running: Ref<string>;
  /**
   * Runs one change. Says `said` when it is done and why when it was refused; a press while another runs does nothing.
   * Answers whether it was done.
   */
  readonly attempt: (work: () => Promise<unknown>, said?: string, name?: string) => Promise<boolean>;
}

/** What a button of a page does: busy, tried, said to be done or refused. */
export function useAct(): Act {
  const running = ref('');
  async function attempt(work: () => Promise<unknown>, said?: string, name = 'act'): Promise<boolean> {
    if (running.value !== '') return false;
    running.value = name;
    const over = working();
    try {
      await work();
      if (said !== undefined) done(said);
      return true;
    } catch (error) {
      refused(error);
      return false;
    } finally {
      running.value = '';
      over();
    }
  }
  return { busy: computed(() => running.value !== ''), running, attempt };
}
