import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { MIGRATIONS } from '../fixtures/fresh-database.js';
import { testConfig } from '../fixtures/start-app.js';

describe('migrations', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = new DataSource({ ...dataSourceOptions(await testConfig()), migrations: MIGRATIONS });
    await dataSource.initialize();
  });
  afterAll(() => dataSource.destroy());

  const tables = async (): Promise<string[]> => (await dataSource.query<{ name: string }[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> 'migrations' ORDER BY 1")).map((row) => row.name);

  it('lead all the way down and up again to the same schema', async () => {
    const before = await tables();
    expect(before.length).toBeGreaterThan(40);
    for (let step = 0; step < MIGRATIONS.length; step += 1) await dataSource.undoLastMigration({ transaction: 'each' });
    expect(await tables()).toEqual([]);
    await dataSource.runMigrations({ transaction: 'each' });
    expect(await tables()).toEqual(before);
  });

  it('refuse to change or remove what was posted', async () => {
    const triggers = await dataSource.query<{ t: string; e: string }[]>(
      'SELECT event_object_table AS t, event_manipulation AS e FROM information_schema.triggers WHERE trigger_schema = DATABASE()');
    for (const table of ['transfer', 'entry', 'meal', 'meal_payer', 'meal_reversal', 'journal_seal', 'audit_line']) {
      expect(triggers.filter((trigger) => trigger.t === table).map((trigger) => trigger.e).sort()).toEqual(['DELETE', 'UPDATE']);
    }
  });
});
