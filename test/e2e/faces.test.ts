import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { faceStateAnswer } from '../../src/contract/seniors.js';
import { RoamingTickets } from '../../src/modules/faces/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf, encoded, faceOf } from '../fixtures/faces.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { addColleague, enrolFaceBeside, enrolledBeside } from '../fixtures/colleague.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendant: SignedIn;
let kiosk: TestDevice;
let farKiosk: TestDevice;

const kioskAt = (pointId: string): Promise<TestDevice> => enrolledKiosk(test, pointId);

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  kiosk = await kioskAt(street.pointIds[0]);
  farKiosk = await kioskAt(street.pointIds[2]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

let faces = 0;
/** A senior of point 0 whose face is known there; `seed` names the face. */
const enrolled = async (purposes: readonly ('face-point' | 'face-roaming')[] = ['face-point'], changes = {}): Promise<{ id: string; personCode: string; seed: number }> => {
  const person = await register(officer, newSenior(street, changes));
  for (const purpose of purposes) await attendant.post(`/seniors/${person.id}/consents`, consent(purpose)).expect(201);
  faces += 1;
  await enrolledBeside(test, attendant, person.id, captureOf(faces));
  return { ...person, seed: faces };
};
const stateOf = async (id: string) => faceStateAnswer.parse((await attendant.get(`/seniors/${id}/face`).expect(200)).body);

describe('enrolment', () => {
  it('is refused without consent, with another purpose’s consent, and after withdrawal', async () => {
    const { id } = await register(officer, newSenior(street));
    const tryIt = async (): Promise<unknown> => (await attendant.post(`/seniors/${id}/face`, captureOf(900))).body;
    expect(await tryIt()).toMatchObject({ code: 'FACE.CONSENT_MISSING' });
    await attendant.post(`/seniors/${id}/consents`, consent('face-roaming')).expect(201);
    expect(await tryIt()).toMatchObject({ code: 'FACE.CONSENT_MISSING' });
    await attendant.post(`/seniors/${id}/consents`, consent('face-point')).expect(201);
    await attendant.post(`/seniors/${id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(await tryIt()).toMatchObject({ code: 'FACE.CONSENT_MISSING' });
    expect(await test.dataSource.query('SELECT id FROM face_template')).toEqual([]);
  });

  it('never takes a bundled consent', async () => {
    const { id } = await register(officer, newSenior(street));
    await attendant.post(`/seniors/${id}/consents`, { ...consent('face-point'), purpose: ['face-point', 'face-roaming'] }).expect(400);
    await attendant.post(`/seniors/${id}/consents`, { ...consent('face-point'), readAloud: false }).expect(400);
    await attendant.post(`/seniors/${id}/consents`, { ...consent('face-point'), noticeVersion: '2019-01' }).expect(400);
    const guardian = { ...consent('face-point'), givenBy: 'guardian', guardianName: '陈小明' };
    expect((await attendant.post(`/seniors/${id}/consents`, guardian)).body).toMatchObject({ code: 'CONSENT.GUARDIAN_PROOF_MISSING' });
    await attendant.post(`/seniors/${id}/consents`, { ...guardian, guardianProof: '监护证明 3 号' }).expect(201);
    expect((await attendant.post(`/seniors/${id}/consents`, consent('face-point'))).body).toMatchObject({ code: 'CONSENT.ALREADY_GIVEN' });
  });

  it('is refused under fourteen, on the day before the birthday', async () => {
    const { id } = await register(officer, newSenior(street, { birthDate: '2012-11-25' }));
    expect((await attendant.post(`/seniors/${id}/consents`, consent('face-point'))).body).toMatchObject({ code: 'FACE.UNDER_AGE' });
    await test.dataSource.query(
      `INSERT INTO consent (id, senior_id, purpose, point_id, given_by, notice_version, given_at, recorded_by)
       VALUES (UUID(), ?, 'face-point', ?, 'self', 'x', NOW(3), ?)`, [id, street.pointIds[0], attendant.staffId],
    );
    expect((await attendant.post(`/seniors/${id}/face`, captureOf(901))).body).toMatchObject({ code: 'FACE.UNDER_AGE' });
  });

  it('refuses poor frames, frames of two people, other models and broken numbers', async () => {
    const { id } = await register(officer, newSenior(street));
    await attendant.post(`/seniors/${id}/consents`, consent('face-point')).expect(201);
    const post = async (body: object) => (await attendant.post(`/seniors/${id}/face`, body)).body;
    expect(await post(captureOf(902, 0.1))).toMatchObject({ code: 'FACE.QUALITY_LOW' });
    const mixed = captureOf(902);
    expect(await post({ ...mixed, frames: [...mixed.frames.slice(0, 2), captureOf(903).frames[0]] })).toMatchObject({ code: 'FACE.FRAMES_DIFFER' });
    expect(await post({ ...mixed, modelId: 'another' })).toMatchObject({ code: 'FACE.MODEL_UNKNOWN' });
    expect(await post({ ...mixed, modelId: 'Not an id' })).toMatchObject({ code: 'REQUEST.INVALID' });
    expect(await post({ ...mixed, frames: mixed.frames.slice(0, 2) })).toMatchObject({ code: 'REQUEST.INVALID' });
    const broken = (value: number) => ({ ...mixed, frames: mixed.frames.map((frame) => ({ ...frame, descriptor: encoded(new Float32Array(128).fill(value)) })) });
    expect(await post(broken(Number.NaN))).toMatchObject({ code: 'FACE.DESCRIPTOR_INVALID' });
    expect(await post(broken(0))).toMatchObject({ code: 'FACE.DESCRIPTOR_INVALID' });
    expect(await post({ ...mixed, image: 'data:image/png;base64,AAAA' })).toMatchObject({ code: 'REQUEST.INVALID' });
  });

  it('keeps the template sealed: no table, no answer and no log of ours shows it', async () => {
    const person = await enrolled();
    const bytes = Buffer.from(captureOf(person.seed).frames.map((frame) => frame.descriptor).join('').slice(0, 684), 'base64');
    const [row] = await test.dataSource.query('SELECT * FROM face_template WHERE person_code = ?', [person.personCode]);
    expect(Buffer.from(row.template_cipher).includes(bytes.subarray(0, 16))).toBe(false);
    expect(JSON.stringify(row)).not.toContain(person.id);
    for (const path of [`/seniors/${person.id}`, `/seniors/${person.id}/face`, `/seniors/${person.id}/history`, '/seniors']) {
      const answer = await attendant.get(path).expect(200);
      expect(answer.text).not.toMatch(/descriptor|template_cipher|[A-Za-z0-9+/]{600}/);
    }
  });

  it('is told to the senior and to the family each time, and to nobody else', async () => {
    const person = await enrolled();
    for (const kind of ['family', 'emergency']) {
      await attendant.post(`/seniors/${person.id}/contacts`, { kind, relation: '女儿', name: '陈秀英', phone: '13900008642' }).expect(201);
    }
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 60_000));
    await enrolledBeside(test, attendant, person.id, captureOf(person.seed));
    const [family] = await test.dataSource.query<{ id: string }[]>("SELECT id FROM senior_contact WHERE senior_id = ? AND kind = 'family'", [person.id]);
    const told = await test.dataSource.query<{ who: string; text: string }[]>(
      `SELECT recipient_id AS who, text FROM notice WHERE kind = 'face-enrolled' AND (recipient_id = ? OR recipient_id IN (SELECT id FROM senior_contact WHERE senior_id = ?))`, [person.id, person.id],
    );
    // Once at the first registration, when no family was on record, and once more when the face was replaced.
    expect(told.map(({ who }) => who).sort()).toEqual([person.id, person.id, family?.id].sort());
    expect(told[0]?.text).toContain('登记了刷脸');
  });

  it('refuses a template that was copied onto another person', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    await test.dataSource.query(
      'UPDATE face_template a JOIN face_template b ON b.person_code = ? SET a.template_cipher = b.template_cipher WHERE a.person_code = ?',
      [one.personCode, two.personCode],
    );
    expect((await kiosk.get('/kiosk/gallery?after=0')).status).toBe(500);
    await attendant.post(`/seniors/${two.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect((await kiosk.get('/kiosk/gallery?after=0')).status).toBe(200);
  });
});

describe('the gallery of a kiosk', () => {
  it('opens on that device alone and holds the consenting seniors of its point', async () => {
    const person = await enrolled([ 'face-point' ], { name: '欧阳秀英' });
    const box = (await kiosk.get('/kiosk/gallery?after=0')).body;
    expect(JSON.stringify(box)).not.toContain(person.personCode);
    expect(() => farKiosk.open(box)).toThrow();
    const content = kiosk.open(box);
    const entry = content.put.find((one) => one.personCode === person.personCode);
    expect(entry).toMatchObject({ maskedName: '欧阳女士' });
    expect(content.modelId).toBe(FACE_MODEL_ID);
    expect((await farKiosk.gallery()).put).toEqual([]);
  });

  it('tells later changes only, and each of them', async () => {
    const before = (await kiosk.gallery()).seq;
    const person = await enrolled();
    const change = await kiosk.gallery(before);
    expect(change).toMatchObject({ remove: [], put: [{ personCode: person.personCode }] });
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(await kiosk.gallery(change.seq)).toMatchObject({ put: [], remove: [person.personCode] });
    const both = await kiosk.gallery(before);
    expect(both).toMatchObject({ put: [], remove: [person.personCode] });
    expect((await kiosk.gallery(both.seq))).toMatchObject({ seq: both.seq, put: [], remove: [] });
  });

  it('starts over where a device knows a number that was never given out', async () => {
    const { seq } = await kiosk.gallery();
    const content = await kiosk.gallery(seq + 1_000);
    expect(content.seq).toBe(seq);
    expect(content.put.length).toBeGreaterThan(0);
  });

  it('loses no change when many are made at once', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, async (_, index) => {
      const person = await register(officer, newSenior(street));
      await attendant.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
      return { ...person, seed: 500 + index };
    }));
    const { seq } = await kiosk.gallery();
    await Promise.all(people.map((person) => enrolledBeside(test, attendant, person.id, captureOf(person.seed))));
    const after = await kiosk.gallery(seq);
    expect(after.seq).toBe(seq + people.length);
    expect(after.put.map((one) => one.personCode).sort()).toEqual(people.map((person) => person.personCode).sort());
  });

  it('names those with an order of today only where the whole gallery does not keep the bound, and no more than the bound allows', async () => {
    const [diner, other, atHome] = [await enrolled(), await enrolled(), await enrolled()];
    const order = (senior: typeof diner, fulfilment = 'eat-in') => test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (UUID(), ?, ?, ?, 'lunch', 'A', ?, 'desk', 'placed', 1, NOW(3))`, [senior.id, street.pointIds[0], test.clock.today(), fulfilment],
    );
    await order(atHome, 'delivery'); // whose meal is brought home takes nobody's place
    await order(diner);
    expect((await kiosk.gallery()).expected).toEqual([]);
    await test.dataSource.query("INSERT INTO installation_fact (name, value) VALUES ('face.recognition', ?)", [JSON.stringify({ maxRiskPpm: 800 })]);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 6 * 60_000));
    const content = await kiosk.gallery();
    expect(content.expected).toEqual([diner.personCode]);
    await order(other);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 12 * 60_000));
    expect((await kiosk.gallery()).expected).toEqual([[diner.personCode, other.personCode].sort()[0]]);
    await test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.recognition'");
  });

  it('keeps two models side by side: each device is told the faces of the model that it runs', async () => {
    const [former, next] = [FACE_MODEL_ID, 'test/linear-512/chip112'];
    const person = await enrolled();
    const { seq } = await kiosk.gallery();
    const long = (wobble: number): string => {
      const values = Float32Array.from({ length: 512 }, (_, at) => Math.sin(at * 1.3) + wobble * Math.sin(at * 7.1));
      return encoded(values.map((value) => value / Math.hypot(...values)));
    };
    const capture = { modelId: next, frames: [0, 0.02, 0.04].map((wobble) => ({ descriptor: long(wobble), quality: 0.9 })) };
    expect((await attendant.post(`/seniors/${person.id}/face`, capture)).body).toMatchObject({ code: 'FACE.MODEL_UNKNOWN' });
    await test.dataSource.query("INSERT INTO installation_fact (name, value) VALUES ('face.models', ?)", [JSON.stringify([{ id: next, length: 512 }, { id: former, length: 128 }])]);
    expect((await attendant.post(`/seniors/${person.id}/face`, { ...capture, modelId: former })).body).toMatchObject({ code: 'FACE.DESCRIPTOR_INVALID' });
    await attendant.post(`/seniors/${person.id}/face`, { ...capture, also: [captureOf(person.seed)], colleague: await addColleague(test, street.pointIds[0]) }).expect(201);
    expect([former, next]).toContain((await stateOf(person.id)).modelId);
    const put = async (model: string): Promise<number[]> => {
      const content = kiosk.open((await kiosk.get(`/kiosk/gallery?after=${seq}&model=${model}`)).body as Parameters<typeof kiosk.open>[0]);
      expect(content.modelId).toBe(model);
      return content.put.filter((one) => one.personCode === person.personCode).map((one) => Buffer.from(one.descriptor ?? '', 'base64').length / 4);
    };
    expect([await put(former), await put(next)]).toEqual([[128], [512]]);
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect([await put(former), await put(next)]).toEqual([[], []]);
    expect(await test.dataSource.query('SELECT id FROM face_template WHERE person_code = ?', [person.personCode])).toEqual([]);
    await test.dataSource.query("DELETE FROM installation_fact WHERE name = 'face.models'");
  });

  it('is closed to a revoked device', async () => {
    const lost = await kioskAt(street.pointIds[0]);
    expect((await lost.get('/kiosk/gallery?after=0')).status).toBe(200);
    await officer.post(`/devices/${lost.deviceId}/revoke`, { reason: '被盗' }).expect(200);
    expect((await lost.get('/kiosk/gallery?after=0')).status).toBe(401);
  });
});

describe('withdrawal', () => {
  it('deletes at once, keeps other ways of paying, and shows which kiosk has confirmed', async () => {
    const second = await kioskAt(street.pointIds[0]);
    const person = await enrolled();
    for (const device of [kiosk, second]) await device.post('/kiosk/gallery/receipt', { seq: (await device.gallery()).seq });
    expect((await stateOf(person.id))).toMatchObject({ face: 'enrolled', lastChange: 'put' });

    test.clock.moveTo(new Date(TEST_NOW.getTime() + 60_000));
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    expect(await test.dataSource.query('SELECT id FROM face_template WHERE person_code = ?', [person.personCode])).toEqual([]);
    const confirmations = async () => new Map((await stateOf(person.id)).kiosks.map((one) => [one.deviceId, one.confirmed]));
    expect([...(await confirmations()).values()]).not.toContain(true);

    const change = await kiosk.gallery((await second.gallery()).seq - 1);
    expect(change.remove).toContain(person.personCode);
    expect((await kiosk.post('/kiosk/gallery/receipt', { seq: change.seq })).body).toEqual({ appliedSeq: change.seq });
    expect((await confirmations()).get(kiosk.deviceId)).toBe(true);
    expect((await confirmations()).get(second.deviceId)).toBe(false);
    const lines = await test.dataSource.query("SELECT actor_id FROM audit_line WHERE action = 'face.removed-on-device' AND object_id = ?", [person.personCode]);
    expect(lines).toEqual([{ actor_id: kiosk.deviceId }]);

    const fresh = await kioskAt(street.pointIds[0]);
    expect((await confirmations()).has(fresh.deviceId)).toBe(true);
    expect((await attendant.get(`/seniors/${person.id}`)).body).toMatchObject({ status: 'active', face: 'none' });
  });

  it('of roaming leaves the own point alone; of the point ends roaming too', async () => {
    const person = await enrolled(['face-point', 'face-roaming']);
    expect(await stateOf(person.id)).toMatchObject({ roaming: true });
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-roaming' }).expect(200);
    expect(await stateOf(person.id)).toMatchObject({ roaming: false, face: 'enrolled' });
    await attendant.post(`/seniors/${person.id}/consents`, consent('face-roaming')).expect(201);
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).expect(200);
    const consents = (await attendant.get(`/seniors/${person.id}`)).body.consents as { withdrawnAt: string | null }[];
    expect(consents.every((one) => one.withdrawnAt !== null)).toBe(true);
    expect((await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' })).body).toMatchObject({ code: 'CONSENT.NOT_GIVEN' });
  });

  it.each([
    ['a death', { kind: 'death', from: '2026-11-20', source: '家属', evidence: '死亡证明 1' }],
    ['a move away', { kind: 'move-away', from: '2026-11-20', source: '本人', evidence: '迁出' }],
  ])('happens by itself at %s', async (_, body) => {
    const person = await enrolled();
    const { seq } = await kiosk.gallery();
    await officer.post(`/seniors/${person.id}/life-events`, body).expect(201);
    expect(await kiosk.gallery(seq)).toMatchObject({ remove: [person.personCode] });
  });

  it('happens at the old point when a senior changes to another, whose kiosks do not learn the face', async () => {
    const person = await enrolled();
    const [near, far] = [(await kiosk.gallery()).seq, (await farKiosk.gallery()).seq];
    await officer.patch(`/seniors/${person.id}`, { pointId: street.pointIds[2] }).expect(200);
    expect(await kiosk.gallery(near)).toMatchObject({ remove: [person.personCode] });
    expect((await farKiosk.gallery(far)).put).toEqual([]);
  });

  it('wins over an enrolment at the same instant, or comes before it: never a face without consent', async () => {
    for (let round = 0; round < 8; round += 1) {
      const person = await register(officer, newSenior(street));
      await attendant.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
      await Promise.all([
        enrolFaceBeside(test, attendant, person.id, captureOf(700 + round)).then((answer) => answer.status),
        officer.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-point' }).then((answer) => answer.status),
      ]);
      const left = await test.dataSource.query('SELECT id FROM face_template WHERE person_code = ?', [person.personCode]);
      expect(left).toEqual([]);
    }
  });
});

describe('receipts', () => {
  it('cannot run ahead of what was given out, nor backwards', async () => {
    const { seq } = await kiosk.gallery();
    expect((await kiosk.post('/kiosk/gallery/receipt', { seq: seq + 1 })).body).toMatchObject({ code: 'FACE.RECEIPT_AHEAD' });
    await kiosk.post('/kiosk/gallery/receipt', { seq });
    expect((await kiosk.post('/kiosk/gallery/receipt', { seq: 0 })).body).toEqual({ appliedSeq: seq });
  });
});

describe('roaming', () => {
  const phone = '13900004321';
  let person: { id: string; personCode: string; seed: number };
  beforeAll(async () => { person = await enrolled(['face-point', 'face-roaming'], { phone, name: '单秀兰' }); });
  beforeEach(() => test.dataSource.query('UPDATE face_probe SET at = ?', [new Date(TEST_NOW.getTime() - 3_600_000)]));

  const ask = (seed: number, wobble: number, last4 = '4321', device = farKiosk) =>
    device.post('/kiosk/roaming', { last4, modelId: FACE_MODEL_ID, descriptor: encoded(faceOf(seed, wobble)) });

  it('knows a senior of another point by digits and face, and gives a ticket to this device for this person only', async () => {
    const answer = await ask(person.seed, 0.07);
    expect(answer.body).toMatchObject({ personCode: person.personCode, maskedName: '单女士' });
    const tickets = test.app.get(RoamingTickets, { strict: false });
    const { ticket } = answer.body as { ticket: string };
    const isGood = (deviceId: string, personCode: string, text = ticket): boolean => {
      try {
        tickets.require(text, deviceId, personCode);
        return true;
      } catch {
        return false;
      }
    };
    expect(isGood(farKiosk.deviceId, person.personCode)).toBe(true);
    expect(isGood(kiosk.deviceId, person.personCode)).toBe(false);
    expect(isGood(farKiosk.deviceId, 'another')).toBe(false);
    expect(isGood(farKiosk.deviceId, person.personCode, ticket.replace(/^\d{13}/, (ms) => String(Number(ms) + 1)))).toBe(false);
    expect(isGood(farKiosk.deviceId, person.personCode, `NaN.${ticket.split('.')[1]}`)).toBe(false);
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 3 * 60_000));
    expect(isGood(farKiosk.deviceId, person.personCode)).toBe(false);
  });

  it('refuses an exact repeat of a probe, whoever sends it', async () => {
    expect((await ask(person.seed, 0.021)).status).toBe(200);
    expect((await ask(person.seed, 0.021)).body).toMatchObject({ code: 'FACE.PROBE_REPEATED' });
    expect((await ask(person.seed, 0.021, '4321', kiosk)).body).toMatchObject({ code: 'FACE.PROBE_REPEATED' });
    expect(await test.dataSource.query("SELECT device_id AS deviceId FROM face_refusal WHERE cause = 'replayed' ORDER BY device_id")).toEqual([farKiosk, kiosk].map(({ deviceId }) => ({ deviceId })).sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1)));
  });

  it('says the same for a stranger, unknown digits and a missing consent, and never how near', async () => {
    const silent = await enrolled(['face-point'], { phone: '13900008765' });
    const answers = [await ask(999, 0), await ask(person.seed, 0.033, '0000'), await ask(silent.seed, 0.01, '8765')];
    for (const answer of answers) {
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'FACE.NOT_VERIFIED', details: {} });
    }
  });

  it('never decides between two who both come near', async () => {
    const twin = await register(officer, newSenior(street, { phone: '13700004321' }));
    for (const purpose of ['face-point', 'face-roaming'] as const) await attendant.post(`/seniors/${twin.id}/consents`, consent(purpose)).expect(201);
    await enrolledBeside(test, attendant, twin.id, captureOf(person.seed));
    expect((await ask(person.seed, 0.041)).body).toMatchObject({ code: 'FACE.NOT_VERIFIED' });
    await attendant.post(`/seniors/${twin.id}/consents/withdrawal`, { purpose: 'face-roaming' }).expect(200);
    expect((await ask(person.seed, 0.042)).status).toBe(200);
  });

  it('stops a device that tries many probes', async () => {
    const codes: string[] = [];
    for (let probe = 0; probe < 14; probe += 1) codes.push(((await ask(2_000 + probe, 0)).body as { code: string }).code);
    expect(codes.slice(0, 12)).toEqual(Array(12).fill('FACE.NOT_VERIFIED'));
    expect(codes.slice(12)).toEqual(Array(2).fill('FACE.TOO_MANY_PROBES'));
    expect((await ask(person.seed, 0.055)).body).toMatchObject({ code: 'FACE.TOO_MANY_PROBES' });
    test.clock.moveTo(new Date(TEST_NOW.getTime() + 61_000));
    expect((await ask(person.seed, 0.056)).status).toBe(200);
  });

  it('ends with the consent', async () => {
    await attendant.post(`/seniors/${person.id}/consents/withdrawal`, { purpose: 'face-roaming' }).expect(200);
    expect((await ask(person.seed, 0.061)).body).toMatchObject({ code: 'FACE.NOT_VERIFIED' });
  });

  it('keeps no probe', async () => {
    const rows = await test.dataSource.query('SELECT * FROM face_probe');
    expect(JSON.stringify(rows)).not.toContain(encoded(faceOf(999, 0)).slice(0, 40));
    expect(Object.keys(rows[0] as object).sort()).toEqual(['at', 'device_id', 'probe_hash']);
  });
});

describe('the keys', () => {
  it('of faces lie in a file of their own, outside of the database', () => {
    const files = readdirSync(test.config.keysDir).sort();
    expect(files).toEqual(['face.json', 'identity.json', 'session.json']);
    const secrets = files.map((file) => readFileSync(join(test.config.keysDir, file), 'utf8'));
    expect(new Set(secrets).size).toBe(3);
  });
});
