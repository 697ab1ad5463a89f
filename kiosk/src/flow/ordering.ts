import * as server from '../device/server.js';
import type { KioskOrdersAnswer } from '../../../src/contract/kiosk-orders.js';
import { OfflineRefused, type OfflineDesk } from './offline-desk.js';
import type { Candidate, Screen } from './screen.js';

/** What of the kiosk ordering needs. */
interface Shows {
  readonly show: (screen: Screen) => void;
  readonly while: (work: () => Promise<void>) => Promise<void>;
  readonly orWithout: <Answer>(online: () => Promise<Answer>, without: (desk: OfflineDesk) => Promise<Answer>) => Promise<Answer>;
}

/** Whoever collects for another does not order for them; a server of before has no door for it. */
export const mayOrder = (candidate: Candidate): boolean => server.speaks(5) && candidate.claim.kind !== 'collector';

/** Orders are the server's alone: without network nothing is ordered, and the screen says so. */
const online = (kiosk: Shows, work: () => Promise<KioskOrdersAnswer>): Promise<KioskOrdersAnswer> => kiosk.orWithout(work, () => Promise.reject(new OfflineRefused('no-orders')));

/** What this person may order for the next days, and has. */
export async function openOrders(kiosk: Shows, candidate: Candidate): Promise<void> {
  // Whom the digits alone do not serve proves first who they are, and comes back here.
  if (candidate.asksPin === true) return kiosk.show({ name: 'pin', candidate: { ...candidate, ahead: true }, wrong: false });
  await kiosk.while(async () => {
    const orders = await online(kiosk, () => server.askOrders({ claim: candidate.claim }));
    kiosk.show({ name: 'order', candidate, orders, at: 0 });
  });
}

type Ahead = KioskOrdersAnswer['meals'][number];

/** Orders a meal to collect; what stood until now goes in the same step. */
export async function order(kiosk: Shows, candidate: Candidate, meal: Ahead, setCode: string): Promise<void> {
  const { claim } = candidate;
  const insteadOf = meal.ordered?.orderId ?? null;
  await changed(kiosk, candidate, meal, () => server.sendOrder(crypto.randomUUID(), { claim, day: meal.day, period: meal.period, setCode, ...(insteadOf === null ? {} : { insteadOf }) }));
}

export async function cancel(kiosk: Shows, candidate: Candidate, meal: Ahead, orderId: string): Promise<void> {
  await changed(kiosk, candidate, meal, () => server.cancelOrder({ claim: candidate.claim, orderId }));
}

async function changed(kiosk: Shows, candidate: Candidate, meal: Ahead, work: () => Promise<KioskOrdersAnswer>): Promise<void> {
  await kiosk.while(async () => {
    const orders = await online(kiosk, work);
    const at = orders.meals.findIndex(({ day, period }) => day === meal.day && period === meal.period);
    kiosk.show({ name: 'order', candidate, orders, at: Math.max(0, at) });
  });
}
