import { Injectable } from '@nestjs/common';
import type { BlockCardRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { maskCardNumber, parseCardNumber } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { affectedRows } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { SeniorRecords } from './senior-records.js';

/** Issues and blocks cards. The number itself is never stored: a keyed hash finds it, four digits name it. */
@Injectable()
export class ChangeCards {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly records: SeniorRecords, private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE, CARD.FORMAT, CARD.CHECKSUM, CARD.TAKEN (blocked cards too) */
  async issue(seniorId: string, text: string, actor: Actor): Promise<{ cardRef: string; masked: string }> {
    const cardNo = parseCardNumber(text);
    const cardRef = identityHashes.card(this.keyring, cardNo);
    try {
      await this.unitOfWork.run(async (tx) => {
        await this.records.findActive(seniorId, actor, tx);
        await tx.query(
          'INSERT INTO senior_card (card_hash, senior_id, last4, active, issued_at) VALUES (?, ?, ?, 1, ?)',
          [cardRef, seniorId, cardNo.slice(-4), this.clock.now()],
        );
        await this.records.note(tx, actor, 'senior.card-issued', seniorId, { last4: cardNo.slice(-4) });
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new DomainError('CARD.TAKEN', 'conflict');
      throw error;
    }
    return { cardRef, masked: maskCardNumber(cardNo) };
  }

  /** @throws DomainError SENIOR.NOT_FOUND, CARD.NOT_FOUND also for a card blocked before */
  async block(seniorId: string, cardRef: string, request: BlockCardRequest, actor: Actor): Promise<{ done: true }> {
    await this.unitOfWork.run(async (tx) => {
      await this.records.find(seniorId, actor, tx);
      const blocked: unknown = await tx.query(
        'UPDATE senior_card SET active = 0 WHERE card_hash = ? AND senior_id = ? AND active = 1', [cardRef, seniorId],
      );
      if (affectedRows(blocked) !== 1) throw new DomainError('CARD.NOT_FOUND', 'not-found');
      await this.records.note(tx, actor, 'senior.card-blocked', seniorId, { reason: request.reason });
    });
    return { done: true };
  }
}
