import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PolicyBook } from '../../subsidy/index.js';
import { checkAccounts } from './account-checks.query.js';
import { checkClaimPayments } from './claim-payment-checks.query.js';
import { checkDrawers } from './drawer-checks.query.js';
import type { Finding } from './finding.js';
import { checkFlows } from './flow-checks.query.js';
import { checkMeals } from './meal-checks.query.js';
import { checkSeals } from './seal-checks.query.js';
import { checkTreasury } from './treasury-checks.query.js';
import { checkTransfers } from './transfer-checks.query.js';

export interface Verification {
  /** In the order of their numbers. */
  findings: Finding[];
  summary: VerificationSummary;
}

/** `violations`: how many, over all invariants. */
export interface VerificationSummary {
  ok: boolean;
  transfers: number;
  accounts: number;
  meals: number;
  violations: number;
}

/**
 * Proves or refutes the invariants of the ledger from the rows alone. Reads one snapshot, so that payments may go on
 * meanwhile, and page by page, so that memory does not grow with the ledger.
 */
@Injectable()
export class LedgerVerifier {
  constructor(private readonly dataSource: DataSource, private readonly book: PolicyBook) {}

  async verify(): Promise<Verification> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { zeroSums, invented } = await checkTransfers(tx);
      const { balances, floors } = await checkAccounts(tx);
      const { once, claims } = await checkMeals(tx, this.book);
      const seals = await checkSeals(tx);
      const flows = await checkFlows(tx);
      const drawers = await checkDrawers(tx);
      const payments = await checkClaimPayments(tx);
      const treasury = await checkTreasury(tx);
      once.counted('charges', zeroSums.total('transfers'));
      const findings = [zeroSums, balances, floors, once, invented, claims, seals, flows, drawers, payments, treasury];
      const violations = findings.reduce((sum, finding) => sum + finding.violations, 0);
      return {
        findings,
        summary: {
          ok: violations === 0,
          transfers: zeroSums.total('transfers'),
          accounts: balances.total('accounts'),
          meals: claims.total('meals'),
          violations,
        },
      };
    });
  }
}

/** The report of a verification: a line per invariant, examples below it, and the summary as JSON in the last line. */
export function verificationLines({ findings, summary }: Verification): string[] {
  const empty = summary.transfers === 0 && summary.meals === 0;
  return [
    ...(empty ? ['The ledger is empty: there is nothing to prove yet.'] : []),
    ...findings.flatMap((finding) => finding.lines()),
    JSON.stringify(summary),
  ];
}
