import { DomainError } from '../../domain/kernel/domain-error.js';

/**
 * Something outside of the asker's scope: answered as if it did not exist. What was asked for stays with the error for
 * the audit trail, which is written where the error leaves the use case, when no transaction is open any more.
 */
export class OutOfScope extends DomainError {
  constructor(readonly objectKind: string, readonly objectId: string) {
    super('REQUEST.NOT_FOUND', 'not-found');
  }
}
