import type { KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import { firstScreen, type Screen } from './screen.js';

/** What decides what stands on a machine that serves nobody just now. */
interface Machine {
  readonly screen: { readonly value: Screen };
  readonly locked: { readonly value: boolean };
  readonly today: { readonly value: KioskTodayAnswer | null };
  readonly gate: object | null;
}

/** Screens on which nothing is under way. */
const QUIET: readonly Screen['name'][] = ['welcome', 'closed', 'out-of-service', 'waiting'];

const isSame = (one: Screen, other: Screen): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What stands on the glass by itself, for nobody, and when it changes: what stands there already is left alone, because whatever is shown anew is also said. */
export class Resting {
  private shown: Screen | null = null;

  constructor(private readonly machine: Machine) {}

  /** What stands here while nobody is served. */
  due(): Screen {
    const { locked, today, gate } = this.machine;
    if (locked.value) return { name: 'out-of-service', reEnrol: false, locked: true };
    return gate === null ? firstScreen(today.value) : { name: 'gate', decision: null, freeSeats: null };
  }

  /** To be shown now, until something else is. */
  begin(): Screen {
    this.shown = this.due();
    return this.shown;
  }

  /** The glass shows what stands there by itself, not an answer to somebody. */
  isOn(): boolean {
    return this.machine.screen.value === this.shown;
  }

  /** Something else is due by now, and nobody is in the way of it. */
  isOvertaken(): boolean {
    const { value: now } = this.machine.screen;
    if (now.name === 'starting') return true;
    return (now.name === 'out-of-service' || (now.name === 'closed' && this.isOn())) && !isSame(now, this.due());
  }

  /** Whether this would show what stands there already. */
  holds(screen: Screen): boolean {
    return isSame(screen, this.machine.screen.value);
  }

  /** Nothing is under way: the page may be replaced, where nobody stands there either. */
  isQuiet(): boolean {
    const { value: now } = this.machine.screen;
    return QUIET.includes(now.name) || (now.name === 'gate' && now.decision === null);
  }
}
