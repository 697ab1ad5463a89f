import { onMounted, ref, type Ref } from 'vue';
import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { lookForPrinter, mayPrint, printSlips } from './slip-printer.js';

/** What a screen with slips needs: whether one can be offered, whether the last one came out, and the press that prints. */
export function useSlips(): { mayPrint: Ref<boolean>; failed: Ref<boolean>; print: (...answers: readonly KioskPaymentAnswer[]) => void } {
  const failed = ref(false);
  onMounted(() => void lookForPrinter());
  const print = (...answers: readonly KioskPaymentAnswer[]): void => {
    failed.value = false;
    void printSlips(answers).then((out) => { failed.value = !out; });
  };
  return { mayPrint, failed, print };
}
