import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { faceStateAnswer, type FaceStateAnswer } from '../../src/contract/seniors.js';
import { FormerFaceTerm } from '../../src/modules/faces/index.js';
import { addColleague, enrolledBeside, type Colleague } from '../fixtures/colleague.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf, encoded, faceOf } from '../fixtures/faces.js';
import { holderOf, readGallery, resealAll, sealedCapture } from '../fixtures/gallery-device.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const DAY_MS = 86_400_000;
interface Person { readonly id: string; readonly personCode: string }

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendant: SignedIn;
let kiosk: TestDevice;

const kioskAt = (pointId: string): Promise<TestDevice> => enrolledKiosk(test, pointId);
beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  kiosk = await kioskAt(street.pointIds[0]);
});
afterAll(() => test.close());
beforeEach(async () => {
  test.clock.moveTo(TEST_NOW);
  await officer.put('/face-models/former-days', { days: 30 }).expect(200);
});

let seed = 100;
const later = (ms: number): void => { test.clock.moveTo(new Date(test.clock.now().getTime() + ms)); };
const stateOf = async ({ id }: Person): Promise<FaceStateAnswer> => faceStateAnswer.parse((await officer.get(`/seniors/${id}/face`).expect(200)).body);
const rows = (table: 'former_face' | 'face_template', { personCode }: Person): Promise<{ id: string; template_cipher: Buffer | null; sealed_box: string | null }[]> =>
  test.dataSource.query(`SELECT * FROM ${table} WHERE person_code = ?`, [personCode]);
/** A senior whose face was replaced a minute ago: the former by an even seed, the present by the next. */
const replaced = async (keeping = 30, purposes: readonly 'face-roaming'[] = [], pointId = street.pointIds[0]): Promise<Person & { former: number; present: number }> => {
  const person = await register(officer, newSenior(street, { pointId }));
  await officer.post(`/seniors/${person.id}/consents`, consent('face-point', keeping)).expect(201);
  for (const purpose of purposes) await officer.post(`/seniors/${person.id}/consents`, consent(purpose)).expect(201);
  seed += 2;
  await enrolledBeside(test, officer, person.id, captureOf(seed));
  later(60_000);
  await enrolledBeside(test, officer, person.id, captureOf(seed + 1));
  return { ...person, former: seed, present: seed + 1 };
};
const restore = async (person: Person, colleague?: Colleague, enrolmentId?: string) => attendant.post(`/seniors/${person.id}/face/restored`, {
  enrolmentId: enrolmentId ?? (await stateOf(person)).former[0]?.enrolmentId ?? '00000000-0000-4000-8000-000000000000', reason: '换错了人', replacedFaceOf: 'senior', ...(colleague === undefined ? {} : { colleague }),
});
const beside = async (person: Person, enrolmentId?: string) => restore(person, await addColleague(test, street.pointIds[0]), enrolmentId);
/** Which of these faces the kiosk is given for the person. */
const known = async (person: Person, device = kiosk): Promise<string | undefined> => (await device.gallery()).put.find((one) => one.personCode === person.personCode)?.descriptor;
const near = (descriptor: string | undefined, face: number): boolean => {
  const bytes = Buffer.from(descriptor ?? '', 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4) * (faceOf(face)[at] ?? 0)).reduce((sum, part) => sum + part, 0) > 0.9;
};

describe('the face before', () => {
  it('is kept as it was sealed, shown without its numbers, and given to no kiosk', async () => {
    const person = await replaced();
    const [kept] = await rows('former_face', person);
    expect(kept?.template_cipher?.includes(Buffer.from(encoded(faceOf(person.former)), 'base64').subarray(0, 16))).toBe(false);
    const { former } = await stateOf(person);
    expect(former).toEqual([{
      enrolmentId: expect.any(String) as unknown, enrolledAt: TEST_NOW.toISOString(), replacedAt: new Date(TEST_NOW.getTime() + 60_000).toISOString(),
      keepUntil: new Date(TEST_NOW.getTime() + 60_000 + 30 * DAY_MS).toISOString(), quality: 0.9, usable: true,
    }]);
    const told = (await kiosk.gallery()).put.filter((one) => one.personCode === person.personCode);
    expect(told).toHaveLength(1);
    expect([near(told[0]?.descriptor, person.present), near(told[0]?.descriptor, person.former)]).toEqual([true, false]);
  });

  it('is kept no longer than the words of the consent said, nor than the street keeps it, and not at all where they did not speak of it', async () => {
    expect((await stateOf(await replaced(7))).former.map(({ keepUntil }) => Date.parse(keepUntil) - TEST_NOW.getTime() - 60_000)).toEqual([7 * DAY_MS]);
    test.clock.moveTo(TEST_NOW);
    expect([await rows('former_face', await replaced(30)), await rows('former_face', await replaced(0))]).toEqual([[expect.anything()], []]);
    const silent = await register(officer, newSenior(street));
    await officer.post(`/seniors/${silent.id}/consents`, consent('face-point')).expect(201);
    for (const face of [1, 2]) await enrolledBeside(test, officer, silent.id, captureOf(face));
    expect(await rows('former_face', silent)).toEqual([]);
    await officer.put('/face-models/former-days', { days: 0 }).expect(200);
    expect(await rows('former_face', await replaced())).toEqual([]);
  });

  it('goes after its term, at once where the street shortens it, and is on record as gone', async () => {
    const term = test.app.get(FormerFaceTerm, { strict: false });
    const person = await replaced();
    later(30 * DAY_MS - 1);
    expect([await term.purge(), (await rows('former_face', person)).length]).toEqual([expect.any(Number), 1]);
    later(1);
    expect((await stateOf(person)).former).toEqual([]);
    expect((await beside(person)).body).toMatchObject({ code: 'FACE.FORMER_GONE', zh: expect.stringMatching(/^没有恢复/) as unknown });
    expect(await term.purge()).toBe(1);
    expect(await rows('former_face', person)).toEqual([]);
    expect(await test.dataSource.query("SELECT id FROM audit_line WHERE action = 'face.former-let-go' AND actor_kind = 'system'")).not.toEqual([]);
    test.clock.moveTo(TEST_NOW);
    const another = await replaced();
    later(5 * DAY_MS);
    await officer.put('/face-models/former-days', { days: 4 }).expect(200);
    expect(await rows('former_face', another)).toEqual([]);
    await attendant.put('/face-models/former-days', { days: 90 }).expect(403);
    await officer.put('/face-models/former-days', { days: 91 }).expect(400);
  });

  it.each([
    ['the consent is withdrawn', (id: string) => attendant.post(`/seniors/${id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200)],
    ['the senior dies', (id: string) => officer.post(`/seniors/${id}/life-events`, { kind: 'death', from: '2026-11-20', source: '家属', evidence: '死亡证明 1' }).expect(201)],
    ['the senior moves away', (id: string) => officer.post(`/seniors/${id}/life-events`, { kind: 'move-away', from: '2026-11-20', source: '本人', evidence: '迁出' }).expect(201)],
    ['the senior changes to another point', (id: string) => officer.patch(`/seniors/${id}`, { pointId: street.pointIds[2] }).expect(200)],
  ])('goes at once with the present one when %s', async (_, ends) => {
    const person = await replaced();
    expect(await rows('former_face', person)).toHaveLength(1);
    await ends(person.id);
    expect([await rows('former_face', person), await rows('face_template', person)]).toEqual([[], []]);
  });

  it('is shown as deleted where the consent was withdrawn', async () => {
    const person = await replaced();
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(await stateOf(person)).toMatchObject({ face: 'none', former: [] });
    const { rows: lines } = (await attendant.get(`/seniors/${person.id}/history`).expect(200)).body as { rows: { action: string; detail: object }[] };
    expect(lines.find(({ action }) => action === 'consent.withdrawn')?.detail).toMatchObject({ templateDeleted: true, formerDeleted: 1 });
  });

  it('loses the server’s copy with the roaming consent where the devices have one', async () => {
    const person = await replaced(30, ['face-roaming']);
    await test.dataSource.query("UPDATE former_face SET sealed_key_id = 'k', sealed_box = '{}' WHERE person_code = ?", [person.personCode]);
    await officer.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-roaming' }).expect(200);
    expect(await rows('former_face', person)).toEqual([expect.objectContaining({ template_cipher: null })]);
  });
});

describe('putting it back', () => {
  it('takes two people like an enrolment; then the kiosk knows that face, the family is told, and the other one is kept in its turn', async () => {
    const person = await replaced();
    expect((await restore(person)).body).toMatchObject({ code: 'FACE.SECOND_PERSON' });
    expect((await restore(person, await addColleague(test, street.pointIds[1]))).body).toMatchObject({ code: 'FACE.SECOND_PERSON_WRONG' });
    expect(near(await known(person), person.present)).toBe(true);
    later(60_000);
    expect((await beside(person)).status).toBe(200);
    expect([near(await known(person), person.former), (await rows('face_template', person)).length]).toEqual([true, 1]);
    expect(await stateOf(person)).toMatchObject({ enrolledAt: TEST_NOW.toISOString(), former: [{ enrolledAt: new Date(TEST_NOW.getTime() + 60_000).toISOString(), usable: true }] });
    expect(await test.dataSource.query("SELECT recipient_id AS who FROM notice WHERE kind = 'face-restored' AND recipient_id = ?", [person.id])).toEqual([{ who: person.id }]);
    const outcomes = await test.dataSource.query("SELECT outcome FROM audit_line WHERE action = 'face.restored' AND object_id = ? ORDER BY id", [person.id]);
    expect(outcomes).toEqual([{ outcome: 'denied' }, { outcome: 'done' }]);
    later(60_000);
    expect((await beside(person)).status).toBe(200); // a mistake here is undone the same way
    expect(near(await known(person), person.present)).toBe(true);
  });

  it('is refused without a consent, for another person’s face, and happens once where two press at the same instant', async () => {
    const [person, other] = [await replaced(), await replaced()];
    const { former: [kept] } = await stateOf(person);
    expect((await beside(other, kept?.enrolmentId)).body).toMatchObject({ code: 'FACE.FORMER_GONE' });
    const answers = await Promise.all([1, 2].map(() => beside(person, kept?.enrolmentId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect([(await rows('face_template', person)).length, (await rows('former_face', person)).length]).toEqual([1, 1]);
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect((await beside(person, kept?.enrolmentId)).body).toMatchObject({ code: 'FACE.CONSENT_MISSING' });
  });

  it('brings both models of a sitting back, and takes away what a later one captured by another model', async () => {
    const NEXT = 'test/linear-128/chip112';
    const person = await replaced();
    await test.dataSource.query("INSERT INTO installation_fact (name, value) VALUES ('face.models', ?)", [JSON.stringify([{ id: FACE_MODEL_ID, length: 128, state: 'in-use' }, { id: NEXT, length: 128, state: 'coming' }])]);
    later(60_000);
    await enrolledBeside(test, officer, person.id, { ...captureOf(7), also: [{ ...captureOf(8), modelId: NEXT }] });
    const [latest, first] = (await stateOf(person)).former;
    expect((await beside(person, first?.enrolmentId)).status).toBe(200);
    expect(await rows('face_template', person)).toHaveLength(1);
    expect((await beside(person, (await stateOf(person)).former.find((one) => one.enrolmentId !== latest?.enrolmentId)?.enrolmentId)).status).toBe(200);
    expect(await rows('face_template', person)).toHaveLength(2);
    await test.dataSource.query("UPDATE installation_fact SET value = ? WHERE name = 'face.models'", [JSON.stringify([{ id: NEXT, length: 128, state: 'in-use' }])]);
    expect((await beside(person, latest?.enrolmentId)).body).toMatchObject({ code: 'FACE.FORMER_CLOSED' });
    await test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.models'");
  });
});

describe('a face that was somebody else’s', () => {
  const whose = async ({ id }: Person, action: string): Promise<unknown> => {
    const { rows: lines } = (await attendant.get(`/seniors/${id}/history`).expect(200)).body as { rows: { action: string; detail: { replacedFaceOf?: string } }[] };
    return lines.find((line) => line.action === action)?.detail.replacedFaceOf;
  };

  it('is kept for no day when the right one is captured, nor where nobody said whose it was', async () => {
    for (const replacedFaceOf of ['somebody-else', undefined] as const) {
      const person = await replaced();
      const [own] = await rows('former_face', person);
      await enrolledBeside(test, officer, person.id, { ...captureOf(9), replacedFaceOf });
      expect((await rows('former_face', person)).map(({ id }) => id)).toEqual([own?.id]);
      expect(await whose(person, 'face.enrolled')).toBe(replacedFaceOf);
      test.clock.moveTo(TEST_NOW);
    }
  });

  it('is kept for no day when the senior’s own is put back, which nobody does without saying whose it is', async () => {
    const person = await replaced();
    const put = async (said: object) => attendant.post(`/seniors/${person.id}/face/restored`, {
      enrolmentId: (await stateOf(person)).former[0]?.enrolmentId, reason: '采了别人', colleague: await addColleague(test, street.pointIds[0]), ...said,
    });
    expect((await put({})).status).toBe(400);
    expect((await put({ replacedFaceOf: 'somebody-else' })).status).toBe(200);
    expect([near(await known(person), person.former), await rows('former_face', person), await whose(person, 'face.restored')]).toEqual([true, [], 'somebody-else']);
  });

  it('is taken away by every model when the right one is captured by the new model alone: no kiosk that still runs the old one takes that person for the senior', async () => {
    const NEXT = 'test/linear-128/chip112';
    const models = (inUse: string, other: string, state: string) => test.dataSource.query("REPLACE INTO installation_fact (name, value) VALUES ('face.models', ?)", [JSON.stringify([{ id: inUse, length: 128, state: 'in-use' }, { id: other, length: 128, state }])]);
    const person = await replaced();
    await models(FACE_MODEL_ID, NEXT, 'coming');
    await enrolledBeside(test, officer, person.id, { ...captureOf(7), also: [{ ...captureOf(8), modelId: NEXT }] });
    expect(near(await known(person), 7)).toBe(true);
    await models(NEXT, FACE_MODEL_ID, 'former');
    later(60_000);
    await enrolledBeside(test, officer, person.id, { ...captureOf(9), modelId: NEXT });
    expect(await known(person)).toBeUndefined(); // the kiosk asks by the model that it still runs
    expect(await rows('face_template', person)).toEqual([expect.objectContaining({ model_id: NEXT })]);
    await test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.models'");
  });
});

describe('a sealed point', () => {
  it('closes what was kept open when it gets its key; it comes back by a device, and not once its key is gone', async () => {
    const pointId = street.pointIds[2];
    const open = await replaced(30, [], pointId);
    await officer.post(`/gallery-keys/points/${pointId}/sealing`, {}).expect(200);
    const [one, lost] = [await kioskAt(pointId), await kioskAt(pointId)];
    const holder = await holderOf(one);
    await holder.tend();
    expect(await rows('former_face', open)).toEqual([expect.objectContaining({ template_cipher: null, sealed_box: expect.any(String) as unknown })]);
    const colleague = await addColleague(test, pointId);
    const put = async (person: Person) => officer.post(`/seniors/${person.id}/face/restored`, { enrolmentId: (await stateOf(person)).former[0]?.enrolmentId, reason: '换错了人', replacedFaceOf: 'senior', colleague });
    expect((await put(open)).status).toBe(200);
    const opened = (await readGallery(one, holder)).open;
    expect(near(opened.get(open.personCode) ?? undefined, open.former)).toBe(true);

    const { sealTo } = await stateOf(open);
    const { plain: _, ...body } = await sealedCapture(4_711, sealTo as NonNullable<typeof sealTo>, open.personCode);
    later(60_000);
    await enrolledBeside(test, officer, open.id, body);
    expect((await stateOf(open)).former.every(({ usable }) => usable)).toBe(true);
    // A device is lost: the key is replaced, what is present is closed anew, and the former key goes with what only it opened.
    await officer.post(`/gallery-keys/devices/${lost.deviceId}/approval`, {}).expect(200);
    await holder.tend();
    expect(await holder.handOver(lost.deviceId, await (await holderOf(lost)).number())).toBe(true);
    await officer.post(`/devices/${lost.deviceId}/revoke`, { reason: '被盗' }).expect(200);
    await holder.tend();
    expect(await resealAll(one, holder)).toBe(1);
    expect((await stateOf(open)).former.map(({ usable }) => usable)).not.toContain(true);
    expect((await put(open)).body).toMatchObject({ code: 'FACE.FORMER_CLOSED', zh: expect.stringMatching(/^没有恢复.*重新采集/) as unknown });
  });
});
