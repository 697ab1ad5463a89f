import type { EntityManager } from 'typeorm';
import { flowViolations } from '../../../domain/ledger/index.js';
import { Finding } from './finding.js';

const EXAMPLES = 3;

/**
 * I13: every kind of transfer takes from and gives to the kinds of account that its rule names, so that no subsidy,
 * donation or point ever reached cash, a bank account, a payment channel or a wallet. Asked once for all: the ways are few.
 */
export async function checkFlows(tx: EntityManager): Promise<Finding> {
  const flows = new Finding('I13');
  const ways = await tx.query<{ transferKind: string; accountKind: string; direction: number; uses: number }[]>(
    `SELECT t.kind AS transferKind, a.kind AS accountKind, SIGN(e.amount_fen) AS direction, COUNT(*) AS uses
     FROM entry e JOIN transfer t ON t.id = e.transfer_id JOIN account a ON a.id = e.account_id
     WHERE e.amount_fen <> 0 GROUP BY t.kind, a.kind, SIGN(e.amount_fen)`,
  );
  for (const { transferKind, accountKind, direction, uses } of ways) {
    flows.counted('entries', Number(uses));
    if (flowViolations(transferKind, [{ kind: accountKind, amountFen: Number(direction) }]).length === 0) continue;
    const examples = await tx.query<{ id: string }[]>(
      `SELECT t.id FROM entry e JOIN transfer t ON t.id = e.transfer_id JOIN account a ON a.id = e.account_id
       WHERE t.kind = ? AND a.kind = ? AND SIGN(e.amount_fen) = ? LIMIT ?`, [transferKind, accountKind, direction, EXAMPLES],
    );
    for (const { id } of examples) flows.violation(`transfer ${id} (${transferKind}) ${Number(direction) < 0 ? 'takes from' : 'gives to'} ${accountKind}`);
  }
  flows.counted('ways', ways.length);
  return flows;
}
