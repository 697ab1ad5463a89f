import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OfflineClaim, OfflineSale } from '../../contract/offline.js';
import { kioskPaymentAnswer } from '../../contract/kiosk.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SetMealId } from '../../domain/kernel/ids.js';
import { parseJson } from '../../infra/database/columns.js';
import { Idempotency } from '../../infra/idempotency/idempotency.js';
import { SellOfflineMeal, type OfflineMeal, type SoldOfflineMeal } from '../payment/index.js';

export interface SaleToPost {
  readonly deviceId: string;
  readonly pointId: string;
  readonly hash: string;
  readonly sale: OfflineSale;
  readonly mayExceed: boolean;
  /** Set where its own day is closed: when and under which line it is booked. */
  readonly late: { readonly bookedOn: BusinessDay; readonly lineId: string } | null;
}

/** Turns a sale of a kiosk into a meal, once: under the key that the kiosk made, as if it had been paid online. */
@Injectable()
export class PostOfflineSale {
  constructor(private readonly idempotency: Idempotency, private readonly sell: SellOfflineMeal) {}

  /**
   * An attempt that reached the server before the network went has charged already; that meal is the answer.
   *
   * @throws DomainError OFFLINE.KEY_REUSED where the key belongs to something else, IDEMPOTENCY.KEY_CLOSED where it was given up and nobody has agreed, and what SellOfflineMeal throws
   */
  async execute(tx: EntityManager, { deviceId, pointId, hash, sale, mayExceed, late }: SaleToPost): Promise<SoldOfflineMeal> {
    const paid = await this.paidOnline(tx, deviceId, sale);
    if (paid !== null) return paid;
    try {
      return await this.under(late === null ? sale.key : `late-${late.lineId}`, tx, { deviceId, pointId, hash, sale, mayExceed, late });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'IDEMPOTENCY.KEY_REUSED') throw new DomainError('OFFLINE.KEY_REUSED', 'conflict');
      // Nothing is charged under a key that was given up; where two people have agreed that the meal was eaten, it has one of its own.
      if (error.code === 'IDEMPOTENCY.KEY_CLOSED' && mayExceed) return this.under(`agreed-${hash.slice(0, 40)}`, tx, { deviceId, pointId, hash, sale, mayExceed, late });
      throw error;
    }
  }

  private async under(key: string, tx: EntityManager, { deviceId, pointId, hash, sale, mayExceed, late }: SaleToPost): Promise<SoldOfflineMeal> {
    const { answer } = await this.idempotency.runWithin(tx, { scope: `device:${deviceId}`, key, request: { offline: hash } }, () => this.sell.execute(tx, {
      pointId: pointId as PointId, deviceId, personCode: sale.personCode, setMealId: sale.setMealId as SetMealId, key, soldAt: new Date(sale.atMs),
      ...provenBy(sale.claim), shownFen: sale.dueFen, mayExceed, bookedOn: late?.bookedOn ?? null,
    }));
    return answer;
  }

  private async paidOnline(tx: EntityManager, deviceId: string, sale: OfflineSale): Promise<SoldOfflineMeal | null> {
    const [stored] = await tx.query<{ response: unknown }[]>(
      'SELECT response FROM idempotency_record WHERE scope = ? AND idempotency_key = ?', [`device:${deviceId}`, sale.key],
    );
    const payment = kioskPaymentAnswer.safeParse(stored === undefined ? null : parseJson(stored.response));
    if (!payment.success) return null;
    const [meal] = await tx.query<SoldOfflineMeal[]>(
      `SELECT m.id AS mealId, m.senior_id AS seniorId, m.due_fen AS dueFen, m.tender FROM meal m JOIN senior s ON s.id = m.senior_id
       WHERE m.id = ? AND s.person_code = ? AND m.set_meal_id = ?`, [payment.data.mealId, sale.personCode, sale.setMealId],
    );
    if (meal === undefined) throw new DomainError('OFFLINE.KEY_REUSED', 'conflict');
    return meal;
  }
}

function provenBy(claim: OfflineClaim): Pick<OfflineMeal, 'identifiedBy' | 'identification'> {
  switch (claim.kind) {
    case 'face': return { identifiedBy: 'face', identification: { offline: true, frames: claim.frames, riskPpm: claim.riskPpm } };
    case 'digits': return { identifiedBy: claim.faceAgrees ? 'face-digits' : 'digits', identification: { offline: true } };
    case 'card': return { identifiedBy: 'card', identification: { offline: true } };
  }
}
