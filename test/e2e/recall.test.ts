import { randomUUID } from 'node:crypto';
import type { LotRow, RecallAnswer, RecallPeopleAnswer } from '../../src/contract/stock.js';
import { newId } from '../../src/infra/ids.js';
import { insertLunchTime, insertSenior, type LunchTime } from '../fixtures/lunch-time.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

describe('a lot from the door of the kitchen to the people who ate of it', () => {
  let test: TestApp;
  let street: LunchTime;
  let kitchen: SignedIn;
  let supervisor: SignedIn;
  let attendant: SignedIn;
  let ingredientId: string;
  let dishId: string;
  let supplierId: string;

  beforeAll(async () => {
    test = await startApp();
    street = await insertLunchTime(test);
    kitchen = await signIn(test, 'kitchen', 'kitchen', street.kitchenId);
    supervisor = await signIn(test, 'supervisor', 'street', street.streetId);
    attendant = await signIn(test, 'attendant', 'point', street.pointIds[0]);
    ingredientId = newId();
    await test.dataSource.query(
      "INSERT INTO ingredient (id, kitchen_id, name, food_group, allergens, fen_per_kg, updated_at) VALUES (?, ?, '五花肉', 'meat', '[]', 4200, ?)", [ingredientId, street.kitchenId, test.clock.now()],
    );
    dishId = (await test.dataSource.query<{ dish_id: string }[]>('SELECT dish_id FROM set_meal_dish WHERE set_meal_id = ?', [street.setMealId]))[0]?.dish_id ?? '';
    await save('良品肉业', '2027-06-30').expect(200);
    supplierId = (await kitchen.get('/kitchen/suppliers').expect(200)).body.suppliers[0].id;
  });
  afterAll(() => test.close());

  const save = (name: string, licenceValidTo: string) =>
    kitchen.post('/kitchen/suppliers', { name, address: '杭州市钱塘区一号路 1 号', contact: '李经理 0571-86910000', licenceNo: 'JY133', licenceValidTo });
  const receive = (change: object = {}, key = randomUUID()) => kitchen.post('/kitchen/lots', {
    supplierId, ingredientId, spec: '冷鲜 10 kg/箱', grams: 20_000, producedOn: '2026-11-23', producerBatch: 'B-77', shelfLifeDays: 5, proof: '检疫票 3301', arrivalC: 3.5, costFen: 84_000, ...change,
  }).set('Idempotency-Key', key);
  const received = async (change: object = {}): Promise<LotRow> => (await receive(change).expect(201)).body.lot;
  const issue = (batchId: string, grams: number, key = randomUUID()) => kitchen.post('/kitchen/lots/issue', { batchId, ingredientId, grams }).set('Idempotency-Key', key);
  const planned = async (): Promise<string> =>
    (await kitchen.post('/kitchen/batches', { day: street.day, dishId, portions: 50, wave: 1, pot: '1', readyMin: 570 }).expect(201)).body.batch.id;
  async function release(batchId: string): Promise<void> {
    await kitchen.post('/kitchen/batches/cooked', { batchId, portions: 50, coreC: 78 }).expect(200);
    await kitchen.post('/kitchen/batches/sample', { batchId, grams: 130, container: '1', fridge: 'F1', fridgeC: 4 }).expect(200);
    await kitchen.post('/kitchen/batches/release', { batchId, reason: '外购成品' }).expect(200);
  }
  async function load(pointId: string, portions: number): Promise<void> {
    const { load: sealed } = (await kitchen.post('/kitchen/loads', { pointId, items: [{ setMealId: street.setMealId, sent: portions }] }).set('Idempotency-Key', randomUUID()).expect(201)).body;
    await kitchen.post(`/kitchen/loads/${sealed.id}/leave`, {}).expect(200);
  }

  it('takes goods in with all that the law asks for, from licensed suppliers only', async () => {
    const lot = await received();
    expect(lot).toMatchObject({
      lotNo: '261124-001', name: '五花肉', spec: '冷鲜 10 kg/箱', receivedG: 20_000, leftG: 20_000, producedOn: '2026-11-23', producerBatch: 'B-77', shelfLifeDays: 5, expiresOn: '2026-11-28',
      supplierName: '良品肉业', supplierAddress: '杭州市钱塘区一号路 1 号', supplierContact: '李经理 0571-86910000', label: '(17)261128(3103)020000(10)261124-001', shelf: 'good',
    });
    await receive({ producedOn: '2026-11-01' }).expect(422).expect((answer) => expect(answer.body.code).toBe('STOCK.LOT_EXPIRED'));
    // A slip in the year would keep it good for a year more.
    await receive({ producedOn: '2027-11-23' }).expect(422).expect((answer) => expect(answer.body).toMatchObject({ code: 'STOCK.PRODUCED_IN_FUTURE', details: { producedOn: '2027-11-23' } }));
    await receive({ producedOn: '2026-11-25' }).expect(422);
    await save('过期供货商', '2026-11-23').expect(200);
    await save('过期供货商', '2027-11-23').expect(409);
    const expired = (await kitchen.get('/kitchen/suppliers').expect(200)).body.suppliers.find(({ licence }: { licence: string }) => licence === 'expired');
    await receive({ supplierId: expired.id }).expect(422).expect((answer) => expect(answer.body.code).toBe('STOCK.LICENCE_EXPIRED'));
    await receive({ supplierId: newId() }).expect(404);
    const key = randomUUID();
    expect((await receive({}, key).expect(201)).body.lot.id).toBe((await receive({}, key).expect(201)).body.lot.id);
  });

  it('issues what expires first, never more than there is, and keeps every movement', async () => {
    const soon = await received({ shelfLifeDays: 2, grams: 1_000 });
    const batchId = await planned();
    const { issued } = (await issue(batchId, 3_000).expect(200)).body;
    expect(issued[0]).toMatchObject({ lotId: soon.id, grams: 1_000 });
    await issue(batchId, 9_000_000).expect(422).expect((answer) => expect(answer.body.code).toBe('STOCK.NOT_ENOUGH'));
    // The opened box in hand, and not the one that the server would take.
    const [early, late] = [await received({ shelfLifeDays: 2, grams: 1_000 }), await received({ shelfLifeDays: 9, grams: 1_000 })];
    const fromHand = (change: object = {}) => kitchen.post('/kitchen/lots/issue', { batchId, ingredientId, grams: 600, lotId: late.id, ...change }).set('Idempotency-Key', randomUUID());
    await fromHand().expect(422).expect((answer) => expect(answer.body).toMatchObject({ code: 'STOCK.EARLIER_LOT', details: { lotNo: early.lotNo } }));
    expect((await fromHand({ reason: '已经拆箱' }).expect(200)).body.issued).toEqual([{ lotId: late.id, lotNo: late.lotNo, grams: 600 }]);
    await fromHand({ reason: '已经拆箱', grams: 500 }).expect(422).expect((answer) => expect(answer.body.code).toBe('STOCK.NOT_ENOUGH'));
    // What goes back is no part of the pot any more, and a recall no longer follows it there.
    const giveBack = (grams: number) => kitchen.post('/kitchen/lots/return', { batchId, lotId: late.id, grams, reason: '领错箱' }).set('Idempotency-Key', randomUUID());
    const reached = async (): Promise<string[]> => (await kitchen.get(`/kitchen/recalls/trace?lotId=${late.id}`).expect(200)).body.batches.map(({ id }: { id: string }) => id);
    expect(await reached()).toContain(batchId);
    await giveBack(601).expect(422).expect((answer) => expect(answer.body).toMatchObject({ code: 'STOCK.NOT_ISSUED', details: { issuedG: 600 } }));
    expect((await giveBack(600).expect(200)).body.lot.leftG).toBe(1_000);
    await giveBack(1).expect(422);
    for (const { id: lotId } of [early, late]) await kitchen.post('/kitchen/lots/count', { lotId, countedG: 0, thrown: true, reason: '试完' }).set('Idempotency-Key', randomUUID()).expect(200);
    const counted = (await kitchen.post('/kitchen/lots/count', { lotId: issued[1].lotId, countedG: 17_500, reason: '盘点' }).set('Idempotency-Key', randomUUID()).expect(200)).body.lot;
    expect(counted.leftG).toBe(17_500);
    const { movements, qr } = (await kitchen.get(`/kitchen/lots/movements?lotId=${issued[1].lotId}`).expect(200)).body;
    expect(movements.map(({ kind, grams }: { kind: string; grams: number }) => [kind, grams])).toEqual([['received', 20_000], ['issued', -2_000], ['counted', -500]]);
    expect(qr).toMatch(/^data:image\/png/);
    const [sum] = await test.dataSource.query('SELECT COUNT(*) AS wrong FROM stock_lot l WHERE l.left_g <> (SELECT SUM(grams) FROM stock_movement WHERE lot_id = l.id)');
    expect(Number(sum.wrong)).toBe(0);
    await expect(test.dataSource.query('UPDATE stock_movement SET grams = 1')).rejects.toThrow('append-only');
  });

  it('reaches the people of a lot with their telephones, stops its sale before money moves, and ends by two', async () => {
    const lot = await received({ shelfLifeDays: 1, producerBatch: 'B-78' });
    // The same batch of the same producer came in twice, and the pot took from the other receipt.
    const twin = await received({ shelfLifeDays: 1, producerBatch: 'B-78', grams: 1_000 });
    const batchId = await planned();
    await issue(batchId, 4_000).expect(200);
    await release(batchId);
    await load(street.pointIds[0], 20);
    const eater = await insertSenior(test, street, {});
    const later = await insertSenior(test, street, {});
    await test.dataSource.query("INSERT INTO senior_contact (id, senior_id, kind, relation, name_cipher, phone_cipher) SELECT ?, id, 'family', '女儿', phone_cipher, phone_cipher FROM senior WHERE id = ?", [newId(), eater.seniorId]);
    const due = (await attendant.post('/desk/quotes', { seniorId: eater.seniorId, setMealId: street.setMealId, channel: 'eat-in' }).expect(200)).body.dueFen as number;
    const sale = (seniorId: string, last4: string) => attendant.post('/desk/sales', {
      diner: { kind: 'senior', seniorId, reason: 'needs-help', factor: { kind: 'digits', last4 } }, setMealId: street.setMealId, channel: 'eat-in', tender: 'qr', expectedDueFen: due,
    }).set('Idempotency-Key', randomUUID());
    await sale(eater.seniorId, eater.last4).expect((answer) => expect([answer.status, answer.body.code]).toEqual([answer.status < 300 ? answer.status : 200, undefined]));

    const preview = (await supervisor.get(`/kitchen/recalls/trace?lotId=${lot.id}`).expect(200)).body;
    expect(preview).toMatchObject({ people: 1, lots: [{ lotNo: lot.lotNo }, { lotNo: twin.lotNo }], batches: [{ id: batchId, sample: 'F1 1' }], points: [{ id: street.pointIds[0] }] });
    const opened = (await supervisor.post('/kitchen/recalls', { lotId: lot.id, reason: '供货商通知抽检不合格' }).expect(201)).body as RecallAnswer;
    expect(opened.recall).toMatchObject({ state: 'open', dishes: [{ dishName: '红烧肉', day: street.day }] });
    await supervisor.post('/kitchen/recalls', { lotId: lot.id, reason: '再按一次' }).expect(409);
    await supervisor.post('/kitchen/recalls', { lotId: twin.id, reason: '同一批货' }).expect(409);
    await receive({ shelfLifeDays: 1, producerBatch: 'B-78' }).expect(422).expect((answer) => expect(answer.body.code).toBe('STOCK.LOT_RECALLED'));
    expect((await kitchen.get('/kitchen/lots').expect(200)).body.lots.filter(({ state }: LotRow) => state === 'recalled').map(({ id }: LotRow) => id).sort()).toEqual([lot.id, twin.id].sort());

    const before = await test.dataSource.query('SELECT (SELECT COUNT(*) FROM transfer) AS transfers, (SELECT COUNT(*) FROM meal) AS meals, (SELECT COUNT(*) FROM entitlement_use) AS uses');
    await sale(later.seniorId, later.last4).expect(422).expect((answer) => expect(answer.body.code).toBe('PAYMENT.MEAL_RECALLED'));
    expect(await test.dataSource.query('SELECT (SELECT COUNT(*) FROM transfer) AS transfers, (SELECT COUNT(*) FROM meal) AS meals, (SELECT COUNT(*) FROM entitlement_use) AS uses')).toEqual(before);
    await kitchen.post('/kitchen/loads', { pointId: street.pointIds[1], items: [{ setMealId: street.setMealId, sent: 3 }] }).set('Idempotency-Key', randomUUID())
      .expect(422).expect((answer) => expect(answer.body.code).toBe('BATCH.NOT_ENOUGH_RELEASED'));

    const { people } = (await supervisor.get(`/kitchen/recalls/people?recallId=${opened.recall.id}`).expect(200)).body as RecallPeopleAnswer;
    expect(people).toHaveLength(1);
    expect(people[0]).toMatchObject({ seniorId: eater.seniorId, phone: expect.stringMatching(/^1\d{10}$/), pointName: '第1助餐点', how: 'eat-in', families: [{ relation: '女儿' }] });
    const looks = await test.dataSource.query("SELECT 1 FROM audit_line WHERE action = 'recall.people-read' AND actor_id = ?", [supervisor.staffId]);
    expect(looks).toHaveLength(1);
    const told = await test.dataSource.query<{ recipient_kind: string }[]>("SELECT recipient_kind FROM notice WHERE kind = 'recall-opened' ORDER BY recipient_kind");
    expect(told.map((notice) => notice.recipient_kind)).toEqual(['point', 'street']);

    const recallId = opened.recall.id;
    await supervisor.post('/kitchen/recalls/undo', { recallId }).expect(409).expect((answer) => expect(answer.body.code).toBe('RECALL.NOT_ASKED'));
    await supervisor.post('/kitchen/recalls/undo-ask', { recallId, reason: '复检合格' }).expect(200);
    await supervisor.post('/kitchen/recalls/undo', { recallId }).expect(422).expect((answer) => expect(answer.body.code).toBe('RECALL.SAME_PERSON'));
    await sale(later.seniorId, later.last4).expect(422);
    const head = await signIn(test, 'street', 'street', street.streetId);
    expect((await head.post('/kitchen/recalls/undo', { recallId }).expect(200)).body.recall).toMatchObject({ state: 'undone', undoReason: '复检合格' });
    expect((await kitchen.get('/kitchen/lots').expect(200)).body.lots.filter(({ state }: LotRow) => state === 'recalled')).toEqual([]);
    await sale(later.seniorId, later.last4).expect((answer) => expect(answer.status).toBeLessThan(300));
  });

  it('buys what recipes and stock leave open, in whole packs, and names dishes without a recipe', async () => {
    const tomorrow = '2026-11-25';
    const setId = newId();
    await test.dataSource.query("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤两素', 1500, '[]')", [setId, street.kitchenId, tomorrow]);
    await test.dataSource.query('INSERT INTO set_meal_dish (set_meal_id, dish_id) VALUES (?, ?)', [setId, dishId]);
    const { seniorId } = await insertSenior(test, street, {});
    await test.dataSource.query(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'collect', 'order', 'placed', 1, ?)`, [newId(), seniorId, street.pointIds[0], tomorrow, test.clock.now()],
    );
    const list = async () => (await kitchen.get('/kitchen/purchases').expect(200)).body;
    const portions = (await list()).withoutRecipe[0].portions as number;
    expect(portions).toBeGreaterThanOrEqual(1);
    const recipeId = newId();
    await test.dataSource.query('INSERT INTO recipe (id, dish_id, version, portions, cooking_yield, written_at) VALUES (?, ?, 1, 10, 0.8, ?)', [recipeId, dishId, test.clock.now()]);
    await test.dataSource.query('INSERT INTO recipe_ingredient (recipe_id, ingredient_id, purchased_g) VALUES (?, ?, 300000000.0)', [recipeId, ingredientId]);
    await kitchen.put('/kitchen/purchases/pack', { ingredientId, packG: 10_000 }).expect(200);
    // Pots that stand planned for today take their goods first; here none does.
    await test.dataSource.query("UPDATE kitchen_batch SET state = 'dropped' WHERE state = 'planned'");
    const { lines, withoutRecipe } = await list();
    expect(withoutRecipe).toEqual([]);
    const stock = Number((await test.dataSource.query("SELECT SUM(left_g) AS grams FROM stock_lot WHERE expires_on >= ? AND state = 'open'", [tomorrow]))[0].grams);
    expect(lines[0]).toMatchObject({ name: '五花肉', needG: 30_000_000 * portions, stockG: stock, packG: 10_000, packs: Math.ceil((30_000_000 * portions - stock) / 10_000) });
  });

  it('shows nothing of another kitchen', async () => {
    const lot = await received();
    const other = await insertLunchTime(test, { codes: 'Y' });
    const stranger = await signIn(test, 'kitchen', 'kitchen', other.kitchenId);
    await stranger.post('/kitchen/recalls', { lotId: lot.id, reason: '不是我的' }).expect(404);
    await stranger.get(`/kitchen/lots/movements?lotId=${lot.id}`).expect(404);
    await stranger.post('/kitchen/lots/count', { lotId: lot.id, countedG: 1, reason: '不是我的' }).set('Idempotency-Key', randomUUID()).expect(404);
    expect((await stranger.get('/kitchen/lots').expect(200)).body.lots).toEqual([]);
    await kitchen.post('/kitchen/recalls', { reason: '什么都没有' }).expect(400).expect((answer) => expect(answer.body.code).toBe('RECALL.ONE_THING'));
  });
});
