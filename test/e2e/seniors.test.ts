import { cardCheckDigit, parseIdNumber } from '../../src/domain/persons/index.js';
import { seniorDetail, seniorListAnswer } from '../../src/contract/seniors.js';
import { enrolledBeside } from '../fixtures/colleague.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import { captureOf } from '../fixtures/faces.js';
import { consent, idNumber, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, TEST_NOW, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let attendant: SignedIn;
let neighbour: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  neighbour = await signIn(test, 'attendant', 'point', street.pointIds[2]);
});
afterAll(() => test.close());
beforeEach(() => test.clock.moveTo(TEST_NOW));

describe('adding a senior', () => {
  it('stores identity, phone and address sealed and shows them to who needs them', async () => {
    const request = newSenior(street, { name: '周玉兰', doorNote: '敲门大声一点' });
    const { id } = await register(attendant, request);
    const detail = seniorDetail.parse((await officer.get(`/seniors/${id}`).expect(200)).body);
    expect(detail).toMatchObject({
      name: '周玉兰', maskedName: '周女士', phone: request.phone, address: request.address, doorNote: '敲门大声一点', ageYears: 78,
      face: 'none', status: 'active',
    });
    expect(detail.idNumberMasked).toBe(`${request.idNumber.slice(0, 6)}************`);
    const stored = JSON.stringify(await test.dataSource.query('SELECT * FROM senior WHERE id = ?', [id]));
    for (const secret of [request.idNumber, request.phone, '演示路']) expect(stored).not.toContain(secret);
  });

  it.each([
    ['PERSON.ID_CHECKSUM', (id: string) => ({ idNumber: `${id.slice(0, 17)}${id.endsWith('1') ? '2' : '1'}` })],
    ['PERSON.ID_FIFTEEN_DIGITS', () => ({ idNumber: '110105491231002' })],
    ['PERSON.BIRTH_DATE_DISAGREES', () => ({ birthDate: '1948-03-18' })],
    ['PERSON.SEX_DISAGREES', () => ({ sex: 'M' as const })],
    ['PERSON.PHONE_FORMAT', () => ({ phone: '12345' })],
    ['PERSON.NAME_CHARACTERS', () => ({ name: '陈\u0000桂英' })],
    ['SENIOR.PLACE_UNKNOWN', () => ({ pointId: '00000000-0000-7000-8000-000000000000' })],
  ])('refuses with %s and changes nothing', async (code, bend) => {
    const request = newSenior(street);
    const [before] = await test.dataSource.query('SELECT COUNT(*) AS n FROM senior');
    const answer = await officer.post('/seniors', { ...request, ...bend(request.idNumber) });
    expect(answer.body).toMatchObject({ code, zh: expect.stringMatching(/./), en: expect.stringMatching(/./) });
    expect(await test.dataSource.query('SELECT COUNT(*) AS n FROM senior')).toEqual([before]);
  });

  it('refuses the same ID number twice, even from two desks at once', async () => {
    const shared = idNumber('1950-05-05', 'F');
    const two = ['王一', '李二'].map((name) => officer.post('/seniors', newSenior(street, { name, birthDate: '1950-05-05', idNumber: shared })));
    const answers = await Promise.all(two);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'SENIOR.ID_NUMBER_TAKEN' });
  });

  it('warns of the same name and birth date until the desk has compared', async () => {
    await register(officer, newSenior(street, { name: '沈招娣', birthDate: '1941-09-09' }));
    const again = newSenior(street, { name: '沈招娣', birthDate: '1941-09-09' });
    expect((await officer.post('/seniors', again)).body).toMatchObject({ code: 'SENIOR.LOOKS_KNOWN', details: { count: 1 } });
    await officer.post('/seniors', { ...again, duplicateChecked: true }).expect(201);
  });

  it('says what to look at again', async () => {
    const phone = '13957112345';
    await register(officer, newSenior(street, { phone }));
    const answer = await officer.post('/seniors', newSenior(street, { phone, birthDate: '1940-01-01' })).expect(201);
    expect(answer.body.notes.sort()).toEqual(['customary-birth-date', 'shared-phone']);
    const digits = await officer.post('/seniors', newSenior(street, { phone: '13800002345' })).expect(201);
    expect(digits.body.notes).toEqual(['same-last-four']);
  });

  it('keeps rare characters exactly and shows markup as text', async () => {
    const { id } = await register(officer, newSenior(street, { name: '𠮷𡘙', address: '<img src=x onerror=alert(1)>' }));
    expect((await officer.get(`/seniors/${id}`)).body).toMatchObject({ name: '𠮷𡘙', address: '<img src=x onerror=alert(1)>' });
  });

  it('ignores nothing: unknown fields are refused', async () => {
    await officer.post('/seniors', { ...newSenior(street), status: 'active', isAdmin: true }).expect(400);
  });

  it('keeps an attendant to the own point', async () => {
    const answer = await attendant.post('/seniors', newSenior(street, { pointId: street.pointIds[1] }));
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: 'SENIOR.PLACE_UNKNOWN' });
  });
});

describe('who sees whom', () => {
  it('shows an attendant the own point only, answers 404 elsewhere and puts it on record', async () => {
    const { id } = await register(officer, newSenior(street, { pointId: street.pointIds[2], communityId: street.communityIds[1] }));
    await attendant.get(`/seniors/${id}`).expect(404);
    await neighbour.get(`/seniors/${id}`).expect(200);
    const lines = await test.dataSource.query("SELECT actor_id FROM audit_line WHERE action = 'access.denied' AND object_id = ?", [`GET /api/v1/seniors/${id}`]);
    expect(lines).toEqual([{ actor_id: attendant.staffId }]);
    const filtered = await attendant.get(`/seniors?pointId=${street.pointIds[2]}`).expect(200);
    expect(filtered.body).toMatchObject({ rows: [], total: 0 });
  });

  it.each(['finance', 'kitchen', 'dispatcher', 'crew', 'volunteer', 'supervisor', 'contractor', 'family'] as const)('keeps %s out', async (role) => {
    const other = await signIn(test, role, 'street', street.streetId);
    const { id } = await register(officer, newSenior(street));
    await other.get('/seniors').expect(403);
    await other.get(`/seniors/${id}`).expect(403);
    await other.get('/seniors/export').expect(403);
    await other.post(`/seniors/${id}/id-number`, { reason: '想看看' }).expect(403);
  });

  it('lets the auditor read without phones and addresses, and change nothing', async () => {
    const auditor = await signIn(test, 'auditor', 'street', street.streetId);
    const request = newSenior(street);
    const { id } = await register(officer, request);
    await officer.post(`/seniors/${id}/contacts`, { kind: 'emergency', relation: '女儿', name: '陈小红', phone: '13711112222' }).expect(201);
    const detail = (await auditor.get(`/seniors/${id}`).expect(200)).body;
    expect(detail).toMatchObject({
      address: '***', latitude: null, longitude: null, floor: null, doorNote: '', phone: expect.stringContaining('****'),
      contacts: [{ name: '陈**', phone: '137********' }],
    });
    await auditor.patch(`/seniors/${id}`, { phone: '13911113333' }).expect(403);
  });

  it('shows a whole ID number for a reason only, and says so in the history', async () => {
    const request = newSenior(street);
    const { id } = await register(attendant, request);
    await attendant.post(`/seniors/${id}/id-number`, {}).expect(400);
    expect((await attendant.post(`/seniors/${id}/id-number`, { reason: '办理怡老卡' }).expect(200)).body).toEqual({ idNumber: request.idNumber });
    const history = await attendant.get(`/seniors/${id}/history`).expect(200);
    expect(history.body.rows[0]).toMatchObject({ action: 'senior.id-number-revealed', detail: { reason: '办理怡老卡' } });
    expect(JSON.stringify(history.body)).not.toContain(request.idNumber);
  });

  it('hands a phone to whoever charges wallets for a reason only, on record', async () => {
    const request = newSenior(street);
    const { id } = await register(officer, request);
    expect((await attendant.get(`/seniors/${id}`).expect(200)).body).toMatchObject({ phone: `${request.phone.slice(0, 3)}********`, address: request.address });
    expect((await attendant.get(`/seniors?search=${request.phone}`).expect(200)).text).not.toContain(request.phone.slice(-4));
    await attendant.post(`/seniors/${id}/phone`, {}).expect(400);
    expect((await attendant.post(`/seniors/${id}/phone`, { reason: '没来取餐' }).expect(200)).body).toEqual({ phone: request.phone });
    await neighbour.post(`/seniors/${id}/phone`, { reason: '没来取餐' }).expect(404);
    expect((await attendant.get(`/seniors/${id}/history`).expect(200)).body.rows[0]).toMatchObject({ action: 'senior.phone-revealed', detail: { reason: '没来取餐' } });
  });
});

describe('finding a senior', () => {
  let id: string;
  let request: ReturnType<typeof newSenior>;
  const found = async (search: string, staff = officer): Promise<string[]> => {
    const answer = await staff.get(`/seniors?search=${encodeURIComponent(search)}`).expect(200);
    return seniorListAnswer.parse(answer.body).rows.map((row) => row.id);
  };
  beforeAll(async () => {
    request = newSenior(street, { name: '单田芳', sex: 'M', birthDate: '1934-12-17', phone: '13666660808' });
    ({ id } = await register(officer, request));
  });

  it.each([
    ['the whole name', '单田芳'], ['a part of it', '田芳'], ['initials with the surname read as one', 'stf'],
    ['initials in capitals', 'ST'], ['the phone', '13666660808'], ['the phone as written', '136-6666-0808'], ['the last four digits', '0808'],
  ])('by %s', async (_, search) => {
    expect(await found(search)).toContain(id);
  });

  it('by ID number in whole, never by a part of it', async () => {
    expect(await found(request.idNumber.toLowerCase())).toEqual([id]);
    expect(await found(request.idNumber.slice(0, 12))).toEqual([]);
  });

  it.each(['1000200030', '100020003000', '6200000000000009', '99000019341217080', '621099000000000808'])('by a card whose number begins %s, in whole, while it is in use and inside the scope', async (payload) => {
    const cardNo = `${payload}${cardCheckDigit(payload)}`;
    const { cardRef } = (await officer.post(`/seniors/${id}/cards`, { cardNo }).expect(201)).body as { cardRef: string };
    expect([await found(cardNo), await found(payload), await found(cardNo, neighbour)]).toEqual([[id], [], []]);
    await officer.post(`/seniors/${id}/cards/${cardRef}/block`, { reason: '丢了' }).expect(200);
    expect(await found(cardNo)).toEqual([]);
  });

  it('takes wildcards for what they are', async () => {
    expect(await found('%')).toEqual([]);
    expect(await found('_田_')).toEqual([]);
    expect(await found("' OR 1=1 --")).toEqual([]);
  });

  it('keeps to the scope whatever is searched', async () => {
    expect(await found(request.idNumber, neighbour)).toEqual([]);
    expect(await found('0808', neighbour)).toEqual([]);
  });

  it('filters by age on the day, category in force, face and status, and sorts by an allow-list', async () => {
    await officer.post(`/seniors/${id}/categories`, { code: 'alone', source: '社区', evidence: 'D-1', validFrom: '2026-01-01', validTo: '2026-11-24' }).expect(201);
    const query = async (text: string): Promise<string[]> => seniorListAnswer.parse((await officer.get(`/seniors?size=200&${text}`).expect(200)).body).rows.map((row) => row.id);
    expect(await query('minAgeYears=91')).toContain(id);
    expect(await query('minAgeYears=92')).not.toContain(id);
    test.clock.moveTo(new Date('2026-11-23T15:59:59Z'));
    expect(await query('category=alone')).toContain(id);
    test.clock.moveTo(new Date('2026-11-23T16:00:00Z'));
    expect(await query('category=alone')).not.toContain(id);
    expect(await query('face=enrolled')).toEqual([]);
    await officer.get('/seniors?sort=name;DROP').expect(400);
    await officer.get('/seniors?size=201').expect(400);
    await officer.get('/seniors?page=0').expect(400);
  });

  it('pages without losing or repeating anybody', async () => {
    const all = await found('');
    const pages: string[] = [];
    for (let page = 1; pages.length < all.length; page += 1) {
      const answer = await officer.get(`/seniors?size=3&page=${page}`).expect(200);
      const ids = (answer.body.rows as { id: string }[]).map((row) => row.id);
      expect(ids.length).toBeGreaterThan(0);
      pages.push(...ids);
    }
    expect(pages).toEqual(all);
  });

  it('exports what is seen, masked, with nothing that a spreadsheet would run', async () => {
    const answer = await officer.get('/seniors/export?search=stf').expect(200).expect('Content-Type', /text\/csv/);
    expect(answer.text.startsWith('\uFEFF"姓名 Name"')).toBe(true);
    expect(answer.text).toContain('"单田芳"');
    expect(answer.text).toContain('136********');
    expect(answer.text).not.toContain(request.idNumber);
    expect(answer.text.split('\r\n')).toHaveLength(3);
  });
});

describe('changing a senior', () => {
  it('moves phone, address and point together with their hashes', async () => {
    const { id } = await register(officer, newSenior(street, { phone: '13611110001' }));
    await officer.patch(`/seniors/${id}`, { phone: '13611119999', home: { address: '新家 5 号', latitude: 30.32, longitude: 120.36, floor: 5, hasLift: true, doorNote: '' } }).expect(200);
    await officer.patch(`/seniors/${id}`, { pointId: street.pointIds[2] }).expect(200);
    expect((await neighbour.get('/seniors?search=9999')).body.rows).toMatchObject([{ id }]);
    expect((await neighbour.get('/seniors?search=0001')).body.total).toBe(0);
    expect((await officer.get(`/seniors/${id}`)).body).toMatchObject({ address: '新家 5 号', phone: '13611119999', floor: 5, hasLift: true, pointId: street.pointIds[2] });
  });

  it('changes identity as a whole, with a reason', async () => {
    const { id } = await register(officer, newSenior(street));
    const fresh = { name: '陈桂珍', sex: 'F', birthDate: '1948-03-18', idNumber: idNumber('1948-03-18', 'F') };
    await officer.patch(`/seniors/${id}`, { identity: fresh }).expect(400);
    expect((await officer.patch(`/seniors/${id}`, { identity: { ...fresh, birthDate: '1948-03-19', reason: '录入有误' } })).body).toMatchObject({ code: 'PERSON.BIRTH_DATE_DISAGREES' });
    await officer.patch(`/seniors/${id}`, { identity: { ...fresh, reason: '录入有误' } }).expect(200);
    expect(parseIdNumber(fresh.idNumber).birthDate).toBe('1948-03-18');
    expect((await officer.get(`/seniors?search=${fresh.idNumber}`)).body.rows).toMatchObject([{ id, name: '陈桂珍' }]);
  });

  it('tells a corrected name to the kiosks that know the face, once, and says nothing where the name stays', async () => {
    const request = newSenior(street, { name: '张桂珍', sex: 'F' });
    const { id, personCode } = await register(officer, request);
    await officer.post(`/seniors/${id}/consents`, consent('face-point')).expect(201);
    await enrolledBeside(test, officer, id, captureOf(77));
    const kiosk = await enrolledKiosk(test, street.pointIds[0]);
    const before = await kiosk.gallery();
    const identity = { name: '张桂珍', sex: 'F', birthDate: request.birthDate, idNumber: request.idNumber, reason: '录入有误' };
    await officer.patch(`/seniors/${id}`, { identity }).expect(200);
    expect((await kiosk.gallery(before.seq)).put).toEqual([]);
    await officer.patch(`/seniors/${id}`, { identity: { ...identity, name: '章桂珍' } }).expect(200);
    const after = await kiosk.gallery(before.seq);
    const known = before.put.find((one) => one.personCode === personCode);
    expect([after.seq, after.remove]).toEqual([before.seq + 1, []]);
    expect(after.put).toEqual([{ ...known, maskedName: known?.maskedName.replace('张', '章') }]);
    expect(after.put[0]?.maskedName).toContain('章');
  });

  it('refuses to take over the ID number of somebody else, and an empty change', async () => {
    const other = newSenior(street);
    await register(officer, other);
    const { id } = await register(officer, newSenior(street));
    const answer = await officer.patch(`/seniors/${id}`, { identity: { name: '某某', sex: 'F', birthDate: other.birthDate, idNumber: other.idNumber, reason: '试试' } });
    expect(answer.body).toMatchObject({ code: 'SENIOR.ID_NUMBER_TAKEN' });
    expect((await officer.patch(`/seniors/${id}`, {})).body).toMatchObject({ code: 'SENIOR.NOTHING_TO_CHANGE' });
  });

  it('ends a registration and blocks its cards', async () => {
    const { id } = await register(officer, newSenior(street));
    await officer.post(`/seniors/${id}/cards`, { cardNo: '7992739871' + '3' }).expect(201);
    const death = { kind: 'death', from: '2026-11-20', source: '家属', evidence: '死亡证明 3' };
    await attendant.post(`/seniors/${id}/life-events`, death).expect(403);
    await officer.post(`/seniors/${id}/status`, { status: 'deceased', from: '2026-11-20', reason: '家属告知' }).expect(400);
    await officer.post(`/seniors/${id}/life-events`, death).expect(201);
    expect((await officer.post(`/seniors/${id}/status`, { status: 'active', from: '2026-11-24', reason: '又活了' })).body).toMatchObject({ code: 'SENIOR.ENDED_BY_EVENT' });
    const detail = (await officer.get(`/seniors/${id}`)).body;
    expect(detail).toMatchObject({ status: 'deceased', statusFrom: '2026-11-20', cards: [{ active: false, masked: '**** 8713' }] });
    expect((await officer.post(`/seniors/${id}/cards`, { cardNo: '79927398713' })).body).toMatchObject({ code: 'SENIOR.NOT_ACTIVE' });
  });
});

describe('categories, contacts, cards and diets', () => {
  it('keeps one category from holding twice on one day and only ends it earlier', async () => {
    const { id } = await register(officer, newSenior(street));
    const add = (validFrom: string, validTo: string | null) => officer.post(`/seniors/${id}/categories`, { code: 'allowance', source: '民政', evidence: 'M-7', validFrom, validTo });
    const first = await add('2026-01-01', '2027-01-01').expect(201);
    expect((await add('2026-12-31', null)).body).toMatchObject({ code: 'CATEGORY.OVERLAP' });
    await add('2027-01-01', null).expect(201);
    expect((await add('2030-01-01', '2030-01-01')).body).toMatchObject({ code: 'CATEGORY.VALIDITY_EMPTY' });
    const end = (validTo: string) => officer.post(`/seniors/${id}/categories/${first.body.id}/end`, { validTo, reason: '收入变化' });
    expect((await end('2028-01-01')).body).toMatchObject({ code: 'CATEGORY.NOT_LONGER' });
    await end('2026-06-01').expect(200);
    const categories = (await officer.get(`/seniors/${id}`)).body.categories as { code: string; inForce: boolean }[];
    expect(categories.map(({ code, inForce }) => [code, inForce])).toEqual([['allowance', false], ['allowance', false]]);
  });

  it('never lets a special senior in by the side door', async () => {
    const { id } = await register(officer, newSenior(street));
    await officer.post(`/seniors/${id}/categories`, { code: 'special-senior', source: '街道', evidence: 'X', validFrom: '2026-01-01', validTo: null }).expect(400);
    await attendant.post(`/seniors/${id}/categories`, { code: 'allowance', source: '民政', evidence: 'M', validFrom: '2026-01-01', validTo: null }).expect(403);
  });

  it('seals contacts', async () => {
    const { id } = await register(officer, newSenior(street));
    const added = await attendant.post(`/seniors/${id}/contacts`, { kind: 'collector', relation: '邻居', name: '张建国', phone: '137 1111 2222' }).expect(201);
    expect((await attendant.get(`/seniors/${id}`)).body.contacts).toEqual([{ id: added.body.id, kind: 'collector', relation: '邻居', name: '张建国', phone: '13711112222', takesMessages: false }]);
    const stored = JSON.stringify(await test.dataSource.query('SELECT * FROM senior_contact WHERE senior_id = ?', [id]));
    expect(stored).not.toContain('13711112222');
    expect(stored).not.toContain('张建国');
    await attendant.delete(`/seniors/${id}/contacts/${added.body.id}`).expect(200);
    expect((await attendant.delete(`/seniors/${id}/contacts/${added.body.id}`)).body).toMatchObject({ code: 'CONTACT.NOT_FOUND' });
  });

  it('records of contacts that are there whether they agree to messages: of family and guardians, whom alone they are sent to', async () => {
    const { id } = await register(officer, newSenior(street));
    const add = async (kind: string): Promise<string> => ((await attendant.post(`/seniors/${id}/contacts`, { kind, relation: '女儿', name: '陈小红', phone: '13711112222', takesMessages: kind === 'emergency' }).expect(201)).body as { id: string }).id;
    const [emergency, family] = [await add('emergency'), await add('family')];
    const agreed = async (): Promise<string[]> => (await attendant.get(`/seniors/${id}`)).body.contacts.filter((one: { takesMessages: boolean }) => one.takesMessages).map((one: { kind: string }) => one.kind);
    const set = (contactId: string, takesMessages: boolean) => attendant.put(`/seniors/${id}/contacts/${contactId}/messages`, { takesMessages });
    expect(await agreed()).toEqual([]);
    await set(family, true).expect(200);
    await set(family, true).expect(200);
    expect(await agreed()).toEqual(['family']);
    expect((await set(emergency, true).expect(422)).body).toMatchObject({ code: 'CONTACT.NOT_TOLD' });
    expect((await set(id, true).expect(404)).body).toMatchObject({ code: 'CONTACT.NOT_FOUND' });
    await set(family, false).expect(200);
    expect(await agreed()).toEqual([]);
    const [line] = await test.dataSource.query("SELECT COUNT(*) AS n FROM audit_line WHERE action = 'senior.contact-messages' AND object_id = ?", [id]);
    expect(Number(line.n)).toBe(2);
  });

  it('issues a card once and blocks it', async () => {
    const [one, two] = [await register(officer, newSenior(street)), await register(officer, newSenior(street))];
    expect((await attendant.post(`/seniors/${one.id}/cards`, { cardNo: '6222021234567890129' })).body).toMatchObject({ code: 'CARD.CHECKSUM' });
    const card = await attendant.post(`/seniors/${one.id}/cards`, { cardNo: '4111 1111 1111 1111' }).expect(201);
    expect(card.body.masked).toBe('**** 1111');
    expect((await attendant.post(`/seniors/${two.id}/cards`, { cardNo: '4111111111111111' })).body).toMatchObject({ code: 'CARD.TAKEN' });
    await attendant.post(`/seniors/${two.id}/cards/${card.body.cardRef}/block`, { reason: '不是他的' }).expect(404);
    await attendant.post(`/seniors/${one.id}/cards/${card.body.cardRef}/block`, { reason: '丢失' }).expect(200);
    expect((await attendant.get(`/seniors/${one.id}`)).body.cards).toMatchObject([{ active: false }]);
  });

  it('replaces the diets as a whole', async () => {
    const { id } = await register(officer, newSenior(street));
    await attendant.put(`/seniors/${id}/diets`, { diets: ['soft', 'low-salt', 'soft'] }).expect(200);
    await attendant.put(`/seniors/${id}/diets`, { diets: ['diabetic'] }).expect(200);
    expect((await attendant.get(`/seniors/${id}`)).body.diets).toEqual(['diabetic']);
    await attendant.put(`/seniors/${id}/diets`, { diets: ['fried'] }).expect(400);
  });
});

describe('places', () => {
  it('offers an attendant the own point and all communities of the street, an officer everything', async () => {
    const own = (await attendant.get('/seniors/places').expect(200)).body;
    expect(own.points.map((point: { id: string }) => point.id)).toEqual([street.pointIds[0]]);
    expect(own.communities).toHaveLength(2);
    expect((await officer.get('/seniors/places')).body.points).toHaveLength(3);
    const community = await signIn(test, 'street', 'community', street.communityIds[1]);
    const theirs = (await community.get('/seniors/places')).body;
    expect([theirs.points.length, theirs.communities.length]).toEqual([1, 1]);
  });
});
