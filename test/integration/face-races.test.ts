import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import type { StaffId } from '../../src/domain/kernel/ids.js';
import { DomainError } from '../../src/domain/kernel/domain-error.js';
import type { Actor } from '../../src/infra/http/actor.js';
import { FaceStore } from '../../src/modules/faces/index.js';
import { GalleryChanges } from '../../src/modules/faces/gallery-changes.js';
import { EndFaceUse } from '../../src/modules/seniors/end-face-use.js';
import { EnrolFace } from '../../src/modules/seniors/enrol-face.js';
import { SeniorRecords } from '../../src/modules/seniors/senior-records.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { captureOf } from '../fixtures/faces.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let attendant: SignedIn;
let actor: Actor;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  actor = {
    staff: { staffId: attendant.staffId as StaffId, displayName: '测试', role: 'attendant', scopeKind: 'point', scopeId: street.pointIds[0] },
    requestId: 'race-test-1',
  };
});
afterAll(() => test.close());

const part = <T>(type: new (...parameters: never[]) => T): T => test.app.get(type, { strict: false });

/** A transaction that stands still until it is told to end. */
async function holdOpen(work: (tx: EntityManager) => Promise<unknown>): Promise<{ commit(): Promise<void> }> {
  const runner = test.app.get(DataSource).createQueryRunner();
  await runner.startTransaction('READ COMMITTED');
  await work(runner.manager);
  return {
    commit: async () => {
      await runner.commitTransaction();
      await runner.release();
    },
  };
}

/**
 * Whether somebody comes to wait for a lock, as the database reports it. It reports from a cache that is renewed only
 * when nobody has read it for a tenth of a second, so asking more often would see the same picture for ever.
 */
async function waitsForALock(): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    await pause(150);
    const [row] = await test.dataSource.query("SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'");
    if (Number(row.n) > 0) return true;
  }
  return false;
}

const consenting = async (): Promise<{ id: string; personCode: string }> => {
  const person = await register(attendant, newSenior(street));
  await attendant.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
  return person;
};

describe('numbers of gallery changes', () => {
  const changeOf = (personCode: string): { pointId: string; personCode: string; kind: 'remove' } => ({ pointId: street.pointIds[0], personCode, kind: 'remove' });
  const seen = (): Promise<{ seq: number; person_code: string }[]> =>
    test.dataSource.query('SELECT seq, person_code FROM gallery_change WHERE point_id = ? ORDER BY seq', [street.pointIds[0]]);

  it('follow the order of commits: none becomes visible below one that was', async () => {
    const changes = part(GalleryChanges);
    const first = await holdOpen((tx) => changes.append(tx, changeOf('first')));
    const second = test.dataSource.transaction('READ COMMITTED', (tx) => changes.append(tx, changeOf('second')));
    expect(await waitsForALock()).toBe(true);
    expect(await seen()).toEqual([]);
    await first.commit();
    await second;
    expect((await seen()).map((row) => row.person_code)).toEqual(['first', 'second']);
  });

  it('would lose a deletion with a plain counter (negative control)', async () => {
    await test.dataSource.query('CREATE TABLE naive_change (seq BIGINT AUTO_INCREMENT PRIMARY KEY, person_code CHAR(36) NOT NULL)');
    const append = (tx: EntityManager, personCode: string): Promise<unknown> => tx.query('INSERT INTO naive_change (person_code) VALUES (?)', [personCode]);
    const first = await holdOpen((tx) => append(tx, 'first'));
    await test.dataSource.transaction('READ COMMITTED', (tx) => append(tx, 'second'));
    const known = await test.dataSource.query<{ seq: number }[]>('SELECT seq FROM naive_change ORDER BY seq');
    await first.commit();
    const missed = await test.dataSource.query<{ person_code: string }[]>(
      'SELECT person_code FROM naive_change WHERE seq <= ? AND seq NOT IN (?)', [Number(known.at(-1)?.seq), known.map((row) => row.seq)],
    );
    expect(missed).toEqual([{ person_code: 'first' }]);
    await test.dataSource.query('DROP TABLE naive_change');
  });
});

describe('an enrolment while a withdrawal is being written', () => {
  it('waits for it and is then refused', async () => {
    const person = await consenting();
    const withdrawal = await holdOpen(async (tx) => {
      const record = await part(SeniorRecords).find(person.id, actor, tx, true);
      await part(EndFaceUse).execute(tx, record, 'face-point', attendant.staffId);
    });
    const enrolment = part(EnrolFace).execute(person.id, captureOf(1), actor, { ip: undefined }).then(() => 'enrolled', (error: unknown) => (error instanceof DomainError ? error.code : 'other'));
    expect(await waitsForALock()).toBe(true);
    await withdrawal.commit();
    expect(await enrolment).toBe('FACE.CONSENT_MISSING');
    expect(await part(FaceStore).find(person.personCode)).toBeNull();
  });

  it('would leave a face without consent if it only looked (negative control)', async () => {
    const person = await consenting();
    const [standing] = await test.dataSource.query('SELECT COUNT(*) AS n FROM consent WHERE senior_id = ? AND withdrawn_at IS NULL', [person.id]);
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(Number(standing.n)).toBe(1); // what the naive enrolment saw before the withdrawal
    await test.dataSource.query(
      `INSERT INTO face_template (id, person_code, point_id, model_id, key_id, template_cipher, quality, created_at)
       VALUES (UUID(), ?, ?, 'm', 'k1', 'x', 1, NOW(3))`, [person.personCode, street.pointIds[0]],
    );
    const faces = await test.dataSource.query(
      `SELECT t.id FROM face_template t JOIN senior s ON s.person_code = t.person_code WHERE s.id = ?
       AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.senior_id = s.id AND c.withdrawn_at IS NULL)`, [person.id],
    );
    expect(faces).toHaveLength(1);
  });
});

describe('every face in the store', () => {
  it('rests on a standing consent for its own point, or it never reaches a kiosk', async () => {
    const person = await consenting();
    await enrolledBeside(test, attendant, person.id, captureOf(2));
    const { GalleryQuery } = await import('../../src/modules/faces/gallery.query.js');
    const gallery = part(GalleryQuery);
    const device = { deviceId: 'd' as never, pointId: street.pointIds[0] as never };
    const known = async (): Promise<string[]> => (await gallery.contentFor(device, { after: 0, model: FACE_MODEL_ID })).put.map((one) => one.personCode);
    expect(await known()).toContain(person.personCode);
    await test.dataSource.query('UPDATE consent SET withdrawn_at = NOW(3) WHERE senior_id = ?', [person.id]);
    expect(await known()).not.toContain(person.personCode);
  });
});
