import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { CATERER_PAYER, isOver, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { FrozenClaim } from './claim-figures.query.js';
import { OpenDays } from './open-days.query.js';
import { OperatorFitness } from './operator-fitness.query.js';

/** What must hold before a claim is drafted, and again before it is frozen. */
@Injectable()
export class ClaimGates {
  constructor(private readonly openDays: OpenDays, private readonly fitness: OperatorFitness, private readonly clock: Clock) {}

  /**
   * @throws DomainError CLAIM.OWN_PART, CLAIM.MONTH_OPEN, CLAIM.ALREADY_BOOKED, CLAIM.OUT_OF_ORDER, CLAIM.DAY_OPEN, CLAIM.OPERATOR_UNFIT
   */
  async require(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[]): Promise<void> {
    requireClaimable(party);
    if (!isOver(month, this.clock.today())) throw new DomainError('CLAIM.MONTH_OPEN', 'refused');
    const last = frozen.at(-1);
    if (last !== undefined && month <= last.month) throw new DomainError('CLAIM.ALREADY_BOOKED', 'conflict');
    if (await this.hasMeals(tx, pointIds, party, last?.month ?? null, month)) throw new DomainError('CLAIM.OUT_OF_ORDER', 'refused');
    const open = await this.openDays.ofMonth(tx, pointIds, party, month);
    const [first] = open;
    if (first !== undefined) throw new DomainError('CLAIM.DAY_OPEN', 'refused', { days: open.length, day: first.day });
    const unfit = party.kind === 'operator' ? await this.fitness.unfitDays(tx, pointIds, party.code, month, frozen) : [];
    const [unfitDay] = unfit;
    if (unfitDay !== undefined) throw new DomainError('CLAIM.OPERATOR_UNFIT', 'refused', { days: unfit.length, day: unfitDay });
  }

  /**
   * Whether there are meals of the party after a month (null: ever) and before another: one with meals is never left out,
   * one without any needs no claim.
   */
  async hasMeals(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, after: ClaimMonth | null, before: ClaimMonth): Promise<boolean> {
    const [row] = await tx.query<{ n: number }[]>(
      `SELECT EXISTS (SELECT 1 FROM meal_rollup_month WHERE month > ? AND month < ? AND point_id IN (?) AND ${party.kind === 'operator'
        ? 'operator_id = ?' : "party_code = ? AND line IN ('relief', 'operator-payment')"}) AS n`, [after ?? '', before, pointIds, party.code],
    );
    return Number(row?.n) === 1;
  }
}

/** What the caterer bears is its own discount: nobody asks it of anybody. @throws DomainError CLAIM.OWN_PART */
export function requireClaimable(party: ClaimParty): void {
  if (party.kind === 'payer' && party.code === CATERER_PAYER) throw new DomainError('CLAIM.OWN_PART', 'refused');
}
