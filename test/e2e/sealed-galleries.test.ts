import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { galleryKeyListAnswer, recoveryBoxAnswer, templateBoxInfo, type GalleryKeyListAnswer } from '../../src/contract/gallery-keys.js';
import { faceStateAnswer } from '../../src/contract/seniors.js';
import { newId } from '../../src/infra/ids.js';
import { copyFromRecovery, keyNumber, makePrivateKey, publicHalf, readRecoveryText, recoveryText, unseal, usable, type KeyHolder, type PrivateKey } from '../../ui/sealing/index.js';
import { enrolFaceBeside, enrolledBeside } from '../fixtures/colleague.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf, encoded, faceOf } from '../fixtures/faces.js';
import { holderOf, readGallery, resealAll, sealedCapture } from '../fixtures/gallery-device.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendants: Record<string, SignedIn>;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendants = Object.fromEntries(await Promise.all([0, 1].map(async (at) => [street.pointIds[at], await signIn(test, 'attendant', 'point', street.pointIds[at])] as const)));
});
afterAll(() => test.close());

interface Kiosk { readonly device: TestDevice; readonly holder: KeyHolder }

/** A kiosk of a point, with its part in keeping the key. */
const kioskAt = async (pointId: string): Promise<Kiosk> => {
  const device = await enrolledKiosk(test, pointId);
  return { device, holder: await holderOf(device) };
};

let faces = 4_000;
const consenting = async (pointId: string, purposes: readonly ('face-point' | 'face-roaming')[] = ['face-point']): Promise<{ id: string; personCode: string }> => {
  const person = await register(officer, newSenior(street, { pointId }));
  for (const purpose of purposes) await officer.post(`/seniors/${person.id}/consents`, consent(purpose)).expect(201);
  return person;
};
const stateOf = async (id: string) => faceStateAnswer.parse((await officer.get(`/seniors/${id}/face`).expect(200)).body);
/** Captured as an old page captures: frames, which the server looks into. */
const capturedOpen = async (pointId: string, purposes?: readonly ('face-point' | 'face-roaming')[]) => {
  const person = await consenting(pointId, purposes);
  faces += 1;
  await enrolledBeside(test, officer, person.id, captureOf(faces));
  return { ...person, seed: faces };
};
/** Captured as a station captures where the point has a key. */
const capturedSealed = async (pointId: string) => {
  const person = await consenting(pointId);
  faces += 1;
  const { sealTo } = await stateOf(person.id);
  if (sealTo === null) throw new Error('the point has no key');
  const { plain, ...body } = await sealedCapture(faces, sealTo, person.personCode);
  await enrolledBeside(test, officer, person.id, body);
  return { ...person, seed: faces, plain };
};
const rowOf = async (personCode: string): Promise<{ open: boolean; keyId: string | null; box: string | null }> => {
  const [row] = await test.dataSource.query<{ cipher: Buffer | null; keyId: string | null; box: string | null }[]>(
    'SELECT template_cipher AS cipher, sealed_key_id AS keyId, sealed_box AS box FROM face_template WHERE person_code = ?', [personCode],
  );
  return { open: row?.cipher != null, keyId: row?.keyId ?? null, box: row?.box ?? null };
};
const listed = async (pointId: string): Promise<GalleryKeyListAnswer['points'][number]> => {
  const { points } = galleryKeyListAnswer.parse((await officer.get('/gallery-keys').expect(200)).body);
  return points.find((point) => point.pointId === pointId) as GalleryKeyListAnswer['points'][number];
};
const sealingAt = (pointId: string) => officer.post(`/gallery-keys/points/${pointId}/sealing`, {}).expect(200);
const handed = async (from: Kiosk, to: Kiosk, pointId: string): Promise<void> => {
  await attendants[pointId].post(`/gallery-keys/devices/${to.device.deviceId}/approval`, {}).expect(200);
  await from.holder.tend();
  expect(await from.holder.handOver(to.device.deviceId, await to.holder.number())).toBe(true);
  expect(await to.holder.tend()).toBe(true);
};
let spare = 0;
/** Each part uses a point of its own, so that keys do not meet. */
const freshPoint = async (): Promise<string> => {
  const id = newId();
  spare += 1;
  await test.dataSource.query(
    `INSERT INTO point SELECT * FROM (SELECT p.* FROM point p WHERE p.id = ?) x WHERE 1 = 0`, [street.pointIds[0]],
  );
  const columns = (await test.dataSource.query<{ Field: string }[]>('SHOW COLUMNS FROM point')).map(({ Field }) => Field);
  const values = columns.map((column) => (column === 'id' ? '?' : column === 'code' ? '?' : `\`${column}\``)).join(', ');
  await test.dataSource.query(`INSERT INTO point (${columns.map((column) => `\`${column}\``).join(', ')}) SELECT ${values} FROM point WHERE id = ?`, [id, `Z${spare}`, street.pointIds[0]]);
  attendants[id] = await signIn(test, 'attendant', 'point', id);
  return id;
};

describe('a sealed gallery', () => {
  let pointId: string;
  let first: Kiosk;
  let before: { id: string; personCode: string };
  let roamer: { id: string; personCode: string };

  beforeAll(async () => {
    pointId = await freshPoint();
    before = await capturedOpen(pointId);
    roamer = await capturedOpen(pointId, ['face-point', 'face-roaming']);
    first = await kioskAt(pointId);
  });

  it('begins when staff say so: no key before, one made by the first device after', async () => {
    expect(await first.holder.tend()).toBe(false);
    expect(first.holder.sealing).toBe(false);
    expect((await first.device.post('/kiosk/gallery/keys', { keyId: newId(), publicKey: first.device.sealingKey, replaces: null, copies: [{ holder: first.device.deviceId, box: someBox() }] })).body)
      .toMatchObject({ code: 'FACE.SEALING_OFF' });
    await sealingAt(pointId);
    expect(await first.holder.tend()).toBe(true);
    expect(await listed(pointId)).toMatchObject({ sealing: true, due: false, sealed: 0, open: 1, devices: [{ holds: true }] });
  });

  it('re-seals what the server could open, and the server then forgets it; a roaming consent keeps a copy', async () => {
    expect(await rowOf(before.personCode)).toMatchObject({ open: true, keyId: null });
    expect(await resealAll(first.device, first.holder)).toBe(2);
    const { keyId } = await listed(pointId);
    expect(await rowOf(before.personCode)).toMatchObject({ open: false, keyId });
    expect(await rowOf(roamer.personCode)).toMatchObject({ open: true, keyId });
    const { open } = await readGallery(first.device, first.holder);
    expect([...open.values()].every((descriptor) => descriptor !== null)).toBe(true);
    expect(await resealAll(first.device, first.holder)).toBe(0);
  });

  it('takes a template closed at the station, which only the device opens; no key of the server does', async () => {
    const person = await capturedSealed(pointId);
    expect(await rowOf(person.personCode)).toMatchObject({ open: false });
    expect((await readGallery(first.device, first.holder)).open.get(person.personCode)).toBe(person.plain);
    expect(await stateOf(person.id)).toMatchObject({ face: 'enrolled', sealed: true, serverCopy: false });
    // Negative control: neither another key nor the right key for another person, point or model opens the box.
    const { box } = await rowOf(person.personCode);
    const { keyId } = await listed(pointId);
    const where = { pointId, keyId: keyId ?? '', personCode: person.personCode, modelId: FACE_MODEL_ID };
    const stranger = await usable(await makePrivateKey());
    await expect(unseal(JSON.parse(box ?? ''), stranger, templateBoxInfo(where))).rejects.toThrow();
    expect(await first.holder.open({ keyId: keyId ?? '', box: JSON.parse(box ?? '') }, { personCode: before.personCode, modelId: FACE_MODEL_ID })).toBeNull();
    expect(await first.holder.open({ keyId: keyId ?? '', box: JSON.parse(box ?? '') }, { personCode: person.personCode, modelId: 'test/other/chip' })).toBeNull();
  });

  it('closes on arrival what an older page sends open, and keeps none of it open', async () => {
    const person = await capturedOpen(pointId);
    expect(await rowOf(person.personCode)).toMatchObject({ open: false });
    expect((await readGallery(first.device, first.holder)).open.get(person.personCode)).not.toBeNull();
  });

  it('tells a device of the version before nobody whom it cannot open, and breaks nothing of it', async () => {
    const content = await first.device.gallery();
    expect(content.put.map((one) => one.personCode)).toEqual([roamer.personCode]);
    expect(content.put.every((one) => one.descriptor !== undefined && one.sealed === undefined)).toBe(true);
  });

  it('drops the server’s copy when roaming ends, and asks for a new capture where roaming begins without one', async () => {
    await officer.post(`/seniors/${roamer.id}/consents/withdrawal`, { purpose: 'face-roaming' }).expect(200);
    expect(await rowOf(roamer.personCode)).toMatchObject({ open: false });
    await officer.post(`/seniors/${roamer.id}/consents`, consent('face-roaming')).expect(201);
    expect(await stateOf(roamer.id)).toMatchObject({ roaming: true, serverCopy: false, sealed: true });
    faces += 1;
    const { sealTo } = await stateOf(roamer.id);
    const { sealed } = await sealedCapture(faces, sealTo as NonNullable<typeof sealTo>, roamer.personCode);
    await enrolledBeside(test, officer, roamer.id, { ...captureOf(faces), sealed });
    expect(await stateOf(roamer.id)).toMatchObject({ roaming: true, serverCopy: true, sealed: true });
  });

  it('deletes a withdrawn face like any other', async () => {
    const person = await capturedSealed(pointId);
    await officer.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(await test.dataSource.query('SELECT id FROM face_template WHERE person_code = ?', [person.personCode])).toEqual([]);
    expect((await readGallery(first.device, first.holder)).open.has(person.personCode)).toBe(false);
  });

  it('refuses a template closed to a key that is not the point’s, and one of poor quality', async () => {
    const person = await consenting(pointId);
    const { sealTo } = await stateOf(person.id);
    const wrong = await sealedCapture(1, { ...sealTo as NonNullable<typeof sealTo>, keyId: newId() }, person.personCode);
    expect((await enrolFaceBeside(test, officer, person.id, { modelId: wrong.modelId, sealed: wrong.sealed })).body).toMatchObject({ code: 'FACE.KEY_CHANGED' });
    const { plain: _, ...poor } = await sealedCapture(1, sealTo as NonNullable<typeof sealTo>, person.personCode);
    expect((await officer.post(`/seniors/${person.id}/face`, { ...poor, sealed: { ...poor.sealed, quality: 0.1 } })).body).toMatchObject({ code: 'FACE.QUALITY_LOW' });
    expect((await officer.post(`/seniors/${person.id}/face`, { modelId: FACE_MODEL_ID })).body).toMatchObject({ code: 'REQUEST.INVALID' });
  });

  it('never lets a re-sealed older capture win over a newer one', async () => {
    const person = await capturedOpen(pointId);
    const { content } = await readGallery(first.device, first.holder);
    const stale = content.put.find((one) => one.personCode === person.personCode);
    await enrolledBeside(test, officer, person.id, captureOf(99));
    const { keyId, box } = await rowOf(person.personCode);
    await test.dataSource.query('UPDATE face_template SET sealed_key_id = NULL WHERE person_code = ?', [person.personCode]);
    const answer = await first.device.post('/kiosk/gallery/resealed', { keyId, templates: [{ version: stale?.version, box: someBox() }] });
    expect(answer.body).toEqual({ taken: 0 });
    expect((await rowOf(person.personCode)).box).toBe(box);
  });
});

describe('a new device', () => {
  let pointId: string;
  let old: Kiosk;
  let fresh: Kiosk;
  let person: { personCode: string; plain: string };

  beforeAll(async () => {
    pointId = await freshPoint();
    await sealingAt(pointId);
    old = await kioskAt(pointId);
    await old.holder.tend();
    person = await capturedSealed(pointId);
    fresh = await kioskAt(pointId);
  });

  it('is told the boxes and opens none until it is handed the key', async () => {
    expect(await fresh.holder.tend()).toBe(false);
    expect(fresh.holder.waits).toBe(true);
    expect((await readGallery(fresh.device, fresh.holder)).open.get(person.personCode)).toBeNull();
  });

  it('is not on the list of the old one before staff approve, and gets no copy by asking the server', async () => {
    await old.holder.tend();
    expect(old.holder.wanting).toEqual([]);
    const { keyId } = await listed(pointId);
    const copies = [{ holder: fresh.device.deviceId, box: someBox() }];
    expect((await old.device.post('/kiosk/gallery/keys/copies', { keyId, copies })).body).toMatchObject({ code: 'FACE.HOLDER_REFUSED' });
    expect((await fresh.device.post('/kiosk/gallery/keys/copies', { keyId, copies })).body).toMatchObject({ code: 'FACE.KEY_NOT_HELD' });
    expect((await fresh.device.post('/kiosk/gallery/keys', { keyId: newId(), publicKey: fresh.device.sealingKey, replaces: null, copies })).body).toMatchObject({ code: 'FACE.KEY_EXISTS' });
    expect((await fresh.device.post('/kiosk/gallery/keys', { keyId: newId(), publicKey: fresh.device.sealingKey, replaces: keyId, copies })).body).toMatchObject({ code: 'FACE.KEY_NOT_HELD' });
  });

  it('is handed the key only for the number on its own screen: a key that the server slips in has another', async () => {
    await attendants[pointId].post(`/gallery-keys/devices/${fresh.device.deviceId}/approval`, {}).expect(200);
    await old.holder.tend();
    expect(old.holder.wanting.map((one) => one.holder)).toEqual([fresh.device.deviceId]);
    expect(await old.holder.handOver(fresh.device.deviceId, '000000000000')).toBe(false);
    // The server swaps the new device's key for its own and relays the number that the attendant reads off the screen.
    const genuine = JSON.stringify(fresh.device.sealingKey);
    await test.dataSource.query('UPDATE device SET sealing_key_jwk = ? WHERE id = ?', [JSON.stringify(publicHalf(await makePrivateKey())), fresh.device.deviceId]);
    await old.holder.tend();
    expect(await old.holder.handOver(fresh.device.deviceId, await fresh.holder.number())).toBe(false);
    await test.dataSource.query('UPDATE device SET sealing_key_jwk = ? WHERE id = ?', [genuine, fresh.device.deviceId]);
    await handed(old, fresh, pointId);
    expect((await readGallery(fresh.device, fresh.holder)).open.get(person.personCode)).toBe(person.plain);
    expect(await keyNumber(fresh.device.sealingKey)).toMatch(/^\d{12}$/);
  });

  it('of another point, or revoked, is approved by nobody', async () => {
    const elsewhere = await kioskAt(street.pointIds[1]);
    await attendants[pointId].post(`/gallery-keys/devices/${elsewhere.device.deviceId}/approval`, {}).expect(404);
    expect((await elsewhere.device.post('/kiosk/gallery/keys/copies', { keyId: (await listed(pointId)).keyId, copies: [{ holder: elsewhere.device.deviceId, box: someBox() }] })).body).toMatchObject({ code: 'FACE.KEY_NOT_HELD' });
  });
});

describe('a lost device', () => {
  it('takes its key with it: those left make a new one, re-seal, and what comes later it could not open', async () => {
    const pointId = await freshPoint();
    await sealingAt(pointId);
    const [one, two, lost] = [await kioskAt(pointId), await kioskAt(pointId), await kioskAt(pointId)];
    await one.holder.tend();
    const person = await capturedSealed(pointId);
    await handed(one, two, pointId);
    await handed(one, lost, pointId);
    const former = (await listed(pointId)).keyId;
    await officer.post(`/devices/${lost.device.deviceId}/revoke`, { reason: '被盗' }).expect(200);
    expect((await lost.device.get('/kiosk/gallery/keys')).status).toBe(401);
    expect(await listed(pointId)).toMatchObject({ keyId: former, due: true });

    expect(await one.holder.tend()).toBe(true);
    const now = await listed(pointId);
    expect(now).toMatchObject({ due: false });
    expect(now.keyId).not.toBe(former);
    // The other device was compared at the first one: it is given the new key without anybody's coming.
    expect(await two.holder.tend()).toBe(true);
    expect(await resealAll(one.device, one.holder)).toBe(1);
    for (const left of [one, two]) expect((await readGallery(left.device, left.holder)).open.get(person.personCode)).toBe(person.plain);
    expect(await test.dataSource.query('SELECT holder FROM gallery_key_copy WHERE key_id = ?', [former])).toEqual([]);

    // Negative control: with the key that the lost one still has in hand, what is stored now does not open; what was stored did.
    const later = await capturedSealed(pointId);
    for (const { personCode } of [person, later]) {
      const row = await rowOf(personCode);
      expect(row.keyId).toBe(now.keyId);
      expect(await lost.holder.open({ keyId: former ?? '', box: JSON.parse(row.box ?? '') }, { personCode, modelId: FACE_MODEL_ID })).toBeNull();
    }
  });

  it('is not replaced twice at once: of two devices that both make a key one wins and both go on', async () => {
    const pointId = await freshPoint();
    await sealingAt(pointId);
    const both = [await kioskAt(pointId), await kioskAt(pointId)];
    await Promise.all(both.map(({ holder }) => holder.tend()));
    expect(await test.dataSource.query('SELECT id FROM gallery_key WHERE point_id = ? AND active = 1', [pointId])).toHaveLength(1);
    expect(both.filter(({ holder }) => holder.waits)).toHaveLength(1);
  });
});

describe('the last device lost', () => {
  const paper: { text: string } = { text: '' };

  it('with a recovery key: the street opens the box with the paper, for a device whose number it reads', async () => {
    const pointId = await freshPoint();
    const recovery = await makePrivateKey();
    paper.text = recoveryText(recovery);
    await officer.post('/gallery-keys/recovery', { publicKey: publicHalf(recovery) }).expect(200);
    await sealingAt(pointId);
    const only = await kioskAt(pointId);
    await only.holder.tend();
    const want = only.holder.wanting.find((one) => one.kind === 'recovery');
    expect(await only.holder.handOver(want?.holder ?? '', await keyNumber(publicHalf(recovery)))).toBe(true);
    expect(await listed(pointId)).toMatchObject({ inRecovery: true });
    const person = await capturedSealed(pointId);
    await officer.post(`/devices/${only.device.deviceId}/revoke`, { reason: '坏了' }).expect(200);

    const next = await kioskAt(pointId);
    await attendants[pointId].post(`/gallery-keys/devices/${next.device.deviceId}/approval`, {}).expect(200);
    expect(await next.holder.tend()).toBe(false);
    const { keyId } = await listed(pointId);
    const box = recoveryBoxAnswer.parse((await officer.get(`/gallery-keys/${keyId}/recovery`).expect(200)).body);
    const number = await next.holder.number();
    expect(await copyFromRecovery(box, keyId ?? '', await makePrivateKey(), next.device.deviceId, number)).toBeNull();
    expect(await copyFromRecovery(box, keyId ?? '', readRecoveryText(paper.text) as PrivateKey, next.device.deviceId, '1'.repeat(12))).toBeNull();
    const copy = await copyFromRecovery(box, keyId ?? '', readRecoveryText(` ${paper.text.slice(0, 60)} \n ${paper.text.slice(60)}`) as PrivateKey, next.device.deviceId, number);
    await officer.post(`/gallery-keys/${keyId}/recovery`, { copies: [{ holder: next.device.deviceId, box: copy }] }).expect(200);
    expect(await next.holder.tend()).toBe(true);
    expect((await readGallery(next.device, next.holder)).open.get(person.personCode)).toBe(person.plain);
    // The key was due, because a revoked device held it: the new one has replaced it, the recovery key again among the holders.
    expect((await listed(pointId)).keyId).not.toBe(keyId);
    expect(await listed(pointId)).toMatchObject({ inRecovery: true, due: false });
  });

  it('without one: the key is given up by the street, people are captured again, and all else goes on', async () => {
    const pointId = await freshPoint();
    await sealingAt(pointId);
    const only = await kioskAt(pointId);
    await only.holder.tend();
    const person = await capturedSealed(pointId);
    const { keyId } = await listed(pointId);
    expect((await officer.post(`/gallery-keys/${keyId}/abandonment`, { reason: '机器全部损坏' })).body).toMatchObject({ code: 'FACE.KEY_STILL_HELD' });
    await officer.post(`/devices/${only.device.deviceId}/revoke`, { reason: '坏了' }).expect(200);
    const next = await kioskAt(pointId);
    expect(await next.holder.tend()).toBe(false);
    expect((await officer.get(`/gallery-keys/${keyId}/recovery`)).body).toMatchObject({ code: 'FACE.NO_RECOVERY' });
    expect((await officer.post(`/gallery-keys/${keyId}/abandonment`, { reason: '机器全部损坏' })).body).toEqual({ forgotten: 1 });
    expect(await next.holder.tend()).toBe(true);
    expect(await stateOf(person.id)).toMatchObject({ face: 'consented' });
    await capturedSealed(pointId);
    expect([...(await readGallery(next.device, next.holder)).open.values()].filter((one) => one !== null)).toHaveLength(1);
  });
});

describe('what is stored', () => {
  it('holds no template and no private half: not in any table, not in any answer', async () => {
    const pointId = await freshPoint();
    await sealingAt(pointId);
    const only = await kioskAt(pointId);
    await only.holder.tend();
    const person = await capturedSealed(pointId);
    const needle = person.plain.slice(0, 40);
    for (const table of ['face_template', 'gallery_key', 'gallery_key_copy', 'gallery_change', 'audit_line', 'outbox_message']) {
      const text = JSON.stringify(await test.dataSource.query(`SELECT * FROM ${table}`));
      expect(text).not.toContain(needle);
      expect(text).not.toContain('"d":');
      expect(text).not.toContain('\\"d\\":');
    }
    for (const path of ['/gallery-keys', `/seniors/${person.id}`, `/seniors/${person.id}/face`]) {
      expect((await officer.get(path).expect(200)).text).not.toMatch(/"d":|descriptor|"box"/);
    }
    // Negative control: the same search finds what is there.
    expect(JSON.stringify([encoded(faceOf(1))])).toContain(encoded(faceOf(1)).slice(0, 40));
  });
});

function someBox(): { ephemeralKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string }; iv: string; ciphertext: string } {
  return { ephemeralKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }, iv: 'A'.repeat(16), ciphertext: 'AAAA' };
}
