import { randomUUID } from 'node:crypto';
import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { Keyring } from '../../src/infra/crypto/keyring.js';
import { identityHashes } from '../../src/infra/crypto/identity-hashes.js';
import { DEMO_VISITOR_PHONES } from '../../src/modules/seniors/enrol-demo-face.js';
import { DEMO_FACE_PEOPLE } from '../../src/modules/demo-street/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf } from '../fixtures/faces.js';
import { insertLunchTime, insertSenior } from '../fixtures/lunch-time.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

/** A street with the first demo visitor at its first point and a demo administrator. */
async function demoVisitor(test: TestApp) {
  const street = await insertLunchTime(test);
  const senior = await insertSenior(test, street);
  await test.dataSource.query('UPDATE senior SET is_demo = 1, phone_hash = ? WHERE id = ?',
    [identityHashes.phone(test.app.get(Keyring), DEMO_VISITOR_PHONES[0]), senior.seniorId]);
  await test.dataSource.query(
    `INSERT INTO staff (id, login_name, display_name, password_hash, role, scope_kind, scope_id, is_demo, created_at)
     VALUES (?, 'demo-admin', '管理员', 'none', 'administrator', 'street', ?, 1, ?)`, [randomUUID(), street.streetId, test.clock.now()]);
  return { street, senior, kiosk: await enrolledKiosk(test, street.pointIds[0]) };
}

const body = { visitor: 0, modelId: FACE_MODEL_ID, frames: captureOf(7).frames };

describe('the visitors of the demo camera', () => {
  it('are registered in one step and known by the kiosk afterwards, also when asked twice', async () => {
    const test = await startApp();
    const { senior, kiosk } = await demoVisitor(test);
    expect((await kiosk.post('/demo/faces', body)).body).toEqual({ maskedName: '陈先生' });
    expect((await kiosk.post('/demo/faces', body)).status).toBe(200);
    expect((await kiosk.gallery()).put.map((entry) => entry.personCode)).toEqual([senior.personCode]);
    await test.close();
  });

  it('do not exist outside of the demo', async () => {
    const test = await startApp({ env: { DEMO: '0' } });
    const { kiosk } = await demoVisitor(test);
    expect((await kiosk.post('/demo/faces', body)).status).toBe(404);
    expect((await kiosk.gallery()).put).toEqual([]);
    await test.close();
  });

  it('are people of the demo street', () => {
    expect(DEMO_FACE_PEOPLE.map((person) => person.phone)).toEqual(expect.arrayContaining([...DEMO_VISITOR_PHONES]));
  });
});
