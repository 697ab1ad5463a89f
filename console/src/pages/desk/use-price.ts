import { shallowRef, type Ref, type ShallowRef } from 'vue';
import { deskQuoteAnswer, type DeskQuoteAnswer } from '../../../../src/contract/desk.js';
import { api } from '../../api.js';
import type { Offer, Who } from './standing-sale.js';

/** What is priced, and where it is said that it could not be. */
interface Priced { readonly who: Ref<Who | null>; readonly offer: Ref<Offer | null>; readonly channel: Ref<'eat-in' | 'take-away'>; readonly failure: ShallowRef<unknown> }

/** The price of the sale that stands at the counter; an answer to an earlier question never stands there. */
export function usePrice({ who, offer, channel, failure }: Priced) {
  const quote = shallowRef<DeskQuoteAnswer | null>(null);
  let quoting = 0;

  /** Asks anew, and leaves what was said before: why the former price was refused. */
  async function askAgain(): Promise<void> {
    quoting += 1;
    const mine = quoting;
    quote.value = null;
    if (who.value === null || offer.value === null) return;
    const seniorId = who.value.kind === 'senior' ? who.value.senior.id : null;
    try {
      const answer = await api.call({ method: 'POST', path: '/desk/quotes', body: { seniorId, setMealId: offer.value.setMealId, channel: channel.value }, answer: deskQuoteAnswer });
      if (mine === quoting) quote.value = answer;
    } catch (error) {
      if (mine === quoting) failure.value = error;
    }
  }
  return { quote, askAgain };
}
