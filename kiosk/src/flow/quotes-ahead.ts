import type { KioskClaim, KioskOffer, KioskQuotesAnswer } from '../../../src/contract/kiosk.js';
import { askQuotes } from '../device/server.js';
import { isNetwork } from './offline-desk.js';
import type { PricedMeal } from './screen.js';
import { sent, type Wanted } from './weighing.js';

/** Prices that are older are asked for again: what somebody has used and what is left may have changed. */
const FRESH_MS = 20_000;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Asks for prices while the person still reads their name, so that nobody waits for them after the press. */
export class QuotesAhead {
  private asked: { readonly claim: KioskClaim; readonly wanted: readonly Wanted[]; readonly atMs: number; readonly quotes: Promise<KioskQuotesAnswer | null> } | null = null;

  ask(claim: KioskClaim, wanted: readonly Wanted[]): void {
    if (wanted.length === 0) return;
    // A refusal may no longer hold when the person presses; that the network is away is not found out a second time.
    const quotes = askQuotes(claim, wanted.map(sent)).catch((reason: unknown) => {
      if (isNetwork(reason)) throw reason;
      return null;
    });
    quotes.catch(() => undefined);
    this.asked = { claim, wanted, atMs: performance.now(), quotes };
  }

  /** The prices of exactly this question, once; asked for now where they were not. */
  async of(claim: KioskClaim, wanted: readonly Wanted[]): Promise<KioskQuotesAnswer> {
    const { asked } = this;
    this.asked = null;
    const fits = asked !== null && performance.now() - asked.atMs < FRESH_MS && same(asked.claim, claim) && same(asked.wanted, wanted);
    return (fits ? await asked.quotes : null) ?? askQuotes(claim, wanted.map(sent));
  }
}

/** What was priced for this person; what they have ordered comes first, also where it was not among what was asked for. */
export async function mealsFor(claim: KioskClaim, wanted: readonly Wanted[], offers: readonly KioskOffer[], answer: KioskQuotesAnswer): Promise<PricedMeal[]> {
  const ordered = offers.find(({ setMealId, portionsLeft, forOrders }) => setMealId === answer.ordered && (forOrders ?? portionsLeft) > 0);
  if (ordered === undefined || wanted.some(({ setMealId, plate }) => setMealId === ordered.setMealId || plate !== undefined)) return mealsOf(answer, wanted, offers);
  const own = [{ setMealId: ordered.setMealId }];
  return mealsOf(await askQuotes(claim, own), own, offers);
}

/** What may be taken of what was priced: the meal that was ordered and no other, else whatever is not kept for those who ordered. */
export function mealsOf({ quotes, ordered }: KioskQuotesAnswer, wanted: readonly Wanted[], offers: readonly KioskOffer[]): PricedMeal[] {
  const priced = wanted.flatMap((one, index): PricedMeal[] => { const quote = quotes[index]; return quote === undefined ? [] : [{ ...one, quote }]; });
  const own = priced.filter(({ setMealId, plate }) => setMealId === ordered && plate === undefined);
  return own.length > 0 ? own : priced.filter(({ setMealId }) => offers.some((offer) => offer.setMealId === setMealId && offer.portionsLeft > 0));
}
