import { onMounted, onUnmounted, ref, watch, type Ref, type WatchSource } from 'vue';
import { MEASURES_CHANGED } from './calibration.js';

/** The last level at which everything stands on the glass at once; above it the middle is looked through page by page. */
const TIGHTEST = 3;
const PAGED = 4;
/** Share of the visible height by which one press moves: what was last seen stays in view. */
const STEP = 0.75;
const ROUNDING_PX = 1.5;

export interface Fit {
  /** Not everything fits: two buttons move the middle, since nobody here is asked to swipe. */
  readonly paged: Ref<boolean>;
  readonly atTop: Ref<boolean>;
  readonly atEnd: Ref<boolean>;
  readonly move: (direction: 1 | -1) => void;
}

const holds = (box: Element): boolean => box.scrollWidth <= box.clientWidth + ROUNDING_PX && box.scrollHeight <= box.clientHeight + ROUNDING_PX;

/**
 * Gives each screen the most generous layout at which nothing is cut off, whatever the panel, the size of the words, the
 * language and the length of names. Written to data-fit of the page before it is drawn.
 *
 * @param panel holds header, main and footer
 * @param causes whatever else changes how much room there is
 */
export function useFit(panel: Readonly<Ref<HTMLElement | null>>, causes: readonly WatchSource<unknown>[]): Fit {
  const [paged, atTop, atEnd] = [ref(false), ref(true), ref(true)];
  const root = document.documentElement;
  const changed = new MutationObserver(() => fit());
  const main = (): HTMLElement | null => panel.value?.querySelector('main') ?? null;

  function look(): void {
    const box = main();
    if (box === null) return;
    atTop.value = box.scrollTop <= ROUNDING_PX;
    atEnd.value = box.scrollTop + box.clientHeight >= box.scrollHeight - ROUNDING_PX;
  }

  function fit(): void {
    const parts = [...panel.value?.querySelectorAll('header, main, footer') ?? []];
    let level = 0;
    for (; level <= TIGHTEST; level += 1) {
      root.dataset['fit'] = String(level);
      if (parts.every(holds)) break;
    }
    root.dataset['fit'] = String(level);
    paged.value = level === PAGED;
    changed.takeRecords(); // what has just been measured is no change of its own
    look();
  }

  function move(direction: 1 | -1): void {
    const box = main();
    box?.scrollBy({ top: direction * box.clientHeight * STEP });
    look();
  }

  const resized = new ResizeObserver(fit);
  onMounted(() => {
    const [box, middle] = [panel.value, main()];
    if (box === null || middle === null) return;
    changed.observe(middle, { childList: true, subtree: true, characterData: true });
    resized.observe(box);
    window.addEventListener(MEASURES_CHANGED, fit);
    document.fonts.addEventListener('loadingdone', fit);
    fit();
  });
  onUnmounted(() => {
    changed.disconnect();
    resized.disconnect();
    window.removeEventListener(MEASURES_CHANGED, fit);
    document.fonts.removeEventListener('loadingdone', fit);
  });
  watch([...causes], () => {
    if (paged.value) main()?.scrollTo({ top: 0 }); // else nothing can have moved, and the question alone would lay out the page
    fit();
  }, { flush: 'post' });
  return { paged, atTop, atEnd, move };
}
