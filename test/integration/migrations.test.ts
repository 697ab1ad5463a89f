import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { migrations } from '../fixtures/fresh-database.js';
import { testConfig } from '../fixtures/start-app.js';

describe('migrations', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = new DataSource({ ...dataSourceOptions(await testConfig()), migrations: migrations() });
    await dataSource.initialize();
  });
  afterAll(() => dataSource.destroy());

  const tables = async (): Promise<string[]> => (await dataSource.query<{ name: string }[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> 'migrations' ORDER BY 1")).map((row) => row.name);

  /** How each table and trigger is made, without where its next number stands. */
  const schema = async (): Promise<string[]> => {
    const triggers = await dataSource.query<{ name: string }[]>('SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1');
    const made = [...(await tables()).map((name) => `TABLE \`${name}\``), ...triggers.map(({ name }) => `TRIGGER \`${name}\``)]
      .map(async (thing) => {
        const [row] = await dataSource.query<Record<string, string>[]>(`SHOW CREATE ${thing}`);
        return (row['Create Table'] ?? row['SQL Original Statement']).replace(/ AUTO_INCREMENT=\d+/, '');
      });
    return Promise.all(made);
  };

  it('lead all the way down and up again to the schema that the copies for tests have', async () => {
    const before = await schema();
    expect(before.length).toBeGreaterThan(40);
    for (let step = 0; step < migrations().length; step += 1) await dataSource.undoLastMigration({ transaction: 'each' });
    expect(await tables()).toEqual([]);
    await dataSource.runMigrations({ transaction: 'each' });
    expect(await schema()).toEqual(before);
  });

  it('refuse to change or remove what was posted', async () => {
    const triggers = await dataSource.query<{ t: string; e: string }[]>(
      'SELECT event_object_table AS t, event_manipulation AS e FROM information_schema.triggers WHERE trigger_schema = DATABASE()');
    for (const table of ['transfer', 'entry', 'meal', 'meal_payer', 'meal_reversal', 'journal_seal', 'audit_line']) {
      expect(triggers.filter((trigger) => trigger.t === table).map((trigger) => trigger.e).sort()).toEqual(['DELETE', 'UPDATE']);
    }
  });
});
