import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { firstDayOf, lastDayOf, type ClaimMonth } from '../../../domain/settlement/index.js';
import { Payables } from '../../closing/index.js';
import { OperatorContracts } from '../../operators/index.js';
import type { FrozenClaim } from './claim-figures.query.js';
import { stopsSince } from './claim-besides.js';

/** Whether an operator may be paid: contract, licence and account in force on every day that the claim pays for (audit of canteens: claims without papers). */
@Injectable()
export class OperatorFitness {
  constructor(private readonly contracts: OperatorContracts, private readonly payables: Payables) {}

  /** @returns the days without papers, in order, among those of the month's meals, of its agreed stops, and of meals that came in late; what was taken back asks for no papers: it is owed by the operator */
  async unfitDays(tx: EntityManager, pointIds: readonly string[], operatorId: string, month: ClaimMonth, frozen: readonly FrozenClaim[]): Promise<BusinessDay[]> {
    const meals = await tx.query<{ day: BusinessDay }[]>(
      `SELECT DISTINCT business_day AS day FROM meal_rollup WHERE line = 'meal' AND party_code = '' AND sign = 1 AND business_day BETWEEN ? AND ? AND operator_id = ? AND point_id IN (?)
       UNION SELECT DISTINCT business_day FROM meal_rollup_late WHERE sign = 1 AND seq > ? AND business_day < ? AND operator_id = ? AND point_id IN (?)`,
      [firstDayOf(month), lastDayOf(month), operatorId, pointIds, frozen.at(-1)?.throughSeq ?? Number.MAX_SAFE_INTEGER, firstDayOf(month), operatorId, pointIds],
    );
    const stops = await this.payables.agreedBetween({ operatorId, pointIds, from: stopsSince(frozen), to: lastDayOf(month) }, tx);
    return this.contracts.unfitDays(operatorId, [...meals, ...stops].map(({ day }) => day), tx);
  }
}
