import { computed, ref, shallowRef, watch } from 'vue';
import {
  saleAnswer, type DeskDiner, type DeskFactor, type DeskSaleRequest, type SaleAnswer,
} from '../../../../src/contract/desk.js';
import { ApiRefusal, isSettled } from '../../../../ui/api/index.js';
import { api } from '../../api.js';
import { useGiveUp } from './give-up-sale.js';
import { useHeldSales } from './held-sales.js';
import { ANSWER_WITHIN_MS, forgetSale, keepSale, type KeptSale } from './kept-sale.js';
import type { Offer, Reason, Who } from './standing-sale.js';
import { usePrice } from './use-price.js';

/** The sale that is being put together: who, what, price, proof, money. One at a time; a new one begins empty. */
export function useDesk(staffId: string, kept: { value: KeptSale | null }, onSold: (sale: SaleAnswer) => void) {
  const who = shallowRef<Who | null>(null);
  const offer = shallowRef<Offer | null>(null);
  const channel = ref<'eat-in' | 'take-away'>('eat-in');
  const tender = ref<'wallet' | 'cash' | 'qr' | 'donation'>('wallet');
  const reason = ref<Reason>('not-recognised');
  const factorKind = ref<DeskFactor['kind']>('digits');
  const factorText = ref('');
  const documentKind = ref<'id-card' | 'senior-card' | 'social-card'>('id-card');
  const failure = shallowRef<unknown>(null);
  /** The failure is of the sale before, not of the one that stands here. */
  const ofFormer = ref(false);
  /** Why giving up failed; never why the sale did, which is what the question is about. */
  const giveUpFailure = shallowRef<unknown>(null);
  const busy = ref(false);
  const { quote, askAgain } = usePrice({ who, offer, channel, failure });

  const factor = computed<DeskFactor | null>(() => {
    const text = factorText.value.trim().toUpperCase();
    if (factorKind.value === 'digits') return /^\d{4}$/.test(text) ? { kind: 'digits', last4: text } : null;
    if (factorKind.value === 'card') return /^[A-Z0-9-]{4,64}$/.test(text) ? { kind: 'card', cardNo: factorText.value.trim() } : null;
    return /^[0-9X]{4}$/.test(text) ? { kind: 'document', documentKind: documentKind.value, last4: text } : null;
  });
  const diner = computed<DeskDiner | null>(() => {
    if (who.value === null) return null;
    if (who.value.kind === 'public') return { kind: 'public' };
    return factor.value === null ? null : { kind: 'senior', seniorId: who.value.senior.id, reason: reason.value, factor: factor.value };
  });
  /** What the account lacks for this meal, in fen. */
  const shortFen = computed(() => (tender.value !== 'wallet' || quote.value?.balanceFen == null ? 0 : Math.max(0, quote.value.dueFen - quote.value.balanceFen)));
  const ready = computed(() => quote.value !== null && diner.value !== null && shortFen.value === 0 && !busy.value && kept.value === null);

  function askPrice(): Promise<void> {
    failure.value = null;
    ofFormer.value = false;
    return askAgain();
  }
  watch([who, offer, channel], () => { void askPrice(); });
  watch(who, (now) => {
    tender.value = now?.kind === 'public' ? 'cash' : 'wallet';
    factorText.value = '';
  });
  watch(factorKind, () => { factorText.value = ''; });

  function startOver(): void {
    who.value = null;
    offer.value = null;
    channel.value = 'eat-in';
    reason.value = 'not-recognised';
    factorKind.value = 'digits';
    factorText.value = '';
    failure.value = null;
  }

  /** Who and what the sale under way was sent for; nobody after a reload. */
  let sent: { readonly who: Who; readonly offer: Offer } | null = null;
  const stillStands = (): boolean => sent !== null && who.value === sent.who;

  /** A sale came to its end: what still stands of it goes; what was chosen meanwhile for the next one stays. */
  function ended(): void {
    kept.value = forgetSale(staffId);
    if (stillStands()) {
      const meanwhile = offer.value === sent?.offer ? null : offer.value;
      startOver();
      offer.value = meanwhile;
    }
    sent = null;
  }

  const waiting = useHeldSales({ who, offer, channel, reason, busy }, startOver);
  const giveUp = useGiveUp({ busy, failure: giveUpFailure, ended, onSold });

  /** Sends a kept sale; the same key every time, so that asking twice never charges twice. */
  async function send(sale: KeptSale): Promise<void> {
    busy.value = true;
    [failure.value, giveUpFailure.value] = [null, null];
    try {
      const answer = await api.call({ method: 'POST', path: '/desk/sales', body: sale.request, answer: saleAnswer, idempotencyKey: sale.key, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      ended();
      onSold(answer);
    } catch (error) {
      // Nothing but a refusal by the rules settles it: whether it happened is else only known by asking again with its key.
      if (isSettled(error)) kept.value = forgetSale(staffId);
      failure.value = error;
      ofFormer.value = sent !== null && !stillStands();
      if (error instanceof ApiRefusal && error.code === 'PAYMENT.PRICE_CHANGED' && stillStands()) void askAgain();
    } finally {
      busy.value = false;
    }
  }

  async function sell(): Promise<void> {
    if (!ready.value || who.value === null || diner.value === null || offer.value === null || quote.value === null) return;
    const request: DeskSaleRequest = {
      diner: diner.value, setMealId: offer.value.setMealId, channel: channel.value, tender: tender.value, expectedDueFen: quote.value.dueFen,
    };
    sent = { who: who.value, offer: offer.value };
    kept.value = keepSale(staffId, request);
    await send(kept.value);
  }

  return { who, offer, channel, tender, reason, factorKind, factorText, documentKind, quote, failure, ofFormer, giveUpFailure, busy, shortFen, ready, askPrice, startOver, sell, send, giveUp, ...waiting };
}

export type Desk = ReturnType<typeof useDesk>;
