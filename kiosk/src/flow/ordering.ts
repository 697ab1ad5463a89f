import { isSettled } from '../../../ui/api/index.js';
import { dictionary } from '../../../ui/dictionary/index.js';
import * as server from '../device/server.js';
import type { KioskOrdersAnswer } from '../../../src/contract/kiosk-orders.js';
import { OfflineRefused, type OfflineDesk } from './offline-desk.js';
import type { Candidate } from './screen.js';
import { standsThere, type Looks } from './who-stands.js';

/** Before each further try; after the last the person is sent to staff. */
const AGAIN_MS = [1000, 2000, 0];

/** What of the kiosk ordering needs. */
interface Shows extends Looks {
  readonly orWithout: <Answer>(online: () => Promise<Answer>, without: (desk: OfflineDesk) => Promise<Answer>) => Promise<Answer>;
}

/** Whoever collects for another does not order for them; a server of before has no door for it. */
export const mayOrder = (candidate: Candidate): boolean => server.speaks(5) && candidate.claim.kind !== 'collector';

/** Orders are the server's alone: without network nothing is ordered, and the screen says so. */
const online = (kiosk: Shows, work: () => Promise<KioskOrdersAnswer>): Promise<KioskOrdersAnswer> => kiosk.orWithout(work, () => Promise.reject(new OfflineRefused('no-orders')));

/** What this person may order for the next days, and has; told, and changed, for a face only while it is there. */
export async function openOrders(kiosk: Shows, candidate: Candidate): Promise<void> {
  // Whom the digits alone do not serve proves first who they are, and comes back here.
  if (candidate.asksPin === true) return kiosk.show({ name: 'pin', candidate: { ...candidate, ahead: true }, wrong: false });
  if (!await standsThere(kiosk, candidate)) return;
  const orders = await kiosk.asked(() => online(kiosk, () => server.askOrders({ claim: candidate.claim })));
  if (orders !== undefined) kiosk.show({ name: 'order', candidate, orders, at: 0 });
}

type Ahead = KioskOrdersAnswer['meals'][number];

/** Orders a meal to collect; what stood until now goes in the same step. */
export async function order(kiosk: Shows, candidate: Candidate, meal: Ahead, setCode: string): Promise<void> {
  const { claim } = candidate;
  const insteadOf = meal.ordered?.orderId ?? null;
  const key = crypto.randomUUID();
  await changed(kiosk, candidate, meal, {
    send: () => server.sendOrder(key, { claim, day: meal.day, period: meal.period, setCode, ...(insteadOf === null ? {} : { insteadOf }) }),
    stands: ({ meals }) => meals.some(({ day, period, ordered }) => day === meal.day && period === meal.period && ordered?.code === setCode && ordered.orderId !== insteadOf),
  });
}

export async function cancel(kiosk: Shows, candidate: Candidate, meal: Ahead, orderId: string): Promise<void> {
  await changed(kiosk, candidate, meal, {
    send: () => server.cancelOrder({ claim: candidate.claim, orderId }),
    stands: ({ meals }) => meals.every(({ ordered }) => ordered?.orderId !== orderId),
  });
}

/** `send`: the change, the same each time; `stands`: whether what the server holds is what was wanted. */
interface Change { readonly send: () => Promise<KioskOrdersAnswer>; readonly stands: (orders: KioskOrdersAnswer) => boolean }

/** Of a face only while it is there. Sent again until there is an answer; without one nobody says that nothing was ordered. */
async function changed(kiosk: Shows, candidate: Candidate, meal: Ahead, change: Change): Promise<void> {
  if (!await standsThere(kiosk, candidate)) return;
  const orders = await kiosk.asked(() => answered(candidate, change));
  if (orders === undefined) return;
  if (orders === null) return kiosk.show({ name: 'refused', refused: { sentence: dictionary['kiosk.order.unknown'], code: '', requestId: '' } });
  const at = orders.meals.findIndex(({ day, period }) => day === meal.day && period === meal.period);
  kiosk.show({ name: 'order', candidate, orders, at: Math.max(0, at) });
}

/** @returns what stands, or null where it cannot be known. @throws ApiRefusal where nothing was changed, OfflineRefused where nothing was sent */
async function answered({ claim }: Candidate, { send, stands }: Change): Promise<KioskOrdersAnswer | null> {
  if (!navigator.onLine) throw new OfflineRefused('no-orders'); // nothing has left this machine
  let lost = false;
  for (const waitMs of AGAIN_MS) {
    try {
      return await send();
    } catch (reason) {
      if (isSettled(reason)) {
        // A repeat may be refused because the one whose answer was lost has done it.
        const orders = lost ? await server.askOrders({ claim }).catch(() => null) : null;
        if (lost && (orders === null || stands(orders))) return orders;
        throw reason;
      }
      lost = true;
    }
    await new Promise((done) => { setTimeout(done, waitMs); });
  }
  // What does not stand yet may still be under way: then it is not known.
  const orders = await server.askOrders({ claim }).catch(() => null);
  return orders !== null && stands(orders) ? orders : null;
}
