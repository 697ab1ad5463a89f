import { connect, type AddressInfo } from 'node:net';
import request from 'supertest';
import { newId } from '../../src/infra/ids.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let administrator: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  administrator = await signIn(test, 'administrator', 'street', street.streetId);
  await test.app.listen(0, '127.0.0.1');
});
afterAll(() => test.close());

const person = (extra: object = {}): object => ({ loginName: `p${newId().slice(-8)}`, displayName: '王小明', role: 'attendant', scopeKind: 'point', scopeId: street.pointIds[0], ...extra });
const staffCount = async (): Promise<number> => Number((await test.dataSource.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM staff'))[0]?.n);
/** A body as raw text, which JSON.stringify would not write. */
const raw = (text: string, type = 'application/json'): request.Test => request(test.app.getHttpServer()).post('/api/v1/staff')
  .set('Cookie', administrator.cookie).set('X-CSRF-Token', administrator.csrf).set('Content-Type', type).send(text);

describe('a body that is not as described changes nothing', () => {
  const good = (): string => JSON.stringify(person()).slice(1, -1);
  it.each<[string, () => string, number]>([
    ['null', () => 'null', 400],
    ['an array', () => '[]', 400],
    ['a text', () => '"x"', 400],
    ['nothing', () => '', 400],
    ['half a document', () => '{"loginName":', 400],
    ['an unknown field', () => `{${good()},"isAdmin":true}`, 400],
    ['a balance', () => `{${good()},"balance":1}`, 400],
    ['__proto__', () => `{${good()},"__proto__":{"role":"administrator"}}`, 400],
    ['constructor.prototype', () => `{${good()},"constructor":{"prototype":{"x":1}}}`, 400],
    ['a nested __proto__', () => `{${good()},"a":[{"__proto__":{}}]}`, 400],
    ['10,000 levels', () => `{${good()},"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['100,000 levels', () => `{${good()},"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    ['a number where a name belongs', () => JSON.stringify(person({ displayName: 1 })), 400],
    ['a NUL in a name', () => JSON.stringify(person({ displayName: '王\u0000明' })), 400],
    ['a line break in a name', () => JSON.stringify(person({ displayName: '王\n明' })), 400],
    ['a right-to-left override in a name', () => JSON.stringify(person({ displayName: '王\u202E明' })), 400],
    ['a zero-width space in a name', () => JSON.stringify(person({ displayName: '王\u200B明' })), 400],
    ['half a surrogate pair', () => `{${JSON.stringify(person()).slice(1, -1).replace('王小明', '\\ud800')}}`, 400],
    ['a role that does not exist', () => JSON.stringify(person({ role: 'root' })), 400],
    ['the id "undefined"', () => JSON.stringify(person({ scopeId: 'undefined' })), 400],
    ['no id', () => JSON.stringify(person({ scopeId: undefined })), 400],
    ['10 MB', () => JSON.stringify({ a: 'x'.repeat(10_000_000) }), 413],
  ])('%s', async (_, body, status) => {
    const before = await staffCount();
    const answer = await raw(body());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: status === 413 ? 'REQUEST.TOO_LARGE' : 'REQUEST.INVALID', requestId: expect.any(String) });
    expect(JSON.stringify(answer.body)).not.toMatch(/at .*\.(ts|js)/);
    expect(await staffCount()).toBe(before);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])('of type %s', async (type) => {
    const before = await staffCount();
    expect([400, 415]).toContain((await raw(JSON.stringify(person()), type)).status);
    expect(await staffCount()).toBe(before);
  });

  it('but a good one does (negative control), and rare characters come back exactly', async () => {
    const displayName = '𠮷𡈽王';
    const { staffId } = (await raw(JSON.stringify(person({ displayName }))).expect(201)).body as { staffId: string };
    const [row] = await test.dataSource.query<{ display_name: string }[]>('SELECT display_name FROM staff WHERE id = ?', [staffId]);
    expect(row?.display_name).toBe(displayName);
  });
});

describe('a query that is not as described is refused', () => {
  it.each(['page=-1', 'page=0', 'size=0', 'size=201', 'size=1e9', 'page=abc', 'unknown=1', 'role=root', 'active=yes', 'role[]=finance', 'role[$gt]=', 'role=finance&role=kitchen', 'search=a&search=b'])('%s', async (query) => {
    const answer = await administrator.get(`/staff?${query}`);
    expect(answer.status).toBe(400);
  });

  it.each([
    ['a quote', "'"], ['a comment', "' OR 1=1 -- "], ['another statement', "'; DELETE FROM staff; -- "],
  ])('%s in the search finds nobody and breaks nothing', async (_, search) => {
    expect((await administrator.get(`/staff?search=${encodeURIComponent(search)}`).expect(200)).body).toEqual({ rows: [], total: 0 });
  });

  it('takes wildcards as letters', async () => {
    expect((await administrator.get('/staff?search=%25').expect(200)).body).toMatchObject({ total: 0 });
    expect((await administrator.get('/staff?search=_').expect(200)).body).toMatchObject({ total: 0 });
    expect((await administrator.get('/staff?search=admin').expect(200)).body.total).toBeGreaterThan(0);
  });

  it.each(['not-an-id', 'undefined', 'null', '%00', "1'"])('the id %s in a path', async (id) => {
    expect([400, 404]).toContain((await administrator.post(`/staff/${id}/disable`, { reason: '测试' })).status);
  });
});

describe('odd methods do nothing', () => {
  /** Methods that client libraries do not send, over a bare connection. */
  const bare = (method: string, path: string): Promise<string> => new Promise((resolve, reject) => {
    const { port } = test.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => socket.end(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ${administrator.cookie}\r\n\r\n`));
    let text = '';
    socket.on('data', (chunk) => { text += chunk.toString(); });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });

  it.each(['TRACE', 'OPTIONS', 'PROPFIND', 'LOCK'])('%s answers 405', async (method) => {
    const answer = await bare(method, '/api/v1/staff');
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).not.toContain(administrator.cookie);
    expect(answer.toLowerCase()).not.toContain('access-control-allow-origin');
  });

  it('HEAD tells no more than GET and needs the same session', async () => {
    await request(test.app.getHttpServer()).head('/api/v1/staff').expect(401);
    await request(test.app.getHttpServer()).head('/api/v1/staff').set('Cookie', administrator.cookie).expect(200);
  });

  it('an override header does not turn a GET into a change', async () => {
    const before = await staffCount();
    await administrator.get('/staff').set('X-HTTP-Method-Override', 'DELETE').set('X-Method-Override', 'POST').expect(200);
    expect(await staffCount()).toBe(before);
  });

  it('a route that does not exist answers 404 with a number to quote', async () => {
    const answer = await administrator.get('/nothing-here').expect(404);
    expect(answer.body).toMatchObject({ code: 'REQUEST.NOT_FOUND', requestId: expect.any(String) });
  });
});

describe('every answer', () => {
  it('carries the headers that keep a browser on our side', async () => {
    for (const path of ['/api/v1/session', '/health/live', '/api/v1/nothing-here']) {
      const { headers } = await request(test.app.getHttpServer()).get(path);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toContain("object-src 'none'");
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*'unsafe-/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9-]{8,40}$/);
    }
  });

  it('opens nothing to other origins', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      const { headers } = await request(test.app.getHttpServer()).get('/api/v1/session').set('Origin', origin);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  it('does not repeat a request id that could break a log line', async () => {
    const { headers } = await request(test.app.getHttpServer()).get('/health/live').set('X-Request-Id', 'a b"c{}');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
