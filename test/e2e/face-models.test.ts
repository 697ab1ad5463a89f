import type { DeviceListAnswer } from '../../src/contract/devices.js';
import { FACE_MODEL_ID, faceModelsAnswer, impostorsRequest, missingFacesAnswer } from '../../src/contract/faces.js';
import { riskBound } from '../../src/contract/risk-bound.js';
import { countImpostors, falseMatchPpmAt, measuredFrom, normalise, ratesOfGalleries, MEASURED_SIMILARITIES } from '../../src/domain/identity/index.js';
import { newId } from '../../src/infra/ids.js';
import { EventDays } from '../../src/modules/exceptions/event-days.query.js';
import { CalibrateRates, NoteFaceRefusals } from '../../src/modules/faces/index.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf, encoded, faceOf } from '../fixtures/faces.js';
import { consent, newSenior, register } from '../fixtures/people.js';
import { addColleague, enrolledBeside } from '../fixtures/colleague.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';
import type { TestDevice } from '../fixtures/test-device.js';

const NEXT = 'test/linear-128/chip112';
const recognition = { minSimilarity: 0.5, minMargin: 0.05, falseMatchPpm: 100 };
const model = {
  id: NEXT, length: 128, onnx: {
    file: 'linear.onnx', chipPx: 112, fivePoints: [[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], channels: 'rgb', layout: 'nchw', mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5],
  },
};

let test: TestApp;
let street: SmallStreet;
let administrator: SignedIn;
let officer: SignedIn;
let kiosk: TestDevice;
let colleague: { loginName: string; password: string };
const people: { id: string; personCode: string; seed: number }[] = [];

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  administrator = await signIn(test, 'administrator', 'street', street.streetId);
  officer = await signIn(test, 'street', 'street', street.streetId);
  colleague = await addColleague(test, street.pointIds[0]);
  kiosk = await enrolledKiosk(test, street.pointIds[0]);
  for (let seed = 1; seed <= 4; seed += 1) {
    const person = await register(officer, newSenior(street));
    await officer.post(`/seniors/${person.id}/consents`, consent('face-point')).expect(201);
    await enrolledBeside(test, officer, person.id, captureOf(seed));
    people.push({ ...person, seed });
  }
});
afterAll(() => test.close());

const risk = async () => riskBound.parse((await administrator.get('/face-models/risk-bound').expect(200)).body);
const progress = async () => faceModelsAnswer.parse((await officer.get('/face-models').expect(200)).body);
const again = (at: number) => officer.post(`/seniors/${people[at].id}/face`, { ...captureOf(people[at].seed), also: [{ ...captureOf(people[at].seed + 50), modelId: NEXT }], colleague });
const missing = async () => missingFacesAnswer.parse((await officer.get('/face-models/missing').expect(200)).body);

describe('a face that did not turn as asked', () => {
  it('is noted once, for whom it was taken, and stands among the events that the checks read; people elsewhere are left out', async () => {
    const at = new Date(test.clock.now().getTime() - 60_000).toISOString();
    const refusal = { refusalId: newId(), personCode: people[0].personCode, at };
    const tell = (refusals: object[]) => kiosk.post('/kiosk/gallery/refusals', { refusals });
    expect((await tell([refusal])).status).toBe(200);
    expect((await tell([refusal, { refusalId: newId(), personCode: newId(), at }, { refusalId: newId(), personCode: people[1].personCode, at: '2026-01-01T00:00:00Z' }])).status).toBe(200);
    expect((await tell([{ ...refusal, picture: 'x' }])).status).toBe(400);
    const { faceRefusals } = await test.app.get(EventDays, { strict: false }).read(test.dataSource.manager, street.pointIds, test.clock.today());
    expect(faceRefusals).toEqual([{ refusalId: refusal.refusalId, pointId: street.pointIds[0], seniorId: people[0].id, atMs: Date.parse(at), cause: 'liveness' }]);
    expect(await test.app.get(NoteFaceRefusals, { strict: false }).purge()).toBe(0);
  });
});

describe('another face model', () => {
  it('begins beside the one in use, is told to kiosks and stations, and nobody can switch to none', async () => {
    expect((await administrator.post('/face-models/switch', {})).body).toMatchObject({ code: 'FACE.NO_COMING_MODEL' });
    expect((await missing()).total).toBe(0);
    expect((await again(0)).body).toMatchObject({ code: 'FACE.MODEL_UNKNOWN' });
    expect((await administrator.post('/face-models/coming', { model: { id: FACE_MODEL_ID, length: 128 }, leastShare: 0.75, recognition })).body).toMatchObject({ code: 'FACE.MODEL_KNOWN' });
    await administrator.post('/face-models/coming', { model: { ...model, onnx: { ...model.onnx, file: '../secret' } }, leastShare: 0.75, recognition }).expect(400);
    await administrator.post('/face-models/coming', { model, leastShare: 0.75, recognition }).expect(200);
    expect(await progress()).toMatchObject({ leastShare: 0.75, people: 4, withComing: 0, models: [{ id: FACE_MODEL_ID, state: 'in-use' }, { id: NEXT, state: 'coming', onnx: { file: 'linear.onnx' } }] });
    const mode = (await officer.get('/kiosk/mode').expect(200)).body as { faceModels: { id: string }[] };
    expect(mode.faceModels.map((one) => one.id)).toEqual([FACE_MODEL_ID, NEXT]);
  });

  it('lists who is to be captured again, and asks the kiosk to invite them; a capture takes a person off both', async () => {
    expect((await missing()).rows.map((row) => row.seniorId).sort()).toEqual(people.map((one) => one.id).sort());
    expect([...(await kiosk.gallery()).invite].sort()).toEqual(people.map((one) => one.personCode).sort());
    await again(0).expect(201);
    expect((await missing()).total).toBe(3);
    expect((await kiosk.gallery()).invite).not.toContain(people[0].personCode);
    expect((await kiosk.gallery()).put).toHaveLength(4);
  });

  it('takes over only from the stated share on, with its own thresholds, and the former one stays beside it', async () => {
    await again(1).expect(201);
    expect((await administrator.post('/face-models/switch', {})).body).toMatchObject({ code: 'FACE.SWITCH_TOO_EARLY', details: { people: 4, withComing: 2 } });
    await officer.post('/face-models/switch', {}).expect(403);
    await again(2).expect(201);
    await administrator.post('/face-models/switch', {}).expect(200);
    expect((await progress()).models.map(({ id, state }) => [id, state])).toEqual([[NEXT, 'in-use'], [FACE_MODEL_ID, 'former']]);
    const of = async (id: string) => kiosk.open((await kiosk.get(`/kiosk/gallery?after=0&model=${id}`)).body as Parameters<TestDevice['open']>[0]);
    expect(await of(NEXT)).toMatchObject({ settings: recognition, invite: [] });
    expect((await of(NEXT)).put).toHaveLength(3);
    expect((await of(FACE_MODEL_ID)).put).toHaveLength(4);
    const stillRuns = async () => ((await officer.get('/devices').expect(200)).body as DeviceListAnswer).devices.find(({ id }) => id === kiosk.deviceId)?.formerModel;
    expect([(await of(FACE_MODEL_ID)).modelInUse, await stillRuns()]).toEqual([NEXT, FACE_MODEL_ID]);
    expect([(await of(NEXT)).modelInUse, await stillRuns()]).toEqual([NEXT, null]);
    expect((await of(FACE_MODEL_ID)).settings.minSimilarity).toBe(0.935);
    await administrator.post('/face-models/coming', { model: { id: FACE_MODEL_ID, length: 128 }, leastShare: 0.5, recognition: { minSimilarity: 0.935, minMargin: 0.015, falseMatchPpm: 400 } }).expect(200);
    await administrator.post('/face-models/switch', {}).expect(200);
  });
});

describe('rates of one’s own people', () => {
  const gallery = (from: number, count: number) => countImpostors(Array.from({ length: count }, (_, index) => normalise(faceOf(from + index))));
  const calibrate = (apply: boolean) => test.app.get(CalibrateRates, { strict: false }).execute(apply);
  const facts = () => test.dataSource.query("SELECT value FROM installation_fact WHERE name = 'face.recognition'");

  it('come from what devices have counted; too few people change nothing', async () => {
    const counted = gallery(1_000, 120);
    expect((await kiosk.post('/kiosk/gallery/impostors', { modelId: FACE_MODEL_ID, ...counted })).body).toEqual({ noted: true });
    const before = await facts();
    expect(await calibrate(true)).toMatchObject({ people: 120, enough: false, applied: false, tail: [] });
    expect(await facts()).toEqual(before);
  });

  it('are written with the risk before and after in the record, and only when asked to', async () => {
    const other = await enrolledKiosk(test, street.pointIds[1]);
    await other.post('/kiosk/gallery/impostors', { modelId: FACE_MODEL_ID, ...gallery(5_000, 130) });
    const found = await calibrate(false);
    expect(found).toMatchObject({ points: 2, people: 250, pairs: (120 * 119) / 2 + (130 * 129) / 2, enough: true, applied: false, largestGallery: 130 });
    expect(await calibrate(true)).toMatchObject({ applied: true });
    const { settings } = await kiosk.gallery();
    expect(settings.falseMatchTail).toEqual(found.tail);
    // Nothing seen in 15,525 comparisons still leaves a bound of 3/n.
    expect(settings.falseMatchTail.at(-1)?.falseMatchPpm).toBe(Math.ceil(3e6 / found.pairs));
    expect(found.riskAfterPpm[1]).toBeLessThan(found.riskBeforePpm[1]);
    const [line] = await test.dataSource.query<{ detail: string }[]>("SELECT detail FROM audit_line WHERE action = 'face.rates-calibrated'");
    expect(JSON.stringify(line)).toContain(found.riskAfterPpm.join(' '));
  });

  it('never fall because of a person who resembles many: leaving that person out widens the bound', () => {
    const twins = countImpostors([...Array.from({ length: 60 }, (_, index) => normalise(faceOf(9_000, 0.01 * index))), ...Array.from({ length: 150 }, (_, index) => normalise(faceOf(10_000 + index)))]);
    const apart = gallery(20_000, 210);
    const bound = (one: Parameters<typeof ratesOfGalleries>[0][number]) => ratesOfGalleries([one])[0].falseMatchPpm;
    expect(bound(twins)).toBeGreaterThan(50 * bound(apart));
    expect(MEASURED_SIMILARITIES).toHaveLength(14);
  });

  it('are refused where the counts say who, count more than there are, or come from a stranger', async () => {
    const counted = gallery(1_000, 5);
    const post = async (body: object) => ((await kiosk.post('/kiosk/gallery/impostors', body)).body as { code?: string }).code;
    expect(await post({ modelId: FACE_MODEL_ID, ...counted, personCodes: [] })).toBe('REQUEST.INVALID');
    expect(await post({ modelId: FACE_MODEL_ID, people: 5, counts: counted.counts.map(() => [5, 5, 5, 5, 5]) })).toBe('REQUEST.INVALID');
    expect(await post({ modelId: FACE_MODEL_ID, people: 4, counts: counted.counts })).toBe('REQUEST.INVALID');
    expect(impostorsRequest.safeParse({ modelId: FACE_MODEL_ID, ...counted }).success).toBe(true);
    expect(encoded(faceOf(1))).not.toBe('');
  });
});

describe('rates of a model whose matches lie lower', () => {
  const ARC = 'test/arc-128/chip112';
  const calibrate = () => test.app.get(CalibrateRates, { strict: false }).execute(true);
  const models = async () => (await test.dataSource.query<{ value: string }[]>("SELECT value FROM installation_fact WHERE name = 'face.models'"))[0].value;
  const count = async (levels: number[] | undefined): Promise<number[]> => {
    const statuses: number[] = [];
    for (const [point, size] of [[0, 120], [1, 130]] as const) {
      const counted = countImpostors(Array.from({ length: size }, (_, index) => normalise(faceOf(40_000 + 1_000 * point + index))), levels);
      const device = await enrolledKiosk(test, street.pointIds[point]);
      statuses.push((await device.post('/kiosk/gallery/impostors', { modelId: ARC, ...counted, similarities: levels })).status);
    }
    return statuses;
  };

  it('are measured from its own threshold on; what a kiosk of before has counted for it is left out and said so', async () => {
    await administrator.post('/face-models/coming', { model: { ...model, id: ARC }, leastShare: 0.5, recognition: { minSimilarity: 0.45, minMargin: 0.05, falseMatchPpm: 400 } }).expect(200);
    const before = await models();
    const inUse = (JSON.parse(before) as { id: string }[]).map((one) => ({ ...one, state: one.id === ARC ? 'in-use' : 'former' }));
    await test.dataSource.query("UPDATE installation_fact SET value = ? WHERE name = 'face.models'", [JSON.stringify(inUse)]);
    expect(await count(undefined)).toEqual([200, 200]);
    expect(await calibrate()).toMatchObject({ modelId: ARC, points: 0, leftOut: { points: 2, people: 250 }, enough: false, applied: false, tail: [] });
    expect(await count([...measuredFrom(0.45)].reverse())).toEqual([400, 400]);
    expect(await count(measuredFrom(0.45))).toEqual([200, 200]);
    const found = await calibrate();
    expect(found).toMatchObject({ points: 2, leftOut: { points: 0, people: 0 }, people: 250, enough: true, applied: true, statedPpm: 400 });
    const { settings } = kiosk.open((await kiosk.get(`/kiosk/gallery?after=0&model=${ARC}`)).body as Parameters<TestDevice['open']>[0]);
    expect(settings.falseMatchTail[0].similarity).toBe(0.45);
    expect(falseMatchPpmAt(settings, 0.6)).toBe(Math.ceil(3e6 / found.pairs)); // a match as its own people make them
    expect(found.riskAfterPpm[0]).toBeLessThan(found.riskBeforePpm[0]);
    await test.dataSource.query("UPDATE installation_fact SET value = ? WHERE name = 'face.models'", [before]);
  });
});

describe('the bound for strangers', () => {
  const shown = async () => [(await progress()).maxRiskPpm, (await risk()).maxRiskPpm, (await kiosk.gallery()).settings.maxRiskPpm];

  it('is set by the administrator with a reason, reaches the kiosks and a model that comes, and is on record', async () => {
    await test.dataSource.query("DELETE FROM installation_fact WHERE name LIKE 'face.recognition%'");
    expect(await shown()).toEqual([50_000, 50_000, 50_000]);
    const set = (maxRiskPpm: number, reason: string, by = administrator) => by.put('/face-models/risk-bound', { maxRiskPpm, reason });
    await set(10_000, '试点一个月', officer).expect(403);
    expect((await set(60_000, '放宽')).status).toBe(400);
    expect((await set(10_000, ' ')).status).toBe(400);
    await set(10_000, '试点一个月').expect(200);
    expect(await shown()).toEqual([10_000, 10_000, 10_000]);
    await administrator.post('/face-models/coming', { model: { ...model, id: 'test/fourth-128/chip112' }, leastShare: 0.5, recognition }).expect(200);
    const later = (await kiosk.get('/kiosk/gallery?after=0&model=test/fourth-128/chip112')).body as Parameters<TestDevice['open']>[0];
    expect(kiosk.open(later)).toMatchObject({ settings: { ...recognition, maxRiskPpm: 10_000 } });
    const [line] = await test.dataSource.query<{ actor: string; detail: unknown }[]>("SELECT actor_id AS actor, detail FROM audit_line WHERE action = 'face.risk-bound-set'");
    expect(line.actor).toBe(administrator.staffId);
    expect(JSON.stringify(line.detail)).toMatch(/50000.*10000.*试点一个月/);
  });

  it('says what each choice costs: by the size of the galleries, by the rates, and by the meals that faces paid for', async () => {
    await test.dataSource.query("DELETE FROM installation_fact WHERE name LIKE 'face.recognition%'");
    const choice = async (maxRiskPpm: number) => (await risk()).choices.find((one) => one.maxRiskPpm === maxRiskPpm);
    const asInstalled = await risk();
    expect(asInstalled.calibrated).toBe(false);
    expect(await choice(50_000)).toMatchObject({ upToPeople: 125, upToClear: 125, pointsAbove: 0 });
    expect(await choice(1_000)).toMatchObject({ upToPeople: 2, upToClear: 2 });
    expect((await choice(1_000))?.pointsAbove).toBeGreaterThan(0);
    await test.dataSource.query("REPLACE INTO installation_fact (name, value) VALUES ('face.recognition', ?)", [JSON.stringify({ falseMatchTail: [{ similarity: 0.96, falseMatchPpm: 4 }] })]);
    expect((await risk()).calibrated).toBe(true);
    expect(await choice(1_000)).toMatchObject({ upToPeople: 2, upToClear: 250, pointsNever: 0 });
    await test.dataSource.query("DELETE FROM installation_fact WHERE name LIKE 'face.recognition%'");
  });
});

describe('the head turn before a face pays', () => {
  const shown = async () => [(await progress()).liveness, (await kiosk.gallery()).settings.liveness];

  it('is asked of everybody until the administrator says otherwise, and a model that comes is asked the same', async () => {
    await test.dataSource.query("DELETE FROM installation_fact WHERE name LIKE 'face.recognition%'");
    expect(await shown()).toEqual(['always', 'always']);
    await officer.put('/face-models/liveness', { liveness: 'off' }).expect(403);
    expect((await administrator.put('/face-models/liveness', { liveness: 'sometimes' })).status).toBe(400);
    await administrator.put('/face-models/liveness', { liveness: 'risk' }).expect(200);
    expect(await shown()).toEqual(['risk', 'risk']);
    await administrator.post('/face-models/coming', { model: { ...model, id: 'test/third-128/chip112' }, leastShare: 0.5, recognition }).expect(200);
    const later = (await kiosk.get('/kiosk/gallery?after=0&model=test/third-128/chip112')).body as Parameters<TestDevice['open']>[0];
    expect(kiosk.open(later)).toMatchObject({ settings: { ...recognition, liveness: 'risk' } });
    const [line] = await test.dataSource.query<{ detail: unknown }[]>("SELECT detail FROM audit_line WHERE action = 'face.liveness-set'");
    expect(JSON.stringify(line.detail)).toMatch(/always.*risk/);
  });
});
