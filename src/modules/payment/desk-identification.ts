import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DeskDiner } from '../../contract/desk.js';
import { instantOf } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { AuditTrail } from '../audit/index.js';
import { SeniorDirectory, type Diner } from '../seniors/index.js';
import { SiteDirectory } from '../sites/index.js';
import type { IdentifiedDiner } from './sell-meal.js';

/** The line in the audit trail that says who looked a proof up. */
const LOOKED_UP_BY = { digits: 'senior.phone-revealed', document: 'senior.id-number-revealed' } as const;

/** An attendant's word needs a reason and a second proof; both are stored with the meal. */
@Injectable()
export class DeskIdentification {
  constructor(
    private readonly seniors: SeniorDirectory, private readonly sites: SiteDirectory, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** A senior whom this point may serve. @throws DomainError REQUEST.NOT_FOUND for a senior of another street */
  async seniorInReach(tx: EntityManager, pointId: PointId, seniorId: SeniorId): Promise<Diner> {
    const senior = await this.seniors.byId(seniorId, tx);
    const { streetId } = await this.sites.point(pointId, tx);
    if (senior.streetId !== streetId) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return senior;
  }

  /**
   * @throws DomainError REQUEST.NOT_FOUND, PAYMENT.SECOND_FACTOR, PAYMENT.SECOND_FACTOR_SEEN, PAYMENT.SENIOR_UNKNOWN,
   *   PAYMENT.SENIOR_SUSPENDED
   */
  async identify(tx: EntityManager, pointId: PointId, staffId: string, diner: DeskDiner): Promise<IdentifiedDiner> {
    if (diner.kind === 'public') return { diner: null, identifiedBy: 'none', identification: {} };
    const senior = await this.seniorInReach(tx, pointId, diner.seniorId as SeniorId);
    await this.refuseWhatWasLookedUp(tx, staffId, senior, diner.factor.kind);
    // A senior of another point is served by the card or the document in hand, never by digits that this point looks up.
    if (!await this.factorHolds(tx, pointId, senior, diner.factor)) throw new DomainError('PAYMENT.SECOND_FACTOR', 'refused');
    if (senior.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    const factor = diner.factor.kind === 'document' ? diner.factor.documentKind : diner.factor.kind;
    return { diner: senior, identifiedBy: 'staff', identification: { reason: diner.reason, factor } };
  }

  /** Digits that the same hands looked up today are no word of the senior's. */
  private async refuseWhatWasLookedUp(tx: EntityManager, staffId: string, senior: Diner, factor: keyof typeof LOOKED_UP_BY | 'card'): Promise<void> {
    if (factor === 'card') return;
    const line = { actorId: staffId, action: LOOKED_UP_BY[factor], objectKind: 'senior', objectId: senior.seniorId };
    if (await this.audit.hasDone(line, instantOf(this.clock.today(), 0), tx)) throw new DomainError('PAYMENT.SECOND_FACTOR_SEEN', 'refused');
  }

  private async factorHolds(tx: EntityManager, pointId: PointId, senior: Diner, factor: Extract<DeskDiner, { kind: 'senior' }>['factor']): Promise<boolean> {
    switch (factor.kind) {
      case 'digits': return (await this.seniors.byLast4(pointId, factor.last4, tx)).some((found) => found.seniorId === senior.seniorId);
      case 'card': return (await this.seniors.byCard(factor.cardNo, tx)).seniorId === senior.seniorId;
      case 'document': return this.seniors.documentEndsWith(senior.seniorId, factor.last4, tx);
    }
  }
}
