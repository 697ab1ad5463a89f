import { computed, shallowRef, type Ref } from 'vue';
import type { Offer, Reason, Who } from './standing-sale.js';

/** A sale put aside for somebody who looks for the card or the purse. No price and no proof is kept with it: both are asked again. */
export interface HeldSale { readonly who: Who | null; readonly offer: Offer | null; readonly channel: 'eat-in' | 'take-away'; readonly reason: Reason }

/** The sale that stands at the counter, as far as it is put aside and taken up again. */
interface Standing { readonly who: Ref<Who | null>; readonly offer: Ref<Offer | null>; readonly channel: Ref<HeldSale['channel']>; readonly reason: Ref<Reason>; readonly busy: Ref<boolean> }

const MOST_HELD = 5;

/** Sales that wait at the desk; in this page alone, since nothing of them is money yet. */
export function useHeldSales({ who, offer, channel, reason, busy }: Standing, startOver: () => void) {
  const held = shallowRef<readonly HeldSale[]>([]);
  const mayHold = computed(() => (who.value !== null || offer.value !== null) && held.value.length < MOST_HELD && !busy.value);

  function hold(): void {
    if (!mayHold.value) return;
    held.value = [...held.value, { who: who.value, offer: offer.value, channel: channel.value, reason: reason.value }];
    startOver();
  }

  /** Takes a held sale up again; what stands there meanwhile is held in its place. */
  function resume(sale: HeldSale): void {
    if (busy.value) return;
    held.value = held.value.filter((one) => one !== sale);
    hold();
    [who.value, offer.value, channel.value, reason.value] = [sale.who, sale.offer, sale.channel, sale.reason];
  }

  return { held, mayHold, hold, resume };
}
