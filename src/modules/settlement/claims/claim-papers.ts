import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClaimAnswer } from '../../../contract/finance-claims.js';
import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { lastDayOf, type ClaimMonth } from '../../../domain/settlement/index.js';
import { OperatorContracts } from '../../operators/index.js';

type Papers = ClaimAnswer['operators'][number];

/**
 * Contract, licence and account of the operators of a claim. Until it is frozen they are read from the papers in force;
 * then they are kept with the claim, so that it prints as it was signed, whatever is agreed later.
 */
@Injectable()
export class ClaimPapers {
  constructor(private readonly contracts: OperatorContracts) {}

  /** @param on the day for which the account is asked: of freezing, or today */
  async of(tx: EntityManager, claimId: string, month: ClaimMonth, on: BusinessDay): Promise<Papers[]> {
    const kept = await tx.query<Papers[]>(
      `SELECT operator_id AS operatorId, name, contract_no AS contractNo, contract_to AS contractTo, licence_no AS licenceNo, licence_valid_to AS licenceValidTo,
              bank_account AS bankAccountName FROM month_claim_paper WHERE claim_id = ? ORDER BY name, operator_id`, [claimId],
    );
    return kept.length > 0 ? kept : this.inForce(tx, claimId, month, on);
  }

  /** Keeps them with a claim that is being frozen. */
  async keep(tx: EntityManager, claimId: string, month: ClaimMonth, on: BusinessDay): Promise<void> {
    const papers = await this.inForce(tx, claimId, month, on);
    if (papers.length === 0) return;
    await tx.query(
      'INSERT INTO month_claim_paper (claim_id, operator_id, name, contract_no, contract_to, licence_no, licence_valid_to, bank_account) VALUES ?',
      [papers.map((one) => [claimId, one.operatorId, one.name, one.contractNo, one.contractTo, one.licenceNo, one.licenceValidTo, one.bankAccountName])],
    );
  }

  /** The service was owed under the papers of the month's end; the money goes to the account that counts now. */
  private async inForce(tx: EntityManager, claimId: string, month: ClaimMonth, on: BusinessDay): Promise<Papers[]> {
    const operators = await tx.query<{ operatorId: string; name: string }[]>(
      `SELECT DISTINCT o.id AS operatorId, o.name FROM month_claim_line l JOIN operator o ON o.id = l.operator_id WHERE l.claim_id = ? ORDER BY o.name, o.id`, [claimId],
    );
    const papers: Papers[] = [];
    for (const operator of operators) {
      const { contract, licence } = await this.contracts.standingOn(operator.operatorId, lastDayOf(month), tx);
      const { bankAccount } = await this.contracts.standingOn(operator.operatorId, on, tx);
      papers.push({
        ...operator, contractNo: contract?.number ?? '', contractTo: contract?.validTo ?? null, licenceNo: licence?.number ?? '',
        licenceValidTo: licence?.validTo ?? null, bankAccountName: bankAccount === null ? '' : `${bankAccount.partyName} ${bankAccount.number}`.trim(),
      });
    }
    return papers;
  }
}
