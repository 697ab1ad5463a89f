import { newId } from '../../src/infra/ids.js';
import { Outbox } from '../../src/infra/queue/outbox.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { MealHistory } from '../fixtures/meal-history.js';
import { startApp } from '../fixtures/start-app.js';
import { eventually, startWorker } from '../fixtures/start-worker.js';

it('a replay that waits in the queue is carried out by the worker, with its progress and once', async () => {
  const test = await startApp();
  const history = new MealHistory(test);
  const street = await history.street();
  const senior = await history.senior(street, '1943-05-01');
  await history.topUp(street, senior, 50_000);
  for (const day of ['2026-10-05', '2026-10-06']) await history.meal({ street, point: 0, senior, day });
  const policyRunId = newId();
  await test.app.get(UnitOfWork).run(async (tx) => {
    await tx.query(
      `INSERT INTO policy_run (id, street_id, kind, month, state, meals_total, requested_by, requested_at) VALUES (?, ?, 'replay', '2026-10', 'queued', 2, ?, ?)`,
      [policyRunId, street.streetId, newId(), test.clock.now()],
    );
    await test.app.get(Outbox).add(tx, { type: 'policy-run.requested', payload: { policyRunId } });
  });
  const worker = await startWorker(test.config, test.clock);
  try {
    const run = async () => (await test.dataSource.query<{ state: string; done: number; agreed: number }[]>(
      "SELECT state, meals_done AS done, JSON_VALUE(summary, '$.agreed') AS agreed FROM policy_run WHERE id = ?", [policyRunId]))[0];
    await eventually(async () => (await run())?.state === 'done');
    expect(await run()).toMatchObject({ state: 'done', done: 2 });
    expect(Number((await run())?.agreed)).toBe(2);
    const [inbox] = await test.dataSource.query<{ n: number }[]>("SELECT COUNT(*) AS n FROM inbox_message WHERE consumer = 'policy-runs'");
    expect(Number(inbox?.n)).toBe(1);
  } finally {
    await worker.close();
    await test.close();
  }
});
