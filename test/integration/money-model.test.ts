import { Ledger } from '../../src/modules/ledger/index.js';
import { runMoneyModel } from '../fixtures/money-model/run-model.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

describe('any sequence of top-up, payment, repeat, refund, seal and policy change', () => {
  let test: TestApp;
  beforeEach(async () => { test = await startApp(); });
  afterEach(() => test.close());

  it('keeps wallets, claims, report and ledger where the model has them', async () => {
    await runMoneyModel(test, { seed: 20_261_124, runs: 8, steps: 80 });
  });

  it('is seen to break when the ledger forgets one fen of a top-up', async () => {
    const ledger = test.app.get(Ledger, { strict: false });
    const post = ledger.post.bind(ledger);
    ledger.post = (tx, draft) => post(tx, draft.kind !== 'top-up' ? draft : {
      ...draft, postings: draft.postings.map((posting, index) => ({ ...posting, amountFen: posting.amountFen + (index === 0 ? -1 : 1) }) as typeof posting),
    });
    await expect(runMoneyModel(test, { seed: 20_261_124, runs: 8, steps: 80 })).rejects.toThrow(/Property failed/);
  });
});
