import type { EntityManager } from 'typeorm';
import { Finding } from './finding.js';

const BATCH = 2_000;

interface TransferRow {
  id: string;
  position: number;
  kind: string;
  sum: string | number | null;
  entries: number;
  recorded: number;
  delivered: number;
  listed: number;
  takenBack: number;
  repaid: number;
  demo: number;
  mealId: string | null;
  reversedMealId: string | null;
  reversesId: string | null;
  mealTransferId: string | null;
}

/** I1 (zero sums) and I6 (no invented money), page by page in the order of positions. */
export async function checkTransfers(tx: EntityManager): Promise<{ zeroSums: Finding; invented: Finding }> {
  const zeroSums = new Finding('I1');
  const invented = new Finding('I6');
  let ledgerSum = 0n;
  for (let after = -1; ;) {
    const rows = await page(tx, after);
    zeroSums.counted('transfers', rows.length);
    for (const row of rows) {
      zeroSums.counted('entries', Number(row.entries));
      const sum = BigInt(row.sum ?? 0);
      ledgerSum += sum;
      if (sum !== 0n) zeroSums.violation(`transfer ${row.id} sums to ${sum} fen`);
      checkOrigin(row, invented);
    }
    await checkReversals(tx, rows, invented);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) break;
    after = Number(last.position);
  }
  if (ledgerSum !== 0n && zeroSums.violations === 0) zeroSums.violation(`the ledger sums to ${ledgerSum} fen`);
  return { zeroSums, invented };
}

function page(tx: EntityManager, after: number): Promise<TransferRow[]> {
  return tx.query(
    `SELECT t.id, t.position, t.kind, t.reverses_id AS reversesId,
            (SELECT SUM(e.amount_fen) FROM entry e WHERE e.transfer_id = t.id) AS sum,
            (SELECT COUNT(*) FROM entry e WHERE e.transfer_id = t.id) AS entries,
            i.idempotency_key IS NOT NULL AS recorded, s.id IS NOT NULL AS delivered,
            pl.id IS NOT NULL OR ll.id IS NOT NULL AS listed, tb.route_stop_id IS NOT NULL AS takenBack,
            t.kind IN ('meal-repayment', 'debt-return', 'offline-reversal') AND EXISTS (
              SELECT 1 FROM meal_reversal own JOIN transfer back ON back.id = own.transfer_id WHERE own.meal_id = SUBSTRING(t.idempotency_key, LOCATE('-', t.idempotency_key) + 1)
                AND t.idempotency_key LIKE CASE t.kind WHEN 'debt-return' THEN 'debt-%' WHEN 'meal-repayment' THEN 'own-%' ELSE 'diff-%' END AND back.idempotency_scope = t.idempotency_scope) AS repaid,
            t.actor_kind = 'system' AND t.idempotency_scope LIKE 'demo%' AND EXISTS (
              SELECT 1 FROM point p JOIN community c ON c.id = p.community_id JOIN street d ON d.id = c.street_id
              WHERE p.id = t.point_id AND d.is_demo = 1) AS demo,
            m.id AS mealId, r.meal_id AS reversedMealId, rm.transfer_id AS mealTransferId
     FROM (SELECT * FROM transfer WHERE position > ? ORDER BY position LIMIT ?) t
     LEFT JOIN idempotency_record i ON i.scope = t.idempotency_scope AND i.idempotency_key = t.idempotency_key
     LEFT JOIN meal m ON m.transfer_id = t.id
     LEFT JOIN held_delivery hd ON hd.meal_id = m.id AND hd.route_stop_id = m.route_stop_id
     LEFT JOIN held_delivery tb ON tb.reversal_id = t.id AND t.idempotency_key = CONCAT('held-', tb.route_stop_id) AND t.actor_id = tb.held_for
     LEFT JOIN route_stop s ON s.id = m.route_stop_id AND (s.meal_id = m.id OR hd.meal_id = m.id) AND s.result = 'delivered'
       AND t.idempotency_key = CONCAT('stop-', s.id)
       AND (t.actor_id = s.result_by OR EXISTS (
         SELECT 1 FROM unposted_stop u WHERE u.route_stop_id = s.id AND u.state = 'posted' AND u.meal_id = m.id AND u.settled_by = t.actor_id))
     LEFT JOIN paper_line pl ON pl.meal_id = m.id AND t.idempotency_key LIKE 'paper-%' AND t.actor_id = pl.entered_by
     LEFT JOIN late_line ll ON ll.meal_id = m.id AND t.idempotency_key = CONCAT('late-', ll.id) AND t.actor_id = ll.recorded_by
     LEFT JOIN meal_reversal r ON r.transfer_id = t.id
     LEFT JOIN meal rm ON rm.id = r.meal_id
     ORDER BY t.position`,
    [after, BATCH],
  );
}

/**
 * Every transfer answers a request that somebody sent, the stop at which a crew handed the meal over, a ticked line of a
 * paper list, a late line, or the reversal that gives the own part of its meal back, and says for what: a meal, its reversal, a top-up.
 */
function checkOrigin(row: TransferRow, invented: Finding): void {
  if (Number(row.recorded) === 1) invented.counted('transfers with their request', 1);
  else if (Number(row.delivered) === 1) invented.counted('deliveries with their stop', 1);
  else if (Number(row.takenBack) === 1) invented.counted('held deliveries with their stop', 1);
  else if (Number(row.listed) === 1) invented.counted('paper and late lines', 1);
  else if (Number(row.repaid) === 1) invented.counted('own parts of meals that were taken back', 1);
  else if (Number(row.demo) === 1) invented.counted('transfers of the demo history', 1);
  else invented.violation(`transfer ${row.id} has neither request nor stop nor line`);
  if (row.kind === 'meal-sale' && row.mealId === null) invented.violation(`sale ${row.id} has no meal`);
  if (row.kind === 'meal-reversal' && (row.reversedMealId === null || row.reversesId !== row.mealTransferId)) {
    invented.violation(`reversal ${row.id} takes back no meal`);
  }
}

/** A reversal is the exact opposite of what it takes back. */
async function checkReversals(tx: EntityManager, rows: readonly TransferRow[], invented: Finding): Promise<void> {
  const ids = rows.filter((row) => row.reversesId !== null).map((row) => row.id);
  if (ids.length === 0) return;
  invented.counted('reversals', ids.length);
  const uneven = await tx.query<{ id: string }[]>(
    `SELECT DISTINCT pair.id FROM (
       SELECT t.id, e.account_id, SUM(e.amount_fen) AS rest
       FROM transfer t JOIN entry e ON e.transfer_id IN (t.id, t.reverses_id) WHERE t.id IN (?)
       GROUP BY t.id, e.account_id HAVING rest <> 0) pair`,
    [ids],
  );
  for (const { id } of uneven) invented.violation(`reversal ${id} is not the opposite of its sale`);
}
