import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { UnitOfWork } from '../../src/infra/database/unit-of-work.js';
import { demoStreetPolicy, PolicyBook } from '../../src/modules/subsidy/index.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

const day = (text: string) => text as BusinessDay;
let test: TestApp;
let book: PolicyBook;
let units: UnitOfWork;
let streetId: string;

beforeAll(async () => {
  test = await startApp();
  book = test.app.get(PolicyBook);
  units = test.app.get(UnitOfWork);
});
afterAll(() => test.close());
beforeEach(async () => {
  streetId = newId();
  await test.dataSource.query("INSERT INTO street (id, name, jurisdiction_code) VALUES (?, '试验街道', '339900001')", [streetId]);
});

const store = (from: string, to: string | null, authored = demoStreetPolicy()) =>
  units.run((tx) => book.store(tx, streetId, authored, { effectiveFrom: day(from), effectiveTo: to === null ? null : day(to) }, true));
const versionOn = async (on: string) => (await book.forDay(units.reader, streetId, day(on)))?.versionId ?? null;

describe('the policy book', () => {
  it('gives the version of the day, from its first day until the day before the next', async () => {
    const first = await store('2026-01-01', '2026-07-01');
    const second = await store('2026-07-01', null);
    expect(await Promise.all(['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01', '2027-01-01'].map(versionOn)))
      .toEqual([null, first, first, second, second]);
    expect((await book.version(units.reader, first))?.rules).toEqual(demoStreetPolicy().rules);
  });

  it.each([['2026-06-30', null], ['2025-01-01', '2026-01-02'], ['2026-02-01', '2026-03-01']])(
    'refuses a second version on a day that has one (%s to %s)', async (from, to) => {
      await store('2026-01-01', '2026-07-01');
      await expect(store(from, to)).rejects.toMatchObject({ code: 'POLICY.VERSIONS_OVERLAP' });
    });

  it('lets one of two authors win who store the same days at once', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => store('2026-01-01', null)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await versionOn('2026-05-01')).not.toBeNull();
  });

  it.each([['POLICY.TIERS_OVERLAP', 91], ['POLICY.TIERS_GAP', 89]])('refuses to store and to read tiers with %s', async (code, toAge) => {
    const broken = demoStreetPolicy();
    broken.rules.ageTiers[1].toAge = toAge;
    await expect(store('2026-01-01', null, broken)).rejects.toMatchObject({ code });
    const id = await store('2026-01-01', null);
    await test.dataSource.query('UPDATE policy_version SET policy = ? WHERE id = ?', [JSON.stringify(broken.rules), id]);
    await expect(versionOn('2026-05-01')).rejects.toMatchObject({ code });
  });

  it('refuses stored rules that are no rules', async () => {
    const id = await store('2026-01-01', null);
    await test.dataSource.query(`UPDATE policy_version SET policy = '{"discount": 0.7}' WHERE id = ?`, [id]);
    await expect(versionOn(addDays(day('2026-01-01'), 3))).rejects.toMatchObject({ code: 'POLICY.INVALID' });
  });
});
