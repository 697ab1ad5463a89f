import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';

/** Whether an operator may be paid for a period: contract and licence in force, an account to pay to (audit of canteens: claims without papers). */
@Injectable()
export class OperatorFitness {
  /** @param from first and @param to last day on which it served */
  async during(tx: EntityManager, operatorId: string, from: BusinessDay, to: BusinessDay): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT 1 FROM operator WHERE id = ? AND contract_from <= ? AND contract_to > ? AND licence_valid_to > ?
       AND TRIM(contract_no) <> '' AND TRIM(licence_no) <> '' AND TRIM(bank_account_name) <> ''`,
      [operatorId, from, to, to],
    );
    return rows.length > 0;
  }
}
