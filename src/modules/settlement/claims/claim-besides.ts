import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addDays, type BusinessDay } from '../../../domain/kernel/business-day.js';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { lastDayOf, type ClaimBeside, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Advances, Payables } from '../../closing/index.js';
import { ClaimCredits } from './claim-credits.query.js';
import type { FrozenClaim } from './claim-figures.query.js';
import type { StoredClaim } from './claim-store.js';

/** Nothing was agreed before the product knew contractors. */
const FIRST_DAY = '2000-01-01' as BusinessDay;

/** From the day after the last claim: what was agreed in a month without a claim is not lost. */
export function stopsSince(frozen: readonly FrozenClaim[]): BusinessDay {
  const last = frozen.at(-1);
  return last === undefined ? FIRST_DAY : addDays(lastDayOf(last.month), 1);
}

/** What a claim holds besides meals: credits of earlier claims; for an operator stops that the street agreed to pay, less advances that were paid. */
@Injectable()
export class ClaimBesides {
  constructor(private readonly payables: Payables, private readonly advances: Advances, private readonly credits: ClaimCredits) {}

  /** @throws DomainError CLAIM.ADVANCE_OPEN while an advance on days through the month is neither refused nor paid */
  async read(tx: EntityManager, streetId: string, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[]): Promise<ClaimBeside[]> {
    const operatorId = party.kind === 'operator' ? party.code : '';
    const carried = (await this.credits.open(tx, streetId, party, month))
      .map(({ claimId, month: from, amountFen }): ClaimBeside => ({ line: 'carried', operatorId, pointId: '', day: lastDayOf(from), sourceId: claimId, amountFen }));
    if (party.kind !== 'operator') return carried;
    const through = lastDayOf(month);
    const open = await this.advances.undecided({ operatorId, streetId, through }, tx);
    if (open > 0) throw new DomainError('CLAIM.ADVANCE_OPEN', 'refused', { advances: open });
    const stops = await this.payables.agreedBetween({ operatorId, pointIds, from: stopsSince(frozen), to: through }, tx);
    const advances = await this.advances.toDeduct({ operatorId, streetId, through }, tx);
    return [
      ...stops.map(({ stopId, pointId, day, amountFen }): ClaimBeside => ({ line: 'delivery', operatorId, pointId, day, sourceId: stopId, amountFen })),
      ...carried, ...advances.map(({ id, lastDay, amountFen }): ClaimBeside => ({ line: 'advance', operatorId, pointId: '', day: lastDay, sourceId: id, amountFen: -amountFen })),
    ];
  }

  /**
   * Takes the advances of a claim that is being frozen, each once.
   *
   * @throws DomainError CLAIM.ADVANCE_OPEN where the operator's advances changed since the draft
   */
  async take(tx: EntityManager, claim: StoredClaim): Promise<void> {
    if (claim.party.kind !== 'operator') return;
    const of = { operatorId: claim.party.code, streetId: claim.streetId, through: lastDayOf(claim.month) };
    const lines = await tx.query<{ id: string }[]>("SELECT source_id AS id FROM month_claim_line WHERE claim_id = ? AND line = 'advance'", [claim.claimId]);
    const taken = new Set(lines.map(({ id }) => id));
    const open = await this.advances.undecided(of, tx) + (await this.advances.toDeduct(of, tx)).filter(({ id }) => !taken.has(id)).length;
    if (open > 0) throw new DomainError('CLAIM.ADVANCE_OPEN', 'refused', { advances: open });
    for (const id of taken) {
      if (!await this.advances.deduct(tx, id, claim.month)) throw new DomainError('CLAIM.ADVANCE_OPEN', 'refused', { advances: 1 });
    }
  }
}
