import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { addColleague, enrolFaceBeside, type Colleague } from '../fixtures/colleague.js';
import { captureOf } from '../fixtures/faces.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let attendant: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
});
afterAll(() => test.close());

const consenting = async (): Promise<{ id: string; personCode: string }> => {
  const person = await register(attendant, newSenior(street));
  await attendant.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
  return person;
};
/** What is left of an enrolment: the template, what kiosks are told, what people are told. */
const tracesOf = async ({ id, personCode }: { id: string; personCode: string }): Promise<number[]> => {
  const counts = [
    ['SELECT COUNT(*) AS n FROM face_template WHERE person_code = ?', personCode], ['SELECT COUNT(*) AS n FROM gallery_change WHERE person_code = ?', personCode],
    ["SELECT COUNT(*) AS n FROM notice WHERE kind = 'face-enrolled' AND recipient_id = ?", id],
  ] as const;
  return Promise.all(counts.map(async ([sql, key]) => Number((await test.dataSource.query<{ n: string }[]>(sql, [key]))[0]?.n)));
};
const put = async (seniorId: string, seed: number, colleague?: Colleague) => attendant.post(`/seniors/${seniorId}/face`, { ...captureOf(seed), ...(colleague === undefined ? {} : { colleague }) });

/** Everybody who cannot be the second person here. */
async function notTheSecondPerson(): Promise<Record<string, Colleague>> {
  const here = await addColleague(test, street.pointIds[0]);
  const give = (of: string, columns: string): Promise<unknown> => test.dataSource.query(`UPDATE staff SET ${columns} WHERE login_name = ?`, [of]);
  const other = { crew: await addColleague(test, street.pointIds[0]), gone: await addColleague(test, street.pointIds[0]) };
  await give(other.crew.loginName, "role = 'supervisor'");
  await give(other.gone.loginName, 'active = 0');
  const [own] = await test.dataSource.query<{ loginName: string }[]>('SELECT login_name AS loginName FROM staff WHERE id = ?', [attendant.staffId]);
  await test.dataSource.query('UPDATE staff SET password_hash = (SELECT p.hash FROM (SELECT password_hash AS hash FROM staff WHERE login_name = ?) p) WHERE id = ?', [here.loginName, attendant.staffId]);
  return {
    'with a wrong password': { ...here, password: 'wrong' }, 'who is the same person': { loginName: own?.loginName ?? '', password: here.password },
    'of another point': await addColleague(test, street.pointIds[1]), 'who is nobody': { loginName: 'nobody', password: 'x' },
    'of another role': other.crew, 'who no longer works here': other.gone,
  };
}

describe.each([['the first face of an account', false], ['a face in place of another', true]])('%s', (_, replaces) => {
  let person: { id: string; personCode: string };
  let before: number[];
  beforeAll(async () => {
    person = await consenting();
    if (replaces) expect((await enrolFaceBeside(test, attendant, person.id, captureOf(1))).status).toBe(201);
    before = await tracesOf(person);
  });

  it('is not kept on the word of one member of staff', async () => {
    expect((await put(person.id, 2)).body).toMatchObject({ code: 'FACE.SECOND_PERSON', zh: expect.stringMatching(/^人脸没有保存/) as unknown });
    expect(await tracesOf(person)).toEqual(before);
  });

  it('is not kept beside anybody who is not another attendant or officer of the place, and each try is on record', async () => {
    const others = await notTheSecondPerson();
    for (const colleague of Object.values(others)) {
      expect((await put(person.id, 3, colleague)).body).toMatchObject({ code: 'FACE.SECOND_PERSON_WRONG', zh: expect.stringMatching(/^人脸没有保存/) as unknown });
    }
    expect(await tracesOf(person)).toEqual(before);
    const denied = await test.dataSource.query("SELECT id FROM audit_line WHERE action = 'face.enrolled' AND outcome = 'denied' AND object_id = ?", [person.id]);
    expect(denied).toHaveLength(Object.keys(others).length);
  });

  it('is kept beside a colleague, who is on record with whoever captured it', async () => {
    const colleague = await addColleague(test, street.pointIds[0]);
    expect((await put(person.id, 4, colleague)).status).toBe(201);
    const lines = await test.dataSource.query<{ actor: string; loginName: string; replaced: string }[]>(
      `SELECT a.actor_id AS actor, s.login_name AS loginName, JSON_VALUE(a.detail, '$.replaced') AS replaced FROM audit_line a JOIN staff s ON s.id = JSON_VALUE(a.detail, '$.colleague')
        WHERE a.action = 'face.enrolled' AND a.outcome = 'done' AND a.object_id = ? ORDER BY a.id DESC LIMIT 1`, [person.id]);
    expect(lines).toEqual([{ actor: attendant.staffId, loginName: colleague.loginName, replaced: replaces ? '1' : '0' }]);
  });

  it('is asked for anew after it was ended: that is no way around', async () => {
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    await attendant.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
    expect((await put(person.id, 5)).body).toMatchObject({ code: 'FACE.SECOND_PERSON' });
  });
});

it('two enrolments of one senior at the same instant follow each other: one face is left, and each has two people on record', async () => {
  const person = await consenting();
  const answers = await Promise.all([6, 7].map((seed) => enrolFaceBeside(test, attendant, person.id, captureOf(seed))));
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect((await tracesOf(person))[0]).toBe(1);
  const lines = await test.dataSource.query<{ colleague: string; replaced: string }[]>(
    "SELECT JSON_VALUE(detail, '$.colleague') AS colleague, JSON_VALUE(detail, '$.replaced') AS replaced FROM audit_line WHERE action = 'face.enrolled' AND object_id = ? ORDER BY id", [person.id]);
  expect(lines.map(({ replaced }) => replaced)).toEqual(['0', '1']);
  expect(new Set(lines.map(({ colleague }) => colleague)).size).toBe(2);
});

describe('one sitting by two models', () => {
  const NEXT = 'test/linear-128/chip112';
  const also = (seed: number) => [{ ...captureOf(seed), modelId: NEXT }];
  beforeAll(() => test.dataSource.query("INSERT INTO installation_fact (name, value) VALUES ('face.models', ?)",
    [JSON.stringify([{ id: FACE_MODEL_ID, length: 128, state: 'in-use' }, { id: NEXT, length: 128, state: 'coming' }])]));
  afterAll(() => test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.models'"));

  it('is one enrolment: one confirmation, one line on record, one message, one change for the kiosks, and nothing replaced', async () => {
    const person = await consenting();
    expect((await enrolFaceBeside(test, attendant, person.id, { ...captureOf(20), also: also(21) })).status).toBe(201);
    expect(await tracesOf(person)).toEqual([2, 1, 1]);
    expect(await test.dataSource.query("SELECT JSON_VALUE(detail, '$.replaced') AS replaced FROM audit_line WHERE action = 'face.enrolled' AND object_id = ?", [person.id])).toEqual([{ replaced: '0' }]);
  });

  it('is kept as a whole or not at all, and not on the word of one', async () => {
    const person = await consenting();
    const capture = captureOf(22);
    expect((await put(person.id, 22)).body).toMatchObject({ code: 'FACE.SECOND_PERSON' });
    const poor = { ...capture, also: [{ ...captureOf(23, 0.1), modelId: NEXT }] };
    expect((await enrolFaceBeside(test, attendant, person.id, poor)).body).toMatchObject({ code: 'FACE.QUALITY_LOW' });
    for (const wrong of [{ ...capture, also: [capture] }, { ...capture, also: [{ modelId: NEXT }] }, { ...capture, also: [] }]) {
      expect((await enrolFaceBeside(test, attendant, person.id, wrong)).body).toMatchObject({ code: 'REQUEST.INVALID' });
    }
    expect(await tracesOf(person)).toEqual([0, 0, 0]);
  });
});
