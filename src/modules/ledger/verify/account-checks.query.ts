import type { EntityManager } from 'typeorm';
import { Finding } from './finding.js';

const BATCH = 1_000;

interface AccountRow {
  id: string;
  kind: string;
  guarded: number;
  balance: string | number;
  floor: string | number;
  derived: string | number;
}

/** I2 (cached balances) and I3 (floors), page by page in the order of account ids. */
export async function checkAccounts(tx: EntityManager): Promise<{ balances: Finding; floors: Finding }> {
  const balances = new Finding('I2');
  const floors = new Finding('I3');
  for (let after = ''; ;) {
    const rows = await tx.query<AccountRow[]>(
      `SELECT a.id, a.kind, a.guarded, a.balance_fen AS balance, a.floor_fen AS floor,
              COALESCE((SELECT SUM(e.amount_fen) FROM entry e WHERE e.account_id = a.id), 0) AS derived
       FROM account a WHERE a.id > ? ORDER BY a.id LIMIT ?`,
      [after, BATCH],
    );
    balances.counted('accounts', rows.length);
    for (const row of rows) checkAccount(row, balances, floors);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return { balances, floors };
    after = last.id;
  }
}

/** Accounts without a guard keep no balance: theirs is the sum of entries, wherever it is asked for. */
function checkAccount(row: AccountRow, balances: Finding, floors: Finding): void {
  const guarded = Number(row.guarded) === 1;
  const derived = BigInt(row.derived);
  const expected = guarded ? derived : 0n;
  if (BigInt(row.balance) !== expected) {
    balances.violation(`account ${row.id} (${row.kind}) says ${row.balance} fen, its entries say ${expected}`);
  }
  if (row.kind === 'debt' && derived > 0n) floors.violation(`debt ${row.id} was overpaid by ${derived} fen`);
  if (!guarded) return;
  floors.counted('guarded accounts', 1);
  if (derived < BigInt(row.floor)) floors.violation(`account ${row.id} (${row.kind}) holds ${derived} fen, its floor is ${row.floor}`);
}
