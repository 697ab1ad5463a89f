import { onUnmounted, ref, watch, type Ref } from 'vue';

/** Whoever waits for longer wants to see that something is done. */
const SLOW_MS = 1000;

/** Whether somebody has waited for an answer for so long that the glass should say so. */
export function useSlow(busy: Ref<boolean>): Ref<boolean> {
  const slow = ref(false);
  let timer = 0;
  const rest = (): void => window.clearTimeout(timer);
  watch(busy, (waits) => {
    rest();
    slow.value = false;
    if (waits) timer = window.setTimeout(() => { slow.value = true; }, SLOW_MS);
  });
  onUnmounted(rest);
  return slow;
}
