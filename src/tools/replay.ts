import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { SystemClock } from '../infra/clock/clock.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { dataSourceOptions } from '../infra/database/data-source-options.js';
import { UnitOfWork } from '../infra/database/unit-of-work.js';
import { PolicyBook, ReplayMonth } from '../modules/subsidy/index.js';

const WRONG_USE = 2;

/**
 * Prices every meal of a month again under the rules of its day: `npm run replay -- --month YYYY-MM`. A line for each
 * difference, the last line one JSON object {month, meals, agreed, differing, ms}. Writes nothing. Exit code 1 when a
 * meal differs.
 */
async function replay(): Promise<void> {
  const month = process.argv[process.argv.indexOf('--month') + 1] ?? '';
  if (!process.argv.includes('--month') || !/^20\d{2}-(0[1-9]|1[0-2])$/.test(month)) {
    console.error('Say which month: npm run replay -- --month 2026-11');
    process.exitCode = WRONG_USE;
    return;
  }
  const dataSource = new DataSource(dataSourceOptions(configFromEnvironment()));
  await dataSource.initialize();
  try {
    const replaying = new ReplayMonth(new UnitOfWork(dataSource), new PolicyBook(new SystemClock()));
    const streets = await dataSource.query<{ id: string; name: string }[]>('SELECT id, name FROM street ORDER BY id');
    const begun = performance.now();
    const total = { meals: 0, agreed: 0, differing: 0 };
    for (const street of streets) {
      const summary = await replaying.execute(street.id, month);
      for (const one of summary.differences) {
        console.log(`${one.day} ${one.pointName} meal ${one.mealId}: ${one.fields.join(', ')} (stored ${one.storedDueFen} fen, computed ${one.computedDueFen ?? 'nothing'})`);
      }
      if (summary.differing > summary.differences.length) console.log(`… and ${summary.differing - summary.differences.length} more`);
      console.log(`${street.name}: ${summary.meals} meals, ${summary.agreed} agree, ${summary.differing} differ`);
      total.meals += summary.meals;
      total.agreed += summary.agreed;
      total.differing += summary.differing;
    }
    console.log(JSON.stringify({ month, ...total, ms: Math.round(performance.now() - begun) }));
    process.exitCode = total.differing === 0 ? 0 : 1;
  } finally {
    await dataSource.destroy();
  }
}

await replay();
