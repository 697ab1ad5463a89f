import * as server from '../device/server.js';
import type { Screen } from './screen.js';

const ASK_MS = 3_000;

/** What a kiosk does while it waits. */
interface WaitingKiosk {
  readonly screen: { readonly value: Screen };
  readonly online: { value: boolean };
  show(screen: Screen): void;
  refresh(): Promise<void>;
}

/** Who asks already: whatever finds the machine waiting again meanwhile begins no second round. */
const asking = new WeakSet<WaitingKiosk>();

/** Shows the point and the number of this machine, and goes on by itself within seconds of somebody having confirmed it. */
export async function untilConfirmed(kiosk: WaitingKiosk): Promise<void> {
  if (asking.has(kiosk)) return;
  asking.add(kiosk);
  await ask(kiosk);
}

/** The next question is asked after the answer to this one, however slow the line is. */
async function ask(kiosk: WaitingKiosk): Promise<void> {
  if (await isOver(kiosk)) {
    asking.delete(kiosk);
    return kiosk.refresh(); // confirmed: it sells; ended: it says so
  }
  setTimeout(() => void ask(kiosk), ASK_MS);
}

/** Asks once. A line that is away just now ends nothing: the number stays on the glass. */
async function isOver(kiosk: WaitingKiosk): Promise<boolean> {
  const self = await server.askSelf().catch((reason: unknown) => (server.isDistrusted(reason) ? null : undefined));
  kiosk.online.value = self !== undefined;
  if (self === undefined) return false;
  if (self?.standing === 'waiting') {
    if (kiosk.screen.value.name !== 'waiting') kiosk.show({ name: 'waiting', pointName: self.pointName, number: self.number ?? '' });
    return false;
  }
  if (kiosk.screen.value.name === 'waiting') kiosk.show({ name: 'starting' });
  return true;
}
