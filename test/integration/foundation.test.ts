import request from 'supertest';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
beforeAll(async () => { test = await startApp(); });
afterAll(() => test.close());

describe('the foundation', () => {
  it('is ready with a real database and Redis', async () => {
    const answer = await request(test.app.getHttpServer()).get('/health/ready').expect(200);
    expect(answer.body).toEqual({ status: 'ok', database: 'ok', redis: 'ok' });
  });

  it('refuses to change what is append-only', async () => {
    await test.dataSource.query("INSERT INTO audit_line (at, actor_kind, action, object_kind, outcome) VALUES (NOW(3), 'system', 'a.b', 'x', 'done')");
    await expect(test.dataSource.query("UPDATE audit_line SET action = 'c.d'")).rejects.toThrow('append-only');
    await expect(test.dataSource.query('DELETE FROM audit_line')).rejects.toThrow('append-only');
  });
});
