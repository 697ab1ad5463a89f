import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../domain/kernel/domain-error.js';
import { firstDayOf, isOver, lastDayOf, addMonths, type ClaimMonth, type ClaimParty } from '../../../domain/settlement/index.js';
import { Clock } from '../../../infra/clock/clock.js';
import type { FrozenClaim } from './claim-figures.query.js';
import { OpenDays } from './open-days.query.js';
import { OperatorFitness } from './operator-fitness.query.js';

/** What must hold before a claim is drafted, and again before it is frozen. */
@Injectable()
export class ClaimGates {
  constructor(private readonly openDays: OpenDays, private readonly fitness: OperatorFitness, private readonly clock: Clock) {}

  /**
   * @throws DomainError CLAIM.MONTH_OPEN, CLAIM.ALREADY_BOOKED, CLAIM.OUT_OF_ORDER, CLAIM.DAY_OPEN, CLAIM.OPERATOR_UNFIT
   */
  async require(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, month: ClaimMonth, frozen: readonly FrozenClaim[]): Promise<void> {
    if (!isOver(month, this.clock.today())) throw new DomainError('CLAIM.MONTH_OPEN', 'refused');
    const last = frozen.at(-1);
    if (last !== undefined && month <= last.month) throw new DomainError('CLAIM.ALREADY_BOOKED', 'conflict');
    if (last !== undefined && await this.skips(tx, pointIds, party, last.month, month)) throw new DomainError('CLAIM.OUT_OF_ORDER', 'refused');
    const open = await this.openDays.ofMonth(tx, pointIds, party, month);
    const [first] = open;
    if (first !== undefined) throw new DomainError('CLAIM.DAY_OPEN', 'refused', { days: open.length, day: first.day });
    if (party.kind === 'operator' && !await this.fitness.during(tx, party.code, firstDayOf(month), lastDayOf(month))) {
      throw new DomainError('CLAIM.OPERATOR_UNFIT', 'refused');
    }
  }

  /** Whether a month between two claims has meals of its own; a month without any needs no claim. */
  private async skips(tx: EntityManager, pointIds: readonly string[], party: ClaimParty, after: ClaimMonth, month: ClaimMonth): Promise<boolean> {
    if (month === addMonths(after, 1)) return false;
    const [row] = await tx.query<{ n: number }[]>(
      `SELECT EXISTS (SELECT 1 FROM meal_rollup_month WHERE month > ? AND month < ? AND point_id IN (?) AND ${party.kind === 'operator'
        ? 'operator_id = ?' : "party_code = ? AND line IN ('relief', 'operator-payment')"}) AS n`, [after, month, pointIds, party.code],
    );
    return Number(row?.n) === 1;
  }
}
