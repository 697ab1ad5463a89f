/** A condition of SQL: goods that were issued to this pot are still in it. What was taken back from it again does not make it a pot that was begun. */
export function holdsGoodsSql(batch: string): string {
  return `EXISTS (SELECT v.lot_id FROM stock_movement v WHERE v.batch_id = ${batch}.id GROUP BY v.lot_id HAVING SUM(v.grams) < 0)`;
}
