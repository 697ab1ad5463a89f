import request from 'supertest';
import { QUEUE } from '../../src/infra/queue/queue-names.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let administrator: SignedIn;
let finance: SignedIn;
const get = (path: string, who?: SignedIn): request.Test => request(test.app.getHttpServer()).get(path).set('Cookie', who?.cookie ?? '');

beforeAll(async () => {
  test = await startApp();
  const { streetId } = await insertSmallStreet(test.dataSource);
  administrator = await signIn(test, 'administrator', 'street', streetId);
  finance = await signIn(test, 'finance', 'street', streetId);
});
afterAll(() => test.close());

describe.each(['/admin/queues', '/admin/queues/api/queues', '/api/docs', '/api/docs-json'])('%s', (path) => {
  it('opens to administrators alone, and denials are recorded', async () => {
    await get(path, administrator).expect(200);
    await get(path, finance).expect(403);
    await get(path).set('Accept', 'application/json').expect(401);
    await get(path).set('Accept', 'text/html').expect(302).expect('Location', '/console/login');
    const lines = await test.dataSource.query("SELECT actor_id FROM audit_line WHERE action = 'access.denied' AND object_id = ?", [`GET ${path}`]);
    expect(lines.map(({ actor_id }: { actor_id: string | null }) => actor_id)).toEqual([finance.staffId, null, null]);
  });
});

describe('the queue board', () => {
  it('shows every queue', async () => {
    const { body } = await get('/admin/queues/api/queues', administrator).expect(200);
    expect(body.queues.map(({ name }: { name: string }) => name).sort()).toEqual(Object.values(QUEUE).sort());
  });

  it('takes orders from its own page only', async () => {
    const pause = (): request.Test => request(test.app.getHttpServer()).put('/admin/queues/api/queues/notices/pause').set('Cookie', administrator.cookie);
    await pause().expect(401);
    await pause().set('Sec-Fetch-Site', 'cross-site').expect(401);
    await pause().set('Sec-Fetch-Site', 'same-origin').expect(200);
  });
});

describe('the description of the API', () => {
  it('is the one that is committed', async () => {
    const { body } = await get('/api/docs-json', administrator).expect(200);
    expect(Object.keys(body.paths)).toContain('/api/v1/session');
  });
});
