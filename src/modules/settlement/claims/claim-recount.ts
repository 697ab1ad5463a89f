import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { claimLines, claimText, claimTotals, type ClaimHead, type ClaimLine, type ClaimMonth, type ClaimParty, type ClaimTotals } from '../../../domain/settlement/index.js';
import { sha256Hex } from '../../../infra/crypto/digest.js';
import { ClaimBesides } from './claim-besides.js';
import { ClaimFiguresQuery, type FrozenClaim } from './claim-figures.query.js';
import { ClaimStore, type StoredClaim } from './claim-store.js';

/** A claim as the roll-up shows it at this moment. */
export interface CountedClaim extends Pick<ClaimHead, 'throughSeq' | 'sealHash' | 'persons'> {
  readonly lines: readonly ClaimLine[];
  readonly totals: ClaimTotals;
}

/**
 * Counts a claim: to draft it, and again before somebody vouches for it. Roll-up and ledger may agree today while the
 * lines of a draft were made from a roll-up that did not, or before the month in front of it was frozen.
 */
@Injectable()
export class ClaimRecount {
  constructor(private readonly store: ClaimStore, private readonly figures: ClaimFiguresQuery, private readonly besides: ClaimBesides) {}

  /**
   * @param frozen the party's frozen claims, in order of months
   * @throws DomainError CLAIM.ADVANCE_OPEN
   */
  async count(
    tx: EntityManager, streetId: string, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[],
  ): Promise<CountedClaim> {
    const { throughSeq, sealHash, persons, month: rows, adjusted } = await this.figures.read(tx, pointIds, party, month, frozen);
    const lines = claimLines(rows, adjusted, await this.besides.read(tx, streetId, pointIds, party, month, frozen));
    return { throughSeq, sealHash, persons, lines, totals: claimTotals(party, lines) };
  }

  /**
   * The stored lines and head have the stored hash, and counting now gives the same. A claim that had seen less of the
   * journal than the one before it is refused, too: what came between both would be claimed twice.
   *
   * @throws DomainError CLAIM.OUTDATED, CLAIM.ADVANCE_OPEN
   */
  async requireSame(tx: EntityManager, claim: StoredClaim, frozen: readonly FrozenClaim[]): Promise<void> {
    const written = await this.store.written(tx, claim);
    const now = await this.count(tx, claim.streetId, await this.store.pointsOf(tx, claim.streetId), claim.party, claim.month, frozen);
    const { throughSeq, sealHash } = written;
    const same = detailHash({ ...claim, throughSeq, sealHash, persons: written.persons }, written.totals, written.lines) === written.detailHash
      && detailHash({ ...claim, throughSeq, sealHash, persons: now.persons }, now.totals, now.lines) === written.detailHash;
    if (!same || (frozen.at(-1)?.throughSeq ?? 0) > throughSeq) throw new DomainError('CLAIM.OUTDATED', 'conflict');
  }
}

/** SHA-256 of head, totals and lines. */
export function detailHash(head: ClaimHead, totals: ClaimTotals, lines: readonly ClaimLine[]): string {
  return sha256Hex(claimText(head, totals, lines));
}
