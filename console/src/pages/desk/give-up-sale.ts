import type { Ref, ShallowRef } from 'vue';
import { endedSaleAnswer, type SaleAnswer } from '../../../../src/contract/desk.js';
import { api } from '../../api.js';
import { ANSWER_WITHIN_MS, type KeptSale } from './kept-sale.js';

/** The counter, as far as a sale without an answer is given up there. */
interface Counter { readonly busy: Ref<boolean>; readonly failure: ShallowRef<unknown>; readonly ended: () => void; readonly onSold: (sale: SaleAnswer) => void }

/** Gives a sale up that had no answer. It answers true where nothing was charged and nothing will be; a sale that had been made is shown as sold. */
export function useGiveUp({ busy, failure, ended, onSold }: Counter): (sale: KeptSale) => Promise<boolean> {
  return async ({ key }) => {
    if (busy.value) return false;
    busy.value = true;
    failure.value = null;
    try {
      const { sale } = await api.call({ method: 'POST', path: '/desk/sales/end', body: { key }, answer: endedSaleAnswer, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      ended();
      if (sale !== null) onSold(sale);
      return sale === null;
    } catch (error) {
      failure.value = error;
      return false;
    } finally {
      busy.value = false;
    }
  };
}
