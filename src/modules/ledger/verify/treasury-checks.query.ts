import type { EntityManager } from 'typeorm';
import { Finding } from './finding.js';

/** What each recorded receipt must have moved by its lines, less what it moved. */
const RECEIPTS = `SELECT x.id, x.account, SUM(x.fen) AS rest FROM (
    SELECT r.id, CONCAT(a.kind, '/', a.owner_code) AS account, e.amount_fen AS fen
    FROM transit_receipt r JOIN entry e ON e.transfer_id = r.transfer_id JOIN account a ON a.id = e.account_id
    UNION ALL
    SELECT r.id, CONCAT(l.account_kind, '/', l.owner_code), -l.amount_fen FROM transit_receipt r JOIN transit_receipt_line l ON l.receipt_id = r.id WHERE r.transfer_id IS NOT NULL
    UNION ALL
    SELECT r.id, CONCAT('bank/', r.street_id), r.received_fen FROM transit_receipt r WHERE r.transfer_id IS NOT NULL
    UNION ALL
    SELECT r.id, CONCAT('channel-fee/', r.street_id), r.fee_fen FROM transit_receipt r WHERE r.transfer_id IS NOT NULL
    UNION ALL
    SELECT r.id, CONCAT('receipt-diff/', r.street_id), r.expected_fen - r.received_fen - r.fee_fen FROM transit_receipt r WHERE r.transfer_id IS NOT NULL) x
  GROUP BY x.id, x.account HAVING SUM(x.fen) <> 0 LIMIT 100`;

/** What each payment of own parts must have moved by its lines, less what it moved. */
const OWN_PARTS = `SELECT x.id, x.account, SUM(x.fen) AS rest FROM (
    SELECT s.id, CONCAT(a.kind, '/', a.owner_code) AS account, e.amount_fen AS fen
    FROM own_part_settlement s JOIN entry e ON e.transfer_id = s.transfer_id JOIN account a ON a.id = e.account_id
    UNION ALL
    SELECT s.id, CONCAT('operator/', s.operator_id, ':', l.point_id), l.amount_fen FROM own_part_settlement s JOIN own_part_line l ON l.settlement_id = s.id WHERE s.transfer_id IS NOT NULL
    UNION ALL
    SELECT s.id, CONCAT('bank/', IF(l.tender = 'donation', 'gifts:', ''), s.street_id), -l.amount_fen FROM own_part_settlement s JOIN own_part_line l ON l.settlement_id = s.id
    WHERE s.transfer_id IS NOT NULL) x
  GROUP BY x.id, x.account HAVING SUM(x.fen) <> 0 LIMIT 100`;

/** I16: what arrived at the bank and what operators got of diners' own parts moved as their lines say, no such transfer stands alone, and what was taken back was asked and confirmed. */
export async function checkTreasury(tx: EntityManager): Promise<Finding> {
  const finding = new Finding('I16');
  const [counts] = await tx.query<{ receipts: string; settlements: string }[]>(
    'SELECT (SELECT COUNT(*) FROM transit_receipt WHERE transfer_id IS NOT NULL) AS receipts, (SELECT COUNT(*) FROM own_part_settlement WHERE transfer_id IS NOT NULL) AS settlements');
  finding.counted('receipts', Number(counts?.receipts ?? 0));
  finding.counted('own-part payments', Number(counts?.settlements ?? 0));
  for (const [what, sql] of [['receipt', RECEIPTS], ['own-part payment', OWN_PARTS]] as const) {
    for (const { id, account, rest } of await tx.query<{ id: string; account: string; rest: string }[]>(sql)) finding.violation(`${what} ${id} differs by ${rest} fen on ${account}`);
  }
  const alone = await tx.query<{ id: string; kind: string }[]>(
    `SELECT t.id, t.kind FROM transfer t LEFT JOIN transit_receipt r ON r.transfer_id = t.id LEFT JOIN own_part_settlement s ON s.transfer_id = t.id
     WHERE t.kind IN ('transit-receipt', 'own-part-payment') AND r.id IS NULL AND s.id IS NULL LIMIT 100`,
  );
  for (const { id, kind } of alone) finding.violation(`transfer ${id} (${kind}) belongs to nothing that was recorded`);
  const reversed = await tx.query<{ id: string; kind: string }[]>(
    `SELECT t.id, t.kind FROM transfer t LEFT JOIN payment_undo u ON u.reversal_id = t.id AND u.transfer_id = t.reverses_id AND u.state = 'done'
     WHERE t.kind IN ('receipt-reversal', 'own-part-reversal', 'claim-reversal', 'payer-reversal', 'advance-reversal') AND u.id IS NULL LIMIT 100`,
  );
  for (const { id, kind } of reversed) finding.violation(`transfer ${id} (${kind}) takes back what nobody asked and confirmed`);
  return finding;
}
