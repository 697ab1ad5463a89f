import { ApiRefusal } from '../../../ui/api/index.js';
import { dictionary } from '../../../ui/dictionary/index.js';
import { isNetwork } from './offline-desk.js';
import type { Refused } from './screen.js';

/** A sentence for whatever went wrong before a payment: nothing was charged. */
export function refusedBy(reason: unknown): Refused {
  if (reason instanceof ApiRefusal) {
    return { sentence: { zh: reason.zh, en: reason.en }, code: reason.code, requestId: reason.requestId };
  }
  // Neither an answer nor the network: a full disk, a store that was closed.
  return { sentence: dictionary[isNetwork(reason) ? 'kiosk.refused.network' : 'kiosk.refused.machine'], code: '', requestId: '' };
}
