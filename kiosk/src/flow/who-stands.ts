import type { Stands, Watcher } from '../camera/watcher.js';
import { restsOnFace } from './rests-on-face.js';
import type { Candidate, Screen } from './screen.js';

/** What of the kiosk a look before a press needs. */
export interface Looks {
  readonly screen: { readonly value: Screen };
  readonly watcher: Pick<Watcher, 'whoStands'> | null;
  show(screen: Screen): void;
  asked<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined>;
}

/** The same screen with the request for a look on it, where it has a place for that. */
function asking(screen: Screen, alone: boolean): Screen {
  const look = alone ? 'alone' : true;
  return screen.name === 'confirm' || screen.name === 'is-it-you' || screen.name === 'order' || screen.name === 'done' ? { ...screen, look } : screen;
}

/**
 * Whether something may be done in this person's name. Where it is the face that says who they are, the camera must see them:
 * where it sees somebody else by now, or nobody whom it can judge after having asked for a look, nothing goes on and other
 * ways are offered. A kiosk whose camera has ended sees nobody.
 *
 * @returns false also where something else is under way, or they have left the screen meanwhile
 */
export async function standsThere(kiosk: Looks, { claim }: Candidate): Promise<boolean> {
  if (!restsOnFace(claim)) return true;
  const pressed = kiosk.screen.value;
  const ask = (alone: boolean): void => { if (kiosk.screen.value === pressed) kiosk.show(asking(pressed, alone)); };
  const stands = await kiosk.asked<Stands>(async () => await kiosk.watcher?.whoStands(ask) ?? 'unseen');
  if (stands === 'same' || stands === undefined) return stands === 'same';
  if (kiosk.screen.value.name === 'done') return false; // the receipt stays, with the request for a look: they have paid, and need its number
  kiosk.show({ name: 'not-recognised', doubt: [], ...(stands === 'other' ? { another: true } : { unseen: true, ...(stands === 'several' ? { several: true } : {}) }) });
  return false;
}
