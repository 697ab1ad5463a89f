import { newId } from '../../src/infra/ids.js';
import { compareBooks, verifyLedger } from '../fixtures/money-model/compare.js';
import { runMoneyModel, type PlayedSequence } from '../fixtures/money-model/run-model.js';
import type { Real } from '../fixtures/money-model/street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

jest.setTimeout(180_000);

const MUST_HAPPEN = [
  'top-up', 'meal by wallet', 'meal by cash', 'meal by donation', 'meal by debt', 'refund', 'debt payment', 'write-off', 'write-off-undo', 'release', 'claw-back', 'drawer closed', 'day closed',
  'late line booked', 'advance', 'month claimed', 'claim paid',
];

/** Copies the newest write-off of the street as if two people had decided it again. */
async function writeOffTwice({ test, street }: Real): Promise<void> {
  const id = newId();
  await test.dataSource.query(
    `INSERT INTO transfer (id, kind, business_day, point_id, idempotency_scope, idempotency_key, actor_kind, actor_id, memo, content_hash, created_at)
     SELECT ?, kind, business_day, point_id, idempotency_scope, ?, actor_kind, actor_id, memo, content_hash, created_at FROM transfer WHERE kind = 'debt-write-off' AND point_id = ?
     ORDER BY position DESC LIMIT 1`, [id, newId(), street.pointId]);
  await test.dataSource.query(
    `INSERT INTO entry (transfer_id, account_id, amount_fen) SELECT c.id, e.account_id, e.amount_fen FROM transfer c JOIN transfer t ON t.memo = c.memo AND t.id <> c.id
     JOIN entry e ON e.transfer_id = t.id WHERE c.id = ?`, [id]);
}

/** Changes the balance of the fullest wallet beside the ledger. */
async function addToWallet({ test, street }: Real, fen: number): Promise<void> {
  await test.dataSource.query("UPDATE account SET balance_fen = balance_fen + ? WHERE kind = 'wallet' AND owner_code IN (?) ORDER BY balance_fen DESC LIMIT 1",
    [fen, street.seniors.map(({ seniorId }) => seniorId)]);
}

describe('any sequence of what moves money at a point and in its offices', () => {
  let test: TestApp;
  let played: PlayedSequence[] = [];
  beforeAll(async () => { test = await startApp(); });
  afterAll(() => test.close());

  it('keeps purses, debts, drawer, claims, report and ledger where the model has them', async () => {
    played = await runMoneyModel(test, { seed: 25, runs: 3, steps: 330, mustHappen: MUST_HAPPEN });
  });

  it('is seen to break by a changed wallet, and by a write-off that was posted twice (control)', async () => {
    const sequence = played.find(({ model }) => model.done.has('write-off'));
    if (sequence === undefined) throw new Error('nothing was written off');
    const { model, real } = sequence;
    await addToWallet(real, 1);
    await expect(compareBooks(model, real)).rejects.toThrow(/balanceFen/);
    await expect(verifyLedger(real)).rejects.toThrow(/its entries say/);
    await addToWallet(real, -1);
    await compareBooks(model, real);
    await verifyLedger(real);
    await writeOffTwice(real);
    await expect(compareBooks(model, real)).rejects.toThrow(/debtFen/);
    await expect(verifyLedger(real)).rejects.toThrow(/neither request nor stop nor line/);
  });
});
