import { ApiRefusal } from './client.js';

/**
 * Whether what was thrown settles a request that moves money: a refusal by the rules. Silence, a failure of the server or
 * of what stands before it, an answer that cannot be read and a caller that is to prove itself anew leave open whether it
 * happened; then only the same key may be sent again.
 */
export function isSettled(reason: unknown): reason is ApiRefusal {
  if (!(reason instanceof ApiRefusal) || reason.status >= 500 || reason.status === 429 || reason.status === 401) return false;
  return reason.code !== 'DATABASE.BUSY';
}
