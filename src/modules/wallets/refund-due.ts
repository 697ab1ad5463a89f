import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { RefundCause } from '../../domain/stored-value/index.js';
import type { WalletOwner } from './wallet-people.js';

/**
 * Whose money it is may change between the two people who refund it: after a death it is the heirs', a report that was
 * taken back makes it the person's again, and what an event has freed waits for the payee named there.
 *
 * @throws DomainError REFUND.NOT_DECEASED, REFUND.USE_RELEASE, REFUND.DECEASED
 */
export async function requireRefundDue(tx: EntityManager, owner: Pick<WalletOwner, 'seniorId' | 'status'>, cause: RefundCause): Promise<void> {
  if (cause === 'heir' && owner.status !== 'deceased') throw new DomainError('REFUND.NOT_DECEASED', 'refused');
  const [freed] = await tx.query<unknown[]>('SELECT 1 FROM wallet_release WHERE senior_id = ? AND open = 1', [owner.seniorId]);
  if (freed !== undefined) throw new DomainError('REFUND.USE_RELEASE', 'refused');
  if (cause !== 'heir' && owner.status === 'deceased') throw new DomainError('REFUND.DECEASED', 'refused');
}
