import { verify } from '@node-rs/argon2';
import { identityHashes } from '../../src/infra/crypto/identity-hashes.js';
import { Keyring } from '../../src/infra/crypto/keyring.js';
import { lastFour } from '../../src/domain/persons/index.js';
import { defaultPastDays, DEMO_FACE_PEOPLE, DEMO_PASSWORD, inventDemoStreet, SeedDemoStreet, type SeedResult } from '../../src/modules/demo-street/index.js';
import { LedgerVerifier } from '../../src/modules/ledger/index.js';
import { SeniorDirectory } from '../../src/modules/seniors/index.js';
import { PolicyBook } from '../../src/modules/subsidy/index.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const TODAY = '2026-11-24';

describe('the demo street in the database', () => {
  let test: TestApp;
  let result: SeedResult;
  const one = async <T>(sql: string, parameters: unknown[] = []): Promise<T> => (await test.dataSource.query<T[]>(sql, parameters))[0];
  const count = async (sql: string): Promise<number> => Number((await one<{ n: number | string }>(`SELECT COUNT(*) AS n FROM ${sql}`)).n);

  beforeAll(async () => {
    test = await startApp();
    result = await layDemoStreet(test, { seniors: 300, pastDays: 21 });
  });
  afterAll(() => test.close());

  it('holds what was promised: places, people, staff of every role, menus behind and ahead', async () => {
    expect(await count('point')).toBe(14);
    expect(await count('senior WHERE is_demo = 1')).toBe(300);
    expect(await count('meal')).toBe(result.meals);
    expect(result.meals).toBeGreaterThan(500);
    expect(await count('(SELECT DISTINCT role FROM staff WHERE is_demo = 1) r')).toBe(12);
    expect(await count(`(SELECT DISTINCT business_day FROM set_meal WHERE business_day > '${TODAY}') d`)).toBe(14);
    expect(await count(`(SELECT DISTINCT business_day FROM set_meal WHERE business_day < '${TODAY}') d`)).toBe(21);
    expect(await count('crew')).toBe(18);
    expect(await count('face_template')).toBe(0);
    expect(await count('consent')).toBe(0);
    expect(await count('device')).toBe(0);
  });

  it('keeps every invariant of the ledger', async () => {
    const { summary } = await test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(summary).toMatchObject({ ok: true, violations: 0, transfers: result.transfers, meals: result.meals });
  });

  it('has no row without its parent, although parents were not checked on the way in', async () => {
    const links = await test.dataSource.query<{ t: string; c: string; rt: string; rc: string }[]>(
      `SELECT TABLE_NAME AS t, COLUMN_NAME AS c, REFERENCED_TABLE_NAME AS rt, REFERENCED_COLUMN_NAME AS rc FROM information_schema.KEY_COLUMN_USAGE
       WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL`,
    );
    expect(links.length).toBeGreaterThan(30);
    const orphans: string[] = [];
    for (const { t, c, rt, rc } of links) {
      const lost = await count(`${t} x LEFT JOIN ${rt} y ON y.${rc} = x.${c} WHERE x.${c} IS NOT NULL AND y.${rc} IS NULL`);
      if (lost > 0) orphans.push(`${t}.${c}: ${lost}`);
    }
    expect(orphans).toEqual([]);
  });

  it('closes every past day of every point: what arrived was eaten, taken along or thrown away', async () => {
    expect(await count(`portion_stock WHERE business_day < '${TODAY}' AND accepted <> served + collected + wasted`)).toBe(0);
    expect(await count(`portion_stock s WHERE s.served <> (SELECT COUNT(*) FROM meal m WHERE m.point_id = s.point_id AND m.set_meal_id = s.set_meal_id AND m.channel = 'eat-in')`)).toBe(0);
    expect(await count(`portion_stock s WHERE s.collected <> (SELECT COUNT(*) FROM meal m WHERE m.point_id = s.point_id AND m.set_meal_id = s.set_meal_id AND m.channel <> 'eat-in')`)).toBe(0);
    expect(await count(`portion_stock s WHERE s.wasted <> (SELECT COALESCE(SUM(w.portions), 0) FROM portion_waste w WHERE w.point_id = s.point_id AND w.set_meal_id = s.set_meal_id)`)).toBe(0);
    expect(await count(`portion_stock s WHERE s.accepted <> (SELECT COALESCE(SUM(i.accepted), 0) FROM portion_load_item i JOIN portion_load l ON l.id = i.load_id
      WHERE l.point_id = s.point_id AND i.set_meal_id = s.set_meal_id AND l.state = 'accepted')`)).toBe(0);
    expect(await count(`portion_stock s WHERE s.sent <> (SELECT COALESCE(SUM(i.sent), 0) FROM portion_load_item i JOIN portion_load l ON l.id = i.load_id
      WHERE l.point_id = s.point_id AND i.set_meal_id = s.set_meal_id)`)).toBe(0);
    expect(await count(`(SELECT DISTINCT m.point_id, m.set_meal_id FROM meal m LEFT JOIN portion_stock s ON s.point_id = m.point_id AND s.set_meal_id = m.set_meal_id WHERE s.point_id IS NULL) x`)).toBe(0);
  });

  it('can sell at once: every set meal of today is accepted at every point', async () => {
    expect(await count(`portion_stock WHERE business_day = '${TODAY}' AND accepted > 0`)).toBe(42);
  });

  it('ends every past delivery at a door, with the meal where it was handed over', async () => {
    expect(await count("route_stop WHERE result = 'open'")).toBe(0);
    expect(await count("route_stop")).toBe(await count("meal_order WHERE fulfilment = 'delivery'"));
    expect(await count("route_stop s LEFT JOIN meal m ON m.id = s.meal_id AND m.route_stop_id = s.id AND m.senior_id = s.senior_id WHERE s.result = 'delivered' AND m.id IS NULL")).toBe(0);
    expect(await count("meal WHERE channel = 'delivery' AND route_stop_id IS NULL")).toBe(0);
    expect(await count("route_stop s JOIN meal_order o ON o.id = s.meal_order_id WHERE o.status <> s.result")).toBe(0);
    expect(await count("meal WHERE channel = 'delivery' AND age_tier = '90+' AND due_fen <> 0")).toBe(0);
  });

  it('seals people exactly as the register does: looked up by hash, opened with the key', async () => {
    const keyring = test.app.get(Keyring);
    const { people, street } = inventDemoStreet('test', 300, test.clock.today());
    for (const senior of people.slice(0, 20)) {
      const row = await one<Record<string, string>>('SELECT * FROM senior WHERE id_number_hash = ?', [identityHashes.idNumber(keyring, senior.idNumber)]);
      expect(row['id']).toBe(senior.id);
      expect(keyring.open('identity', row['id_number_cipher'] ?? '')).toBe(senior.idNumber);
      expect(keyring.open('identity', row['phone_cipher'] ?? '')).toBe(senior.phone);
      expect(keyring.open('identity', row['address_cipher'] ?? '')).toBe(senior.address);
      expect(row['phone_last4_hash']).toBe(identityHashes.last4(keyring, street.points[senior.pointIndex]?.id ?? '', lastFour(senior.phone)));
    }
    const face = DEMO_FACE_PEOPLE[0];
    const found = await test.app.get(SeniorDirectory, { strict: false }).byLast4((street.points[0]?.id ?? '') as never, lastFour(face?.phone ?? ''));
    expect(found.map(({ name }) => name)).toContain(face?.name);
  });

  it('gives the people of the demo camera money to pay with', async () => {
    for (const { name, phone } of DEMO_FACE_PEOPLE) {
      const row = await one<{ balance: number | string }>(
        "SELECT a.balance_fen AS balance FROM account a JOIN senior s ON s.id = a.owner_code WHERE a.kind = 'wallet' AND s.name = ? AND s.phone_hash = ?",
        [name, identityHashes.phone(test.app.get(Keyring), phone)],
      );
      expect(Number(row.balance)).toBeGreaterThanOrEqual(1_500);
    }
  });

  it('lets in with the stated password only, hashed by argon2id', async () => {
    const { password_hash: hash } = await one<{ password_hash: string }>("SELECT password_hash FROM staff WHERE login_name = 'kitchen'");
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await verify(hash, DEMO_PASSWORD)).toBe(true);
    expect(await verify(hash, 'wrong')).toBe(false);
  });

  it('is laid once', async () => {
    await expect(layDemoStreet(test, { seniors: 10, pastDays: 0 })).rejects.toThrow('empty database');
  });
});

describe('laying the demo street twice', () => {
  it('gives the same ledger to the last hash for the same seed, and another for another', async () => {
    const lastHash = async (seed: string): Promise<string> => {
      const test = await startApp();
      try {
        await layDemoStreet(test, { seniors: 60, pastDays: 8, seed });
        const [row] = await test.dataSource.query<{ hash: string }[]>('SELECT hash FROM journal_seal ORDER BY seq DESC LIMIT 1');
        return row?.hash ?? '';
      } finally {
        await test.close();
      }
    };
    const first = await lastHash('twice');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await lastHash('twice')).toBe(first);
    expect(await lastHash('other')).not.toBe(first);
  });

  it('leaves nothing behind when it fails half-way', async () => {
    const test = await startApp();
    try {
      await test.dataSource.query(
        "INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, created_at) VALUES (UUID(), 'kitchen', 'x', 'x', 'kitchen', 'kitchen', 'x', NOW())",
      );
      await expect(layDemoStreet(test, { seniors: 40, pastDays: 3 })).rejects.toThrow('staff:');
      for (const table of ['street', 'senior', 'meal', 'transfer', 'journal_seal']) {
        const [row] = await test.dataSource.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${table}`);
        expect(Number(row?.n)).toBe(0);
      }
      await test.dataSource.query("DELETE FROM staff WHERE login_name = 'kitchen'");
      expect((await layDemoStreet(test, { seniors: 40, pastDays: 3 })).seniors).toBe(40);
    } finally {
      await test.close();
    }
  });
});

describe('a demo street that is laid in many transactions', () => {
  let test: TestApp;
  beforeAll(async () => { test = await startApp(); });
  afterAll(() => test.close());

  const seeder = (): SeedDemoStreet => new SeedDemoStreet(test.dataSource, test.app.get(Keyring), test.app.get(PolicyBook, { strict: false }), test.clock);
  const rowsOf = async (table: string): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);

  it('is known as unfinished when it was interrupted, refuses to be used, and can be discarded', async () => {
    const interrupted = seeder().execute({
      seed: 'parts', seniors: 60, pastDays: 3, inParts: true,
      onStep: (line) => { if (line.includes('days of lunches')) throw new Error('pulled the plug'); },
    });
    await expect(interrupted).rejects.toThrow('pulled the plug');
    expect(await rowsOf('senior')).toBe(60); // what was committed before stays
    expect(await seeder().state()).toBe('unfinished');
    await expect(seeder().execute({ seed: 'parts', seniors: 60, pastDays: 3 })).rejects.toThrow('empty database');
    await seeder().discardUnfinished();
    expect([await seeder().state(), await rowsOf('senior'), await rowsOf('street')]).toEqual(['empty', 0, 0]);
    expect(await rowsOf('migrations')).toBeGreaterThan(3);
  });

  it('is the same street as one laid in one, complete, sealed, and never discarded', async () => {
    const steps: string[] = [];
    const result = await seeder().execute({ seed: 'parts', seniors: 60, pastDays: 3, inParts: true, onStep: (line) => steps.push(line) });
    expect(await seeder().state()).toBe('street');
    expect(steps.filter((line) => line.startsWith('100 %'))).toHaveLength(2);
    await expect(seeder().discardUnfinished()).rejects.toThrow('unfinished');
    const { summary } = await test.app.get(LedgerVerifier, { strict: false }).verify();
    expect(summary).toMatchObject({ ok: true, meals: result.meals, transfers: result.transfers });
    const other = await startApp();
    try {
      expect(await layDemoStreet(other, { seed: 'parts', seniors: 60, pastDays: 3 })).toEqual({ ...result, rows: expect.any(Number) as number });
    } finally {
      await other.close();
    }
  });

  it('has fewer days of meals the larger it is, unless asked', () => {
    expect([3_000, 10_000, 20_000, 100_000, 200_000].map(defaultPastDays)).toEqual([60, 60, 30, 7, 7]);
  });
});
