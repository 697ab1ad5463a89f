import writeExcelFile from 'write-excel-file/node';
import { requestOf } from '../../src/modules/life-events/imports/list-imports.js';
import type { ImportDetail } from '../../src/contract/list-imports.js';
import { newId } from '../../src/infra/ids.js';
import { idNumber, newSenior, register } from '../fixtures/people.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let street: SmallStreet;
let officer: SignedIn;
let second: SignedIn;

beforeAll(async () => {
  test = await startApp();
  street = await insertSmallStreet(test.dataSource);
  officer = await signIn(test, 'street', 'street', street.streetId);
  second = await signIn(test, 'street', 'street', street.streetId);
});
afterAll(() => test.close());

interface Known { id: string; name: string; idNumber: string; birthDate: string }
async function known(changes: Partial<ReturnType<typeof newSenior>> = {}): Promise<Known> {
  const request = newSenior(street, { duplicateChecked: true, ...changes });
  return { ...await register(officer, request), name: request.name, idNumber: request.idNumber, birthDate: request.birthDate };
}
const HEADER = '姓名,身份证号,出生日期,死亡日期';
const upload = (content: string | Buffer, fileName = 'deaths.csv', kind = 'death') =>
  officer.post('/list-imports', { kind, fileName, contentBase64: Buffer.from(content).toString('base64') });
const preview = async (content: string | Buffer, fileName?: string, kind?: string): Promise<ImportDetail> => {
  const answer = await upload(content, fileName, kind);
  expect([answer.status, answer.body.code]).toEqual([201, undefined]);
  return answer.body as ImportDetail;
};
const csv = (...lines: string[]): string => [HEADER, ...lines].join('\r\n');
const statusOf = async (id: string): Promise<string> => ((await officer.get(`/seniors/${id}`)).body as { status: string }).status;

describe('a list of deaths', () => {
  it('changes nothing before a second person confirms, then records each line once', async () => {
    const [a, b] = [await known(), await known()];
    const batch = await preview(csv(`${a.name},${a.idNumber},,2026-11-20`, `${b.name},${b.idNumber},${b.birthDate},2026/11/21`));
    expect(batch.lines.map(({ state, matchedBy, seniorId }) => [state, matchedBy, seniorId])).toEqual([['ready', 'id-number', a.id], ['ready', 'id-number', b.id]]);
    expect(batch.lines[0]?.idNumberMasked).not.toBe(a.idNumber);
    expect([await statusOf(a.id), await statusOf(b.id)]).toEqual(['active', 'active']);
    expect((await officer.post(`/list-imports/${batch.id}/confirm`)).body).toMatchObject({ code: 'IMPORT.SAME_PERSON' });
    const answers = await Promise.all([second.post(`/list-imports/${batch.id}/confirm`), second.post(`/list-imports/${batch.id}/confirm`)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect([await statusOf(a.id), await statusOf(b.id)]).toEqual(['deceased', 'deceased']);
    const events = await test.dataSource.query("SELECT COUNT(*) AS n FROM life_event WHERE kind = 'death' AND senior_id IN (?)", [[a.id, b.id]]);
    expect(Number(events[0].n)).toBe(2);
    expect((await second.post(`/list-imports/${batch.id}/confirm`)).body).toMatchObject({ done: 0, failed: 0 });
    expect((await upload(csv(`${a.name},${a.idNumber},,2026-11-20`, `${b.name},${b.idNumber},${b.birthDate},2026/11/21`))).body).toMatchObject({ code: 'IMPORT.SAME_FILE' });
    const again = await preview(csv(`${a.name},${a.idNumber},,2026-11-20`));
    expect(again.lines[0]).toMatchObject({ state: 'known', problem: 'known' });
    const file = await second.get(`/list-imports/${batch.id}/result`).expect(200);
    expect(file.text).toContain('"done"');
    expect(file.text).not.toContain(a.idNumber);
  });

  it('asks a person where only a name and a birth date agree, or a name differs', async () => {
    const [a, b, c] = [await known({ name: '沈阿大', birthDate: '1940-02-03' }), await known({ name: '沈阿大', birthDate: '1940-02-03' }), await known()];
    const batch = await preview(csv('沈阿大,,1940-02-03,2026-11-20', `陈另名,${c.idNumber},,2026-11-20`));
    expect(batch.lines.map(({ state, problem, candidates }) => [state, problem, candidates.map(({ id }) => id).sort()])).toEqual([
      ['needs-person', 'ambiguous', [a.id, b.id].sort()], ['needs-person', 'name-differs', [c.id]],
    ]);
    expect((await second.post(`/list-imports/${batch.id}/confirm`)).body).toMatchObject({ code: 'IMPORT.LINES_OPEN' });
    await officer.post(`/list-imports/${batch.id}/lines/${batch.lines[0]?.id}/match`, { seniorId: b.id }).expect(200);
    await officer.post(`/list-imports/${batch.id}/lines/${batch.lines[1]?.id}/match`, { seniorId: null }).expect(200);
    await second.post(`/list-imports/${batch.id}/confirm`).expect(200);
    expect([await statusOf(a.id), await statusOf(b.id), await statusOf(c.id)]).toEqual(['active', 'deceased', 'active']);
  });

  it.each([
    ['a formula', (one: Known) => `=HYPERLINK("x"),${one.idNumber},,2026-11-20`, 'formula', 'name'],
    ['an ID number that a spreadsheet ruined', (one: Known) => `${one.name},3.30102E+17,,2026-11-20`, 'id-ruined', 'idNumber'],
    ['a wrong check digit', (one: Known) => `${one.name},${one.idNumber.slice(0, 17)}${one.idNumber.endsWith('1') ? '2' : '1'},,2026-11-20`, 'id-checksum', 'idNumber'],
    ['an old number of 15 digits', (one: Known) => `${one.name},330102400203123,,2026-11-20`, 'id-fifteen', 'idNumber'],
    ['shifted columns', (one: Known) => `${one.name},1948-03-17,${one.idNumber},2026-11-20`, 'column-shifted', 'idNumber'],
    ['a day that does not exist', (one: Known) => `${one.name},${one.idNumber},,2026-02-30`, 'day-invalid', 'day'],
    ['a death to come', (one: Known) => `${one.name},${one.idNumber},,2027-01-01`, 'day-future', 'day'],
    ['another birth date', (one: Known) => `${one.name},${one.idNumber},1950-01-01,2026-11-20`, 'birth-differs', 'birthDate'],
    ['nobody', (one: Known) => `${one.name},,,2026-11-20`, 'who-missing', 'idNumber'],
    ['no name', (one: Known) => `,${one.idNumber},,2026-11-20`, 'name-missing', 'name'],
    ['somebody unknown', () => `王不在,${idNumber('1941-01-02', 'M')},,2026-11-20`, 'not-found', null],
  ])('says the row and the column of %s', async (_, lineOf, problem, column) => {
    const batch = await preview(csv('', lineOf(await known())));
    expect(batch.lines).toHaveLength(1);
    expect(batch.lines[0]).toMatchObject({ lineNo: 3, state: 'problem', problem, column });
  });

  it('takes the same person once', async () => {
    const one = await known();
    const batch = await preview(csv(`${one.name},${one.idNumber},,2026-11-20`, `${one.name},${one.idNumber.toLowerCase()},,2026-11-21`));
    expect(batch.lines.map(({ state, problem }) => [state, problem])).toEqual([['ready', null], ['problem', 'twice']]);
  });

  it.each([
    ['GBK', Buffer.concat([Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]), Buffer.from(',a\r\n1,2\r\n')]), 'IMPORT.ENCODING_GBK'],
    ['UTF-16', Buffer.from(`\uFEFF${HEADER}\n1,2`, 'utf16le'), 'IMPORT.ENCODING'],
    ['the old xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'IMPORT.OLD_EXCEL'],
    ['a broken xlsx', Buffer.from('PK\u0003\u0004nonsense'), 'IMPORT.NOT_READABLE'],
    ['a missing heading', Buffer.from('姓名,出生日期,死亡日期\n陈,1940-01-01,2026-11-20'), 'IMPORT.HEADER_MISSING'],
    ['an empty list', Buffer.from(`${HEADER}\n`), 'IMPORT.NO_ROWS'],
  ])('refuses %s in words', async (_, bytes, code) => {
    expect((await upload(bytes)).body).toMatchObject({ code });
  });

  it('reads UTF-8 with a byte order mark', async () => {
    const one = await known();
    expect((await preview(`\uFEFF${csv(`${one.name},${one.idNumber},,2026-11-20`)}`)).lines[0]?.state).toBe('ready');
  });
});

describe('a workbook of categories', () => {
  it('is read cell by cell: numbers are ruined ID numbers, formulas are no facts', async () => {
    const one = await known();
    const other = await known();
    const text = (value: string) => ({ type: String, value });
    const bytes = await writeExcelFile([
      ['姓名', '身份证号', '类别', '起始日期'].map(text),
      [text(one.name), text(one.idNumber), text('低保'), text('2026-12-01')],
      [text(other.name), { type: Number, value: 330_102_194_002_031_230 }, text('低保'), text('2026-12-01')],
      [text(other.name), text(other.idNumber), text('神仙'), text('2026-12-01')],
      [{ type: 'Formula', value: 'A2' }, text(other.idNumber), text('独居'), text('2026-12-01')],
    ] as never).toBuffer();
    const batch = await preview(bytes, 'list.xlsx', 'category');
    expect(batch.lines.map(({ lineNo, state, problem, column }) => [lineNo, state, problem, column])).toEqual([
      [2, 'ready', null, null], [3, 'problem', 'id-ruined', 'idNumber'], [4, 'problem', 'code-unknown', 'code'], [5, 'problem', 'formula', 'name'],
    ]);
    await second.post(`/list-imports/${batch.id}/confirm`).expect(200);
    const detail = (await officer.get(`/seniors/${one.id}`)).body as { categories: { code: string; validFrom: string }[] };
    expect(detail.categories).toMatchObject([{ code: 'allowance', validFrom: '2026-12-01' }]);
  });
});

describe('a confirmed line', () => {
  const CATEGORIES = '姓名,身份证号,类别,起始日期';

  it('of a list of categories never records a death, whatever it lacks', () => {
    const told = { from: '2026-11-20', source: '名单', evidence: '第2行' };
    const line = { name: '陈一', idNumber: null, birthDate: null, day: '2026-11-20' as never, to: null, code: null };
    expect(() => requestOf('category', line, told)).toThrow('IMPORT.CODE_MISSING');
    expect(() => requestOf('category', { ...line, code: 'special-senior' }, told)).toThrow('IMPORT.CODE_MISSING');
    expect(requestOf('category', { ...line, code: 'allowance' }, told)).toMatchObject({ kind: 'category-start', code: 'allowance' });
    expect(requestOf('death', line, told)).toMatchObject({ kind: 'death' });
  });

  it('that the register refuses keeps the real reason', async () => {
    const [a, b] = [await known(), await known()];
    const batch = await preview([CATEGORIES, `${a.name},${a.idNumber},低保,2026-11-20`, `${b.name},${b.idNumber},低保,2026-11-20`].join('\r\n'), 'c.csv', 'category');
    await officer.post(`/seniors/${a.id}/life-events`, { kind: 'death', from: '2026-11-21', source: '社区', evidence: '证明' }).expect(201);
    expect((await second.post(`/list-imports/${batch.id}/confirm`)).body).toMatchObject({ done: 1, failed: 1 });
    const { lines } = (await second.get(`/list-imports/${batch.id}`)).body as ImportDetail;
    expect(lines.map(({ state, problem, failure }) => [state, problem, failure])).toEqual([['failed', 'refused', 'LIFE_EVENT.ALREADY'], ['done', null, null]]);
    expect((await second.get(`/list-imports/${batch.id}/result`)).text).toContain('LIFE_EVENT.ALREADY');
  });
});

describe('a community', () => {
  it('imports for its own people only, and sees no other list', async () => {
    const otherId = newId();
    await test.dataSource.query('INSERT INTO community (id, street_id, name) VALUES (?, ?, ?)', [otherId, street.streetId, '别的社区']);
    const [mine, theirs] = [await known(), await known()];
    await test.dataSource.query('UPDATE senior SET community_id = ? WHERE id = ?', [otherId, theirs.id]);
    const [own, colleague, neighbour] = [
      await signIn(test, 'street', 'community', street.communityIds[0]), await signIn(test, 'street', 'community', street.communityIds[0]), await signIn(test, 'street', 'community', otherId),
    ];
    const file = { kind: 'death', fileName: 'd.csv', contentBase64: Buffer.from(csv(`${mine.name},${mine.idNumber},,2026-11-20`, `${theirs.name},${theirs.idNumber},,2026-11-20`)).toString('base64') };
    const batch = (await own.post('/list-imports', file).expect(201)).body as ImportDetail;
    expect(batch.lines.map(({ state, problem }) => [state, problem])).toEqual([['ready', null], ['problem', 'not-found']]);
    const line = batch.lines[1]?.id ?? '';
    expect((await own.post(`/list-imports/${batch.id}/lines/${line}/match`, { seniorId: theirs.id })).body).toMatchObject({ code: 'SENIOR.NOT_FOUND' });
    for (const path of ['', '/result']) await neighbour.get(`/list-imports/${batch.id}${path}`).expect(404);
    await neighbour.post(`/list-imports/${batch.id}/confirm`).expect(404);
    expect((await neighbour.get('/list-imports')).body).toMatchObject({ total: 0 });
    // The same file is another list for the other community.
    expect(((await neighbour.post('/list-imports', file).expect(201)).body as ImportDetail).lines.map(({ state }) => state)).toEqual(['problem', 'ready']);
    expect((await own.post('/list-imports', file)).body).toMatchObject({ code: 'IMPORT.SAME_FILE' });
    await colleague.post(`/list-imports/${batch.id}/confirm`).expect(200);
    expect([await statusOf(mine.id), await statusOf(theirs.id)]).toEqual(['deceased', 'active']);
    expect((await officer.get(`/list-imports/${batch.id}`)).status).toBe(200);
  });
});
