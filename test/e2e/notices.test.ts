import type { NoticeListAnswer, NoticeRecipientKind } from '../../src/contract/notices.js';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let own: LunchTime;
let other: SmallStreet;
beforeAll(async () => {
  test = await startApp();
  own = await insertLunchTime(test);
  other = await insertSmallStreet(test.dataSource, 'N');
  for (const street of [own, other]) await tellEverybody(street);
});
afterAll(() => test.close());

/** A notice to each kind of recipient of a street, with a text that names it. */
async function tellEverybody(street: SmallStreet): Promise<void> {
  const mark = street === other ? '别街' : '本街';
  const { seniorId } = await insertSenior(test, street, { pointIndex: 0 });
  const [crewId, contactId] = [newId(), newId()];
  await test.dataSource.query(
    `INSERT INTO crew (id, name, kind, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, '一组', 'own', 'kitchen', ?, 'tricycle', 30, 600, 800)`, [crewId, street.kitchenId]);
  await test.dataSource.query(
    "INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher) VALUES (?, ?, 'family', '女儿', 'x', 'x')", [contactId, seniorId]);
  const { staffId } = await signIn(test, 'attendant', 'point', street.pointIds[0]);
  const recipients: [NoticeRecipientKind, string][] = [
    ['street', street.streetId], ['community', street.communityIds[0]], ['community', street.communityIds[1]], ['point', street.pointIds[0]], ['point', street.pointIds[2]],
    ['kitchen', street.kitchenId], ['crew', crewId], ['senior', seniorId], ['contact', contactId], ['staff', staffId],
  ];
  for (const [index, [kind, id]] of recipients.entries()) {
    await test.dataSource.query(
      `INSERT INTO notice (id, kind, channel, recipient_kind, recipient_id, text, text_en, dedup_key, created_at) VALUES (?, 'load-late', 'test', ?, ?, ?, 'x', ?, ?)`,
      [newId(), kind, id, `${mark}${kind}${index}`, `${mark}${index}`, test.clock.now()]);
  }
}

async function read(reader: SignedIn): Promise<string[]> {
  const { rows, total } = (await reader.get('/notices').expect(200)).body as NoticeListAnswer;
  expect(total).toBe(rows.length);
  return rows.map(({ text }) => text.zh).sort();
}

describe('notices', () => {
  it('are read by the street they were sent in, whoever the recipient is, and by no other', async () => {
    const seen = await read(await signIn(test, 'street', 'street', own.streetId));
    expect(seen).toHaveLength(10);
    expect(seen.filter((text) => text.startsWith('别街'))).toEqual([]);
    expect(await read(await signIn(test, 'auditor', 'street', other.streetId))).toHaveLength(10);
  });

  it('are read in a community, at a point and in a kitchen where they concern them', async () => {
    expect(await read(await signIn(test, 'street', 'community', own.communityIds[0]))).toEqual(['本街community1', '本街contact8', '本街point3', '本街senior7']);
    expect(await read(await signIn(test, 'attendant', 'point', own.pointIds[2]))).toEqual(['本街point4']);
    expect(await read(await signIn(test, 'kitchen', 'kitchen', own.kitchenId))).toEqual(['本街kitchen5']);
  });
});
