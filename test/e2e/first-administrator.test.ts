import request from 'supertest';
import { BootChecks } from '../../src/modules/access/boot-checks.js';
import { CreateFirstAdministrator } from '../../src/modules/access/index.js';
import { layDemoStreet } from '../fixtures/demo-street.js';
import { logIn } from '../fixtures/logged-in.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

const PASSWORD = 'steamed fish with ginger';

/** The tests of this file follow one installation from empty to its first administrator. */
let test: TestApp;
beforeAll(async () => { test = await startApp({ env: { DEMO: '0' } }); });
afterAll(() => test.close());

const issue = (): Promise<string | null> => test.app.get(CreateFirstAdministrator, { strict: false }).issueCode();
const create = (code: string, loginName = 'first') => request(test.app.getHttpServer()).post('/api/v1/first-administrator')
  .send({ code, loginName, displayName: '第一位', password: PASSWORD, streetName: '真实街道', jurisdictionCode: '330114' });
const staffCount = async (): Promise<number> => Number((await test.dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM staff'))[0]?.n);

async function refused(code: string): Promise<void> {
  const answer = await create(code);
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([422, 'ACCESS.FIRST_CODE_WRONG']);
  expect(await staffCount()).toBe(0);
}

describe('the way into an empty installation', () => {
  it('is closed to a wrong code, and where none was made', async () => {
    await refused('not-the-code-at-all-000000');
    expect(await issue()).not.toBeNull();
    await refused('not-the-code-at-all-000000');
  });

  it('is closed to a code of yesterday', async () => {
    const code = await issue() ?? '';
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 24 * 3_600_000));
    await refused(code);
    test.clock.moveTo(TEST_NOW);
  });

  it('knows one valid code at a time, of which only a hash is kept', async () => {
    const [older, newer] = [await issue() ?? '', await issue() ?? ''];
    await refused(older);
    const rows = await test.dataSource.query<{ code_hash: string }[]>('SELECT * FROM first_admin_code WHERE used_at IS NULL');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(newer);
  });

  it('refuses a password that is easy to guess and leaves the code valid', async () => {
    const code = await issue() ?? '';
    const answer = await create(code).send({ password: 'aaaaaaaaaaaa' });
    expect(answer.body).toMatchObject({ code: 'ACCESS.PASSWORD_TOO_EASY' });
    expect(await staffCount()).toBe(0);
  });

  it('lets exactly one in, when several enter the same code at the same instant', async () => {
    const code = await issue() ?? '';
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map((name) => create(code, `first.${name}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    expect(await test.dataSource.query('SELECT role, scope_kind FROM staff')).toEqual([{ role: 'administrator', scope_kind: 'street' }]);
    expect(await test.dataSource.query('SELECT name, is_demo FROM street')).toEqual([{ name: '真实街道', is_demo: 0 }]);
    const [winner] = await test.dataSource.query<{ login_name: string }[]>('SELECT login_name FROM staff');
    expect((await logIn(test, winner?.login_name ?? '', PASSWORD)).session.staff.role).toBe('administrator');
  });

  it('is closed for good afterwards: the used code, a second administrator, another code', async () => {
    expect(await issue()).toBeNull();
    const [{ code_hash: hash } = { code_hash: '' }] = await test.dataSource.query<{ code_hash: string }[]>('SELECT code_hash FROM first_admin_code WHERE used_at IS NOT NULL');
    expect(hash).toHaveLength(64);
    expect((await create('not-the-code-at-all-000000', 'second')).body).toMatchObject({ code: 'ACCESS.FIRST_CODE_WRONG' });
    expect(await staffCount()).toBe(1);
  });
});

it('refuses a used code even while nobody is on the staff', async () => {
  const other = await startApp({ env: { DEMO: '0' } });
  try {
    const code = await other.app.get(CreateFirstAdministrator, { strict: false }).issueCode() ?? '';
    await other.dataSource.query('UPDATE first_admin_code SET used_at = ?', [TEST_NOW]);
    const answer = await request(other.app.getHttpServer()).post('/api/v1/first-administrator')
      .send({ code, loginName: 'late', displayName: '第二位', password: PASSWORD, streetName: '真实街道', jurisdictionCode: '330114' });
    expect(answer.body).toMatchObject({ code: 'ACCESS.FIRST_CODE_WRONG' });
  } finally {
    await other.close();
  }
});

it('production refuses a database with a demo street by a code, and takes one without', async () => {
  const demo = await startApp();
  try {
    const inProduction = new BootChecks(demo.dataSource, Object.assign(Object.create(demo.config) as typeof demo.config, { mode: 'production' }));
    await expect(inProduction.onApplicationBootstrap()).resolves.toBeUndefined();
    await layDemoStreet(demo, { seniors: 8, pastDays: 0 });
    await expect(inProduction.onApplicationBootstrap()).rejects.toThrow(/^START\.DEMO_DATA: /);
  } finally {
    await demo.close();
  }
});
