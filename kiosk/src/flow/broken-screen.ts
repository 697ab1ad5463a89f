import type { Screen } from './screen.js';

interface Glass {
  readonly screen: { readonly value: Screen };
  show(screen: Screen): void;
  help(): Promise<void>;
}

/** Where Vue says that a component could not be made or drawn: in words while developing, by number in a built page. */
const NOT_DRAWN = /^(setup function|render function|async component loader|component update)$|#runtime-(0|1|13|15)$/;
/** Staff are called once in so long, however often a screen fails: whoever came knows of it. */
const CALL_AGAIN_MS = 15 * 60_000;

/**
 * What happens where a screen cannot be drawn: nobody is left before an empty glass. Staff are called and the glass says so,
 * and nothing of money, because what the broken screen would have said is not known here. An error of a press or of a
 * watcher leaves the screen as it is.
 *
 * @returns Vue's handler of errors
 */
export function insteadOfBroken(glass: Glass, nowMs: () => number = () => performance.now()): (reason: unknown, instance: unknown, place: string) => void {
  let calledAtMs = -Infinity;
  return (reason, _instance, place) => {
    console.error(reason);
    if (!NOT_DRAWN.test(place) || glass.screen.value.name === 'help') return; // that one has nothing simpler to show
    const due = nowMs() - calledAtMs >= CALL_AGAIN_MS;
    if (due) calledAtMs = nowMs();
    queueMicrotask(() => {
      if (due) void glass.help();
      else glass.show({ name: 'help' });
    });
  };
}
