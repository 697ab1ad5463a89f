import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { SystemClock } from '../infra/clock/clock.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { dataSourceOptions } from '../infra/database/data-source-options.js';
import { LedgerVerifier, verificationLines } from '../modules/ledger/index.js';
import { PolicyBook } from '../modules/subsidy/index.js';

/**
 * Checks the ledger's invariants over the real tables: a line each with what was counted, the last line one JSON object
 * {ok, transfers, accounts, meals, violations}. Exit code 1 when an invariant is broken.
 */
async function verifyLedger(): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions(configFromEnvironment()));
  await dataSource.initialize();
  try {
    const verification = await new LedgerVerifier(dataSource, new PolicyBook(new SystemClock())).verify();
    for (const line of verificationLines(verification)) console.log(line);
    process.exitCode = verification.summary.ok ? 0 : 1;
  } finally {
    await dataSource.destroy();
  }
}

await verifyLedger();
