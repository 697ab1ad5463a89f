import { ApiRefusal } from '../../../ui/api/index.js';
import { OfflineRefused } from './offline-desk.js';
import { refusedBy } from './refused-by.js';
import type { Screen } from './screen.js';

/** What a person sees after a refusal or a failure; some refusals have a screen that helps further. */
export function screenOfRefusal(reason: unknown): Screen {
  if (reason instanceof OfflineRefused) return { name: 'refused', refused: reason.refused };
  const code = reason instanceof ApiRefusal ? reason.code : '';
  const details = reason instanceof ApiRefusal ? reason.details : {};
  if (code === 'PAYMENT.INSUFFICIENT_BALANCE') {
    const shortFen = details['shortFen'];
    return { name: 'short', shortFen: typeof shortFen === 'number' ? shortFen : null };
  }
  if (code === 'PAYMENT.NOT_SERVING') return { name: 'closed', reason: 'not-serving' };
  if (code === 'PAYMENT.IDENTITY_DOUBT' || code === 'FACE.NOT_VERIFIED') return { name: 'not-recognised', doubt: [] };
  return { name: 'refused', refused: refusedBy(reason) };
}
