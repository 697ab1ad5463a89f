import dataSource from '../data-source.js';

/** Brings the database to the newest migration; `--revert` takes the last one back. Prints one line a migration. */
async function migrate(): Promise<void> {
  await dataSource.initialize();
  try {
    if (process.argv.includes('--revert')) {
      await dataSource.undoLastMigration({ transaction: 'each' });
      console.log('reverted the last migration');
      return;
    }
    const done = await dataSource.runMigrations({ transaction: 'each' });
    for (const migration of done) console.log(`migrated ${migration.name}`);
    console.log(done.length === 0 ? 'the database is up to date' : `${done.length} migrations applied`);
  } finally {
    await dataSource.destroy();
  }
}

await migrate();
