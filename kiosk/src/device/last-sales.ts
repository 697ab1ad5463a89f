import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { businessDayOf } from '../../../src/domain/kernel/business-day.js';
import { readSealed, writeSealed } from './sealed-row.js';
import { serverNowMs } from './server.js';
import { store, type DeviceSelf } from './store.js';

const KEPT = 10;

/** The slips of the last sales of this machine today, newest first; what cannot be read is as if there were none. */
export async function lastSales(self: DeviceSelf): Promise<KioskPaymentAnswer[]> {
  const today = businessDayOf(new Date(serverNowMs()));
  const slips = await readSealed(self, 'slips').then((text) => JSON.parse(text ?? '[]') as KioskPaymentAnswer[]).catch(() => []);
  return slips.filter(({ soldAt }) => businessDayOf(new Date(soldAt)) === today);
}

/** Names, meals and prices of others are no business of a machine that is not trusted any more. */
export async function dropSlips(): Promise<void> {
  await navigator.locks.request('rehufan-slips', () => store.sealed.delete('slips'));
}

/** Keeps a slip for the panel without network, without the balance. One that cannot be kept changes nothing of the sale. */
export async function keepSlip(self: DeviceSelf, answer: KioskPaymentAnswer): Promise<void> {
  await navigator.locks.request('rehufan-slips', async () => {
    const others = (await lastSales(self)).filter(({ receiptNo }) => receiptNo !== answer.receiptNo);
    await writeSealed(self, 'slips', JSON.stringify([{ ...answer, balanceFen: null }, ...others].slice(0, KEPT)));
  }).catch(() => undefined);
}
