import request from 'supertest';
import { addStaff, logIn, logInAs, sessionCookieOf, TEST_PASSWORD } from '../fixtures/logged-in.js';
import { PasswordCheck } from '../../src/modules/access/password-check.js';
import type { SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let administrator: SignedIn;
const server = (): ReturnType<TestApp['app']['getHttpServer']> => test.app.getHttpServer();
/** One attempt to sign in, from an address as the trusted proxy names it. */
const attempt = (loginName: string, password: string, ip = '127.0.0.1'): request.Test =>
  request(server()).post('/api/v1/session').set('X-Forwarded-For', ip).send({ loginName, password });

beforeAll(async () => {
  test = await startApp({ env: { THROTTLE: '1', TRUST_PROXY: '1' } });
  street = await insertSmallStreet(test.dataSource);
  administrator = await logInAs(test, 'administrator', 'street', street.streetId);
});
afterAll(() => test.close());

const finance = (): ReturnType<typeof addStaff> => addStaff(test, 'finance', 'street', street.streetId);
const financeLoggedIn = (): ReturnType<typeof logInAs> => logInAs(test, 'finance', 'street', street.streetId);

describe('signing in', () => {
  it('hands out a host-bound cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await attempt((await finance()).loginName, TEST_PASSWORD).expect(200);
    const cookie = (answer.headers['set-cookie'] as unknown as string[])[0] ?? '';
    expect(cookie).toMatch(/^__Host-rehufan=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(answer.headers['cache-control']).toBe('private, no-store');
    expect(answer.body.staff).toMatchObject({ role: 'finance', scopeKind: 'street', scopeName: '演示街道' });
  });

  it('stores neither the token nor the password', async () => {
    const token = (await financeLoggedIn()).cookie.split('=')[1] ?? 'no token';
    const rows = await test.dataSource.query('SELECT token_hash FROM staff_session');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
    const [staff] = await test.dataSource.query('SELECT password_hash FROM staff LIMIT 1');
    expect(staff.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('gives a token of its own and ends a planted one (fixation)', async () => {
    const attacker = await logInAs(test, 'volunteer', 'point', street.pointIds[0]);
    const { loginName } = await finance();
    const answer = await request(server()).post('/api/v1/session').set('Cookie', attacker.cookie).send({ loginName, password: TEST_PASSWORD }).expect(200);
    expect(sessionCookieOf(answer)).not.toBe(attacker.cookie);
    await attacker.get('/session').expect(401);
    const chosen = `__Host-rehufan=${'A'.repeat(43)}`;
    const second = await request(server()).post('/api/v1/session').set('Cookie', chosen).send({ loginName, password: TEST_PASSWORD }).expect(200);
    expect(sessionCookieOf(second)).not.toBe(chosen);
    await request(server()).get('/api/v1/session').set('Cookie', chosen).expect(401);
  });

  it('refuses a sign-in that another site sends', async () => {
    const { loginName } = await finance();
    const answer = await attempt(loginName, TEST_PASSWORD).set('Sec-Fetch-Site', 'cross-site').expect(403);
    expect(answer.body.code).toBe('ACCESS.CSRF');
  });

  it('answers unknown name, wrong password and disabled account alike, each after one password check', async () => {
    const known = await finance();
    const disabled = await finance();
    await test.dataSource.query('UPDATE staff SET active = 0 WHERE id = ?', [disabled.staffId]);
    const check = test.app.get(PasswordCheck, { strict: false });
    const checked = jest.spyOn(check, 'matches');
    const answerTo = async (name: string, password: string): Promise<Record<string, unknown>> => (await attempt(name, password, '10.9.9.9').expect(401)).body as Record<string, unknown>;
    const answers = [await answerTo('nobody-here', 'x'.repeat(20)), await answerTo(known.loginName, 'x'.repeat(20)), await answerTo(disabled.loginName, TEST_PASSWORD)];
    expect(new Set(answers.map((body) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1);
    // Without a comparison the unknown name would be told by its quick answer.
    expect(checked.mock.calls.map(([, stored]) => stored === null)).toEqual([true, false, false]);
    checked.mockRestore();
    const [denied] = await test.dataSource.query("SELECT COUNT(*) AS n FROM audit_line WHERE action = 'session.opened' AND outcome = 'denied'");
    expect(Number(denied.n)).toBeGreaterThanOrEqual(3);
  });
});

describe('a session ends', () => {
  it('at sign-out, also for a copy of the cookie', async () => {
    const signedIn = await financeLoggedIn();
    await signedIn.get('/session').expect(200);
    const answer = await signedIn.delete('/session').expect(200);
    expect(answer.headers['set-cookie']?.[0]).toContain('Expires=Thu, 01 Jan 1970');
    expect((await signedIn.get('/session').expect(401)).body.code).toBe('ACCESS.NOT_SIGNED_IN');
  });

  it('at once when the person is disabled', async () => {
    const { staffId, loginName } = await addStaff(test, 'attendant', 'point', street.pointIds[0]);
    const signedIn = await logIn(test, loginName);
    await administrator.post(`/staff/${staffId}/disable`, { reason: '离职' }).expect(200);
    await signedIn.get('/session').expect(401);
    await attempt(loginName, TEST_PASSWORD).expect(401);
    await administrator.post(`/staff/${staffId}/enable`, { reason: '回来了' }).expect(200);
    await signedIn.get('/session').expect(401); // the old session stays ended
  });

  it('everywhere else when the password changes', async () => {
    const { loginName } = await addStaff(test, 'attendant', 'point', street.pointIds[0]);
    const [here, elsewhere] = [await logIn(test, loginName), await logIn(test, loginName)];
    const answer = await here.post('/session/password', { currentPassword: TEST_PASSWORD, newPassword: 'rice and greens at noon' }).expect(200);
    await elsewhere.get('/session').expect(401);
    await here.get('/session').expect(401);
    await request(server()).get('/api/v1/session').set('Cookie', sessionCookieOf(answer)).expect(200);
    await attempt(loginName, TEST_PASSWORD).expect(401);
    await attempt(loginName, 'rice and greens at noon').expect(200);
  });

  it('at once when role or scope change', async () => {
    const { staffId, loginName } = await addStaff(test, 'attendant', 'point', street.pointIds[0]);
    const signedIn = await logIn(test, loginName);
    await administrator.post(`/staff/${staffId}/scope`, { role: 'attendant', scopeKind: 'point', scopeId: street.pointIds[1], reason: '换点' }).expect(200);
    await signedIn.get('/session').expect(401);
    expect((await logIn(test, loginName)).session.staff.scopeId).toBe(street.pointIds[1]);
  });

  it('after 30 minutes without a request, and after 12 hours in any case', async () => {
    const start = test.clock.now();
    const after = (minutes: number): void => test.clock.moveTo(new Date(start.getTime() + minutes * 60_000));
    const idle = await financeLoggedIn();
    const busy = await financeLoggedIn();
    after(29);
    await busy.get('/session').expect(200);
    after(31);
    await idle.get('/session').expect(401);
    await busy.get('/session').expect(200);
    for (let minutes = 55; minutes < 720; minutes += 25) {
      after(minutes);
      await busy.get('/session').expect(200);
    }
    after(720);
    await busy.get('/session').expect(401);
    test.clock.moveTo(start);
  });
});

describe('a changing request', () => {
  it('needs the session’s own CSRF token', async () => {
    const other = await financeLoggedIn();
    const mine = await financeLoggedIn();
    const send = (): request.Test => request(server()).delete('/api/v1/session').set('Cookie', mine.cookie);
    expect((await send().expect(403)).body.code).toBe('ACCESS.CSRF');
    await send().set('X-CSRF-Token', '').expect(403);
    await send().set('X-CSRF-Token', other.csrf).expect(403);
    await mine.get('/session').expect(200); // still signed in: nothing was done
    await send().set('X-CSRF-Token', mine.csrf).expect(200);
  });
});

describe('a temporary password', () => {
  it('opens nothing but its own replacement', async () => {
    const created = (await administrator.post('/staff', {
      loginName: 'new.attendant', displayName: '王小明', role: 'attendant', scopeKind: 'point', scopeId: street.pointIds[0],
    }).expect(201)).body;
    expect(created.temporaryPassword).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const signedIn = await logIn(test, 'new.attendant', created.temporaryPassword);
    expect(signedIn.session.mustChangePassword).toBe(true);
    expect((await signedIn.get('/staff').expect(403)).body.code).toBe('ACCESS.PASSWORD_MUST_CHANGE');
    const easy = await signedIn.post('/session/password', { currentPassword: created.temporaryPassword, newPassword: 'new.attendant1' }).expect(422);
    expect(easy.body.code).toBe('ACCESS.PASSWORD_TOO_EASY');
    const answer = await signedIn.post('/session/password', { currentPassword: created.temporaryPassword, newPassword: 'steamed fish on tuesday' }).expect(200);
    expect(answer.body.mustChangePassword).toBe(false);
  });
});

describe('guessing', () => {
  it('is slowed for one account, and the colleague at the usual place is not kept out', async () => {
    const { loginName } = await finance();
    await attempt(loginName, TEST_PASSWORD, '10.0.0.1').expect(200);
    for (let n = 0; n < 4; n += 1) await attempt(loginName, 'wrong password 1', '10.66.6.6').expect(401);
    const refused = await attempt(loginName, TEST_PASSWORD, '10.66.6.6').expect(429);
    expect(refused.body).toMatchObject({ code: 'ACCESS.TOO_MANY_ATTEMPTS', details: { retryAfterS: 1 } });
    for (let place = 0; place < 16; place += 1) await attempt(loginName, 'wrong password 1', `10.66.7.${place}`).expect(401);
    await attempt(loginName, 'wrong password 1', '10.66.8.1').expect(429); // many places together are slowed as well
    await attempt(loginName, TEST_PASSWORD, '10.0.0.1').expect(200);
  });

  it('forgives after waiting, without anybody unlocking anything', async () => {
    const { loginName } = await finance();
    const start = test.clock.now();
    for (let n = 0; n < 5; n += 1) await attempt(loginName, 'wrong password 1', '10.1.1.1');
    await attempt(loginName, TEST_PASSWORD, '10.1.1.1').expect(429);
    test.clock.moveTo(new Date(start.getTime() + 61_000));
    await attempt(loginName, TEST_PASSWORD, '10.1.1.1').expect(200);
    test.clock.moveTo(start);
  });

  it('does not slip through by many attempts at once', async () => {
    const { loginName } = await finance();
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(loginName, 'wrong password 1', '10.2.2.2')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(16);
  });

  it('is slowed for a name that does not exist in the same way', async () => {
    for (let n = 0; n < 4; n += 1) await attempt('nobody-at-all', 'wrong password 1', '10.3.3.3').expect(401);
    await attempt('nobody-at-all', 'wrong password 1', '10.3.3.3').expect(429);
  });

  it('counts an IPv6 network as one place, and letter case of the name as one name', async () => {
    const { loginName } = await finance();
    for (let host = 1; host <= 4; host += 1) {
      await attempt(host % 2 ? loginName : loginName.toUpperCase(), 'wrong password 1', `2001:db8:1:2::${host}`).expect(401);
    }
    await attempt(loginName, 'wrong password 1', '2001:db8:1:2:ffff::9').expect(429);
    await attempt(loginName, 'wrong password 1', '2001:db8:1:3::1').expect(401);
  });

  it('slows one place that tries many names', async () => {
    let looked = 0;
    for (let n = 0; n < 40; n += 1) looked += (await attempt(`name-${n}`, 'wrong password 1', '10.4.4.4')).status === 401 ? 1 : 0;
    expect(looked).toBe(30);
  });
});
