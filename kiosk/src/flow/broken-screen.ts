import type { Screen } from './screen.js';

interface Glass {
  readonly screen: { readonly value: Screen };
  show(screen: Screen): void;
}

/**
 * What happens where a screen cannot be drawn: nobody is left before an empty glass. It sends them to staff and says nothing of
 * money, because what the broken screen would have said is not known here; the next touch begins anew.
 *
 * @returns to be told of each error
 */
export function insteadOfBroken(glass: Glass): (reason: unknown) => void {
  return (reason) => {
    console.error(reason);
    if (glass.screen.value.name === 'help') return; // it has nothing simpler to show
    queueMicrotask(() => glass.show({ name: 'help' }));
  };
}
