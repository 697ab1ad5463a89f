import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { parseMonth } from '../domain/settlement/index.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { InfraModule } from '../infra/infra.module.js';
import { AuditModule } from '../modules/audit/index.js';
import { MealRollup, RollupCheck, SettlementModule } from '../modules/settlement/index.js';

/**
 * `rollup --rebuild` forgets the sums of meals and adds the whole journal again; `rollup --month=2026-11` counts a month
 * three times over (roll-up, meals, ledger) and lists every difference. Exit code 1 when there is one.
 */
async function rollup(): Promise<void> {
  const { values } = parseArgs({ options: { rebuild: { type: 'boolean', default: false }, month: { type: 'string' } } });
  @Module({ imports: [InfraModule.forRoot(configFromEnvironment()), AuditModule, SettlementModule] })
  class RollupToolModule {}
  const app = await NestFactory.createApplicationContext(RollupToolModule, { logger: ['error'] });
  try {
    if (values.rebuild) {
      const seals = await app.get(MealRollup).rebuild((through) => console.log(`added up through seal ${through}`));
      console.log(`${seals} seals added up`);
    }
    if (values.month !== undefined) {
      const verdict = await app.get(RollupCheck).everyPoint(parseMonth(values.month));
      for (const one of verdict.differences) console.log(`${one.day} ${one.pointId} ${one.what}: roll-up ${one.rollup}, meals ${one.events}, ledger ${one.ledger}`);
      console.log(JSON.stringify({ ok: verdict.differences.length === 0, figures: verdict.figures, differences: verdict.differences.length, waiting: verdict.waiting }));
      if (verdict.differences.length > 0) process.exitCode = 1;
    }
  } finally {
    await app.close();
  }
}

await rollup();
