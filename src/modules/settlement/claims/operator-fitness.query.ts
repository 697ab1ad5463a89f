import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { OperatorContracts } from '../../operators/index.js';

/** Whether an operator may be paid for a period: contract, licence and account in force on every day it served or carried (audit of canteens: claims without papers). */
@Injectable()
export class OperatorFitness {
  constructor(private readonly contracts: OperatorContracts) {}

  /** @param from first and @param to last day of the period */
  async during(tx: EntityManager, operatorId: string, from: BusinessDay, to: BusinessDay): Promise<boolean> {
    const days = await tx.query<{ day: BusinessDay }[]>(
      "SELECT DISTINCT business_day AS day FROM meal_rollup WHERE line = 'meal' AND party_code = '' AND business_day BETWEEN ? AND ? AND operator_id = ? UNION SELECT DISTINCT business_day FROM contractor_payable WHERE operator_id = ? AND agreed_on BETWEEN ? AND ?",
      [from, to, operatorId, operatorId, from, to],
    );
    for (const { day } of days) if (!await this.contracts.mayClaimOn(operatorId, day, tx)) return false;
    return true;
  }
}
