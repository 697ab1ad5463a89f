import type { EntityManager } from 'typeorm';
import { standing } from '../standing.js';
import { Finding } from './finding.js';

/** A payment whose transfer was reversed counts no more: another attempt may follow it. */
const STANDING = standing('p.transfer_id');

/**
 * What each payment of a claim must have moved, taken from its lines, less what it moved: an operator's claim empties
 * what the operator was owed by point, books deliveries as a cost and takes its advances off; a payer's claim settles
 * the payer's account by point; the rest is the street's bank. A credit that a claim carries counts by the lines of the
 * claim that it was.
 */
const DIFFERENCES = `WITH RECURSIVE chain (claim_id, part_id) AS (
    SELECT p.claim_id, p.claim_id FROM month_claim_payment p WHERE p.transfer_id IS NOT NULL AND ${STANDING}
    UNION SELECT chain.claim_id, k.source_id FROM chain JOIN month_claim_line k ON k.claim_id = chain.part_id AND k.line = 'carried')
  SELECT x.claimId, x.account, SUM(x.fen) AS rest FROM (
    SELECT p.claim_id AS claimId, CONCAT(a.kind, '/', a.owner_code) AS account, e.amount_fen AS fen
    FROM month_claim_payment p JOIN entry e ON e.transfer_id = p.transfer_id JOIN account a ON a.id = e.account_id WHERE ${STANDING}
    UNION ALL
    SELECT h.claim_id,
           CASE WHEN c.party_kind = 'payer' THEN CONCAT('payer/', c.party_code, ':', l.point_id) WHEN l.line = 'advance' THEN CONCAT('advance/', c.party_code)
             WHEN l.line = 'delivery' THEN CONCAT('service/', c.party_code, ':', l.point_id) ELSE CONCAT('operator/', c.party_code, ':', l.point_id) END,
           IF(c.party_kind = 'payer', -l.amount_fen, l.amount_fen)
    FROM chain h JOIN month_claim c ON c.id = h.claim_id JOIN month_claim_line l ON l.claim_id = h.part_id
    WHERE IF(c.party_kind = 'payer', l.line IN ('relief', 'operator-payment') AND l.party_code = c.party_code,
      l.line IN ('operator-payment', 'delivery', 'advance') OR (l.line = 'relief' AND l.party_code <> 'operator'))
    UNION ALL
    SELECT p.claim_id, CONCAT('bank/', c.street_id), IF(c.party_kind = 'payer', 1, -1) * c.payable_fen
    FROM month_claim_payment p JOIN month_claim c ON c.id = p.claim_id WHERE p.transfer_id IS NOT NULL AND ${STANDING}) x
  GROUP BY x.claimId, x.account HAVING SUM(x.fen) <> 0 LIMIT 100`;

/** I15: every payment of a claim or an advance was posted once and as its lines say, and no such transfer stands alone. */
export async function checkClaimPayments(tx: EntityManager): Promise<Finding> {
  const payments = new Finding('I15');
  const [counts] = await tx.query<{ posted: string | null; before: string | null; advances: string }[]>(
    `SELECT SUM(transfer_id IS NOT NULL) AS posted, SUM(transfer_id IS NULL) AS \`before\`,
            (SELECT COUNT(*) FROM advance_request WHERE transfer_id IS NOT NULL) AS advances FROM month_claim_payment`,
  );
  payments.counted('claim payments', Number(counts?.posted ?? 0));
  payments.counted('advances', Number(counts?.advances ?? 0));
  if (Number(counts?.before ?? 0) > 0) payments.counted('payments without a posting', Number(counts?.before));
  for (const { claimId, account, rest } of await tx.query<{ claimId: string; account: string; rest: string }[]>(DIFFERENCES)) {
    payments.violation(`the payment of claim ${claimId} differs by ${rest} fen on ${account}`);
  }
  const both = await tx.query<{ id: string }[]>(
    `SELECT p.claim_id AS id FROM month_claim_payment p JOIN month_claim_line k ON k.source_id = p.claim_id AND k.line = 'carried'
     JOIN month_claim n ON n.id = k.claim_id AND n.status = 'frozen' WHERE ${STANDING} LIMIT 100`,
  );
  for (const { id } of both) payments.violation(`the credit of claim ${id} was received back and carried into a later claim`);
  const alone = await tx.query<{ id: string; kind: string }[]>(
    `SELECT t.id, t.kind FROM transfer t LEFT JOIN month_claim_payment p ON p.transfer_id = t.id LEFT JOIN advance_request a ON a.transfer_id = t.id
     WHERE t.kind IN ('claim-payment', 'payer-payment', 'advance-payment') AND IF(t.kind = 'advance-payment', a.id, p.claim_id) IS NULL LIMIT 100`,
  );
  for (const { id, kind } of alone) payments.violation(`transfer ${id} (${kind}) pays nothing that was claimed`);
  const uneven = await tx.query<{ id: string }[]>(
    `SELECT r.id FROM advance_request r LEFT JOIN account a ON a.kind = 'advance' AND a.owner_code = r.operator_id
     LEFT JOIN entry e ON e.transfer_id = r.transfer_id AND e.account_id = a.id
     WHERE r.transfer_id IS NOT NULL AND (e.id IS NULL OR e.amount_fen <> -r.amount_fen) LIMIT 100`,
  );
  for (const { id } of uneven) payments.violation(`advance ${id} moved another amount than was approved`);
  const twice = await tx.query<{ id: string }[]>(
    `SELECT r.id FROM advance_request r LEFT JOIN month_claim_line l ON l.source_id = r.id AND l.line = 'advance' LEFT JOIN month_claim c ON c.id = l.claim_id AND c.status = 'frozen'
     WHERE r.transfer_id IS NOT NULL GROUP BY r.id, r.state, r.amount_fen
     HAVING COUNT(c.id) <> IF(r.state = 'deducted', 1, 0) OR (r.state = 'deducted' AND SUM(IF(c.id IS NULL, 0, l.amount_fen)) <> -r.amount_fen) LIMIT 100`,
  );
  for (const { id } of twice) payments.violation(`advance ${id} is not taken off exactly once`);
  return payments;
}
