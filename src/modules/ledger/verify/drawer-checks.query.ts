import type { EntityManager } from 'typeorm';
import { Finding } from './finding.js';

/** I14: a drawer that was counted expected its float and every movement of its shift, and each movement is what its transfer moved. */
export async function checkDrawers(tx: EntityManager): Promise<Finding> {
  const drawers = new Finding('I14');
  const [counts] = await tx.query<{ shifts: number; movements: number }[]>(
    'SELECT (SELECT COUNT(*) FROM cash_shift) AS shifts, (SELECT COUNT(*) FROM cash_shift_entry) AS movements',
  );
  drawers.counted('drawers', Number(counts?.shifts ?? 0));
  drawers.counted('cash movements', Number(counts?.movements ?? 0));
  const uneven = await tx.query<{ id: string }[]>(
    `SELECT s.id FROM cash_shift s LEFT JOIN cash_shift_entry e ON e.shift_id = s.id WHERE s.state <> 'open'
     GROUP BY s.id HAVING MAX(s.moved_fen) <> COALESCE(SUM(e.cash_fen), 0) OR MAX(s.expected_fen) <> MAX(s.opening_fen) + MAX(s.moved_fen)
       OR MAX(s.difference_fen) <> MAX(s.counted_fen) - MAX(s.expected_fen) LIMIT 100`,
  );
  for (const { id } of uneven) drawers.violation(`drawer ${id} expected another sum than its movements`);
  const foreign = await tx.query<{ id: string }[]>(
    `SELECT c.transfer_id AS id FROM cash_shift_entry c JOIN cash_shift s ON s.id = c.shift_id
     LEFT JOIN account a ON a.kind = 'cash' AND a.owner_code = s.point_id
     LEFT JOIN entry e ON e.transfer_id = c.transfer_id AND e.account_id = a.id
     WHERE e.id IS NULL OR e.amount_fen <> -c.cash_fen LIMIT 100`,
  );
  for (const { id } of foreign) drawers.violation(`transfer ${id} moved another cash than its drawer says`);
  return drawers;
}
