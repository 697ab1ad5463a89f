import writeXlsxFile from 'write-excel-file/node';
import type { AdvanceRow, AdvancesAnswer, ContractorBillAnswer, ContractorRatesAnswer, ContractorStopsAnswer, ObjectionRow } from '../../src/contract/contractor.js';
import { stopNoOf } from '../../src/domain/closing/index.js';
import { newId } from '../../src/infra/ids.js';
import { Advances, Payables } from '../../src/modules/closing/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';

let day: ClosingDay;
let contractor: SignedIn;
let stranger: SignedIn;
let carrierId: string;
let stops: { id: string; name: string }[];
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);

/** Six stops of a hired crew: five delivered (one after a death, one without proof), one absent. */
async function insertStops(): Promise<void> {
  const [crewId, planId, tripId] = [newId(), newId(), newId()];
  await rows("INSERT INTO operator (id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name) VALUES (?, '速达配送', 'carrier', 'D-1', '2026-01-01', '2028-01-01', 'L-2', '2028-01-01', '速达配送')", [carrierId]);
  await rows("INSERT INTO crew (id, name, kind, operator_id, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, '速达一组', 'contractor', ?, 'point', ?, 'tricycle', 20, 600, 780)", [crewId, carrierId, day.pointIds[0]]);
  await rows(
    `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
     VALUES (?, 'point', ?, ?, 'lunch', 'final', 'test', 0, 1, 6, ?, ?)`, [planId, day.pointIds[0], day.day, '0'.repeat(64), day.test.clock.now()]);
  await rows(
    `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, left_at, closed_at)
     VALUES (?, ?, ?, 1, 39600, 40000, 40400, 6, 900, ?, ?)`, [tripId, planId, crewId, day.test.clock.now(), day.test.clock.now()]);
  stops = [];
  for (const [index, name] of ['周一', '钱二', '孙三', '李四', '吴五', '郑六'].entries()) {
    const senior = await dinerOf(day);
    await rows('UPDATE senior SET name = ? WHERE id = ?', [name, senior.seniorId]);
    if (index === 3) await rows("UPDATE senior SET status = 'deceased', status_from = '2026-11-20' WHERE id = ?", [senior.seniorId]);
    const [orderId, id] = [newId(), newId()];
    await rows(
      `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
       VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'delivered', 1, ?)`, [orderId, senior.seniorId, day.pointIds[0], day.day, day.test.clock.now()]);
    await rows(
      `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, result, proof, result_at)
       VALUES (?, ?, ?, ?, ?, 40000, 30, 60, 38000, 45000, ?, ?, ?)`,
      [id, tripId, index + 1, orderId, senior.seniorId, index === 2 ? 'absent' : 'delivered', index === 4 ? null : 'phone-last-two', day.test.clock.now()]);
    stops.push({ id, name });
  }
}

/** One more delivered stop of the same trip, which no bill has named. */
async function insertStop(): Promise<string> {
  const [{ seniorId }, orderId, id] = [await dinerOf(day), newId(), newId()];
  await rows(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
     VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'delivered', 1, ?)`, [orderId, seniorId, day.pointIds[0], day.day, day.test.clock.now()]);
  await rows(
    `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, result, proof, result_at)
     SELECT ?, route_trip_id, 7, ?, ?, 40000, 30, 60, 38000, 45000, 'delivered', 'phone-last-two', result_at FROM route_stop WHERE id = ?`, [id, orderId, seniorId, stops[5]?.id]);
  return id;
}

const no = (index: number): string => stopNoOf(stops[index]?.id ?? '');
const csv = (lines: string[]): string => Buffer.from(`\uFEFF日期,站号,姓名,金额\r\n${lines.join('\r\n')}\r\n合计,,,\r\n`.replace('合计,,,', ',,,')).toString('base64');
const BILL = (): string => csv([
  `${day.day},${no(0)},周一,5.00`, `${day.day},${no(0)},周一,5.00`, `${day.day},${no(1)},钱二,6`, `${day.day},${no(2)},"孙三",5`, `${day.day},${no(3)},李四,5.0`, `2026/11/24,,吴五,5`, `${day.day},ZZZZZZZZ,,5`,
]);
const send = (body: object, who = contractor, path = '/contractor-bills', key: string = newId()) => who.post(path, { invoiceNo: 'FP-001', fileName: '11月.csv', contentBase64: BILL(), ...body }).set('Idempotency-Key', key);

/** Proposed by the street, put in force by finance. */
async function agreeRate(perStopFen: number): Promise<void> {
  const { operators } = (await day.people.street.put('/contractor-rates', { operatorId: carrierId, validFrom: '2026-11-01', perStopFen, sourceDocument: '配送合同 D-1' }).expect(200)).body as ContractorRatesAnswer;
  const change = operators.find(({ operatorId }) => operatorId === carrierId)?.changes[0];
  expect(change).toMatchObject({ state: 'proposed', perStopFen, mayDecide: false });
  expect((await day.people.street.post(`/contractor-rates/${change?.changeId}/decision`, { approve: true })).body).toMatchObject({ code: 'RATE.SAME_PERSON' });
  const decided = (await day.people.finance.post(`/contractor-rates/${change?.changeId}/decision`, { approve: true }).expect(200)).body as ContractorRatesAnswer;
  expect(decided.operators.find(({ operatorId }) => operatorId === carrierId)?.rates[0]).toMatchObject({ perStopFen, validFrom: '2026-11-01' });
  expect((await day.people.finance.post(`/contractor-rates/${change?.changeId}/decision`, { approve: false })).body).toMatchObject({ code: 'RATE.DECIDED' });
}

beforeAll(async () => {
  day = await openClosingDay();
  carrierId = newId();
  await insertStops();
  contractor = await signIn(day.test, 'contractor', 'operator', carrierId);
  stranger = await signIn(day.test, 'contractor', 'operator', day.operatorId);
  await agreeRate(500);
});
afterAll(() => day.test.close());

describe('the contractor’s own page', () => {
  it('shows its stops of a day with what is missing, and those of nobody else', async () => {
    const page = (await contractor.get(`/contractor/stops?day=${day.day}`).expect(200)).body as ContractorStopsAnswer;
    expect(page).toMatchObject({ delivered: 5, noResult: 0, noProof: 1, rateFen: 500, isOpen: true, objectionsUntil: '2026-11-25T04:00:00.000Z' });
    expect(page.stops.map(({ missing }) => missing)).toEqual([null, null, null, null, 'no-proof', null]);
    expect(JSON.stringify(page)).not.toContain('周一');
    expect(((await stranger.get(`/contractor/stops?day=${day.day}`).expect(200)).body as ContractorStopsAnswer).stops).toEqual([]);
    await stranger.get(`/contractor/stops?operatorId=${carrierId}`).expect(404);
  });

  it('takes an objection until the next noon, once, and shows the street’s answer', async () => {
    const raise = (who: SignedIn, index: number) => who.post('/contractor/objections', { stopId: stops[index]?.id, text: '当时有邻居代收' });
    await raise(stranger, 2).expect(404);
    const { objection } = (await raise(contractor, 2).expect(200)).body as { objection: ObjectionRow };
    expect((await raise(contractor, 2)).body.code).toBe('OBJECTION.ALREADY_RAISED');
    day.at('12:00', '2026-11-25');
    expect((await raise(contractor, 4)).body.code).toBe('OBJECTION.TOO_LATE');
    day.at('11:59', '2026-11-25');
    await raise(contractor, 4).expect(200);
    const answer = (who: SignedIn) => who.post(`/contractor/objections/${objection.id}/answer`, { outcome: 'rejected', answer: '老人说没有收到' });
    await answer(contractor).expect(403);
    await answer(day.people.street).expect(200);
    expect((await answer(day.people.finance)).body.code).toBe('OBJECTION.ANSWERED');
    const page = (await contractor.get(`/contractor/stops?day=${day.day}`).expect(200)).body as ContractorStopsAnswer;
    expect(page.stops[2]?.objection).toMatchObject({ outcome: 'rejected', answer: '老人说没有收到' });
  });
});

describe('a bill', () => {
  let billId: string;

  it('is read and compared without being kept', async () => {
    const preview = (await send({}, contractor, '/contractor-bills/preview').expect(200)).body;
    expect(preview).toMatchObject({ billedFen: 3_600, agreedFen: 500, findings: { agreed: 1, 'no-proof': 1, duplicate: 1, 'amount-differs': 1, 'not-delivered': 1, 'after-end': 1, unknown: 1, 'not-billed': 1 } });
    expect(await rows('SELECT 1 FROM contractor_bill')).toHaveLength(0);
  });

  it('pays no stop at the home of somebody who lay in hospital that day', async () => {
    const stayId = newId();
    const [{ seniorId }] = await rows('SELECT senior_id AS seniorId FROM route_stop WHERE id = ?', [stops[0]?.id]) as [{ seniorId: string }];
    await rows("INSERT INTO life_event (id, senior_id, kind, from_day, to_day, source, evidence, detail, at) VALUES (?, ?, 'hospital', ?, NULL, '测试', '测试', '{}', ?)", [stayId, seniorId, day.day, day.test.clock.now()]);
    await rows("INSERT INTO senior_stay (id, senior_id, kind, from_day, to_day, active) VALUES (?, ?, 'hospital', ?, NULL, 1)", [stayId, seniorId, day.day]);
    // On the day of the way to hospital the meal may have come before; a nursing home begins with its first day.
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 500, findings: { 'after-end': 1 } });
    await rows("UPDATE senior_stay SET kind = 'nursing-home' WHERE id = ?", [stayId]);
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 0, findings: { 'after-end': 2 } });
    await rows("UPDATE senior_stay SET kind = 'hospital', from_day = '2026-11-23' WHERE id = ?", [stayId]);
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 0, findings: { 'after-end': 2 } });
    // Back home on that day: the day of return is a day at home.
    await rows('UPDATE senior_stay SET from_day = ?, to_day = ? WHERE id = ?', ['2026-11-01', day.day, stayId]);
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 500, findings: { 'after-end': 1 } });
  });

  it('pays a meal that a pause came too late for, and none that a plan asked for although it was paused', async () => {
    const planId = newId();
    const [{ seniorId, orderId }] = await rows<{ seniorId: string; orderId: string }>('SELECT senior_id AS seniorId, meal_order_id AS orderId FROM route_stop WHERE id = ?', [stops[0]?.id]);
    await rows("INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from, paused_from) VALUES (?, ?, 'lunch', 127, 'A', 'delivery', '2026-01-01', ?)", [planId, seniorId, day.day]);
    await rows('UPDATE meal_order SET standing_plan_id = ? WHERE id = ?', [planId, orderId]);
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 0, findings: { 'after-end': 2 } });
    await rows('UPDATE meal_order SET kept_on = 1 WHERE id = ?', [orderId]);
    expect((await send({}, contractor, '/contractor-bills/preview').expect(200)).body).toMatchObject({ agreedFen: 500, findings: { 'after-end': 1 } });
    await rows('UPDATE meal_order SET standing_plan_id = NULL, kept_on = 0 WHERE id = ?', [orderId]);
  });

  it('is kept once: the same number or the same file is refused, the same request answered again', async () => {
    const key = newId();
    const bill = (await send({}, contractor, '/contractor-bills', key).expect(200)).body as ContractorBillAnswer;
    billId = bill.id;
    expect(bill.lines.find(({ finding }) => finding === 'not-billed')).toMatchObject({ lineNo: null, stopNo: no(5), dinerName: '郑先生', billedFen: 0, expectedFen: 500 });
    expect(((await send({}, contractor, '/contractor-bills', key).expect(200)).body as ContractorBillAnswer).id).toBe(billId);
    expect((await send({ invoiceNo: 'FP-002' })).body.code).toBe('BILL.ALREADY_IMPORTED');
    expect((await send({ contentBase64: csv([`${day.day},${no(5)},,5`]) })).body.code).toBe('BILL.ALREADY_IMPORTED');
    await stranger.get(`/contractor-bills/${billId}`).expect(404);
  });

  it.each([['一个字', 'BILL.UNREADABLE'], ['日期,站号,金额\n2026-11-31x,AAAAAAAA,5', 'BILL.LINE_WRONG'], ['日期,站号,金额\n2026-11-24,AAAAAAAA,5.005', 'BILL.LINE_WRONG'],
    ['日期,站号,金额\n2026-11-24,AAAAAAAA,-5', 'BILL.LINE_WRONG'], ['日期,金额\n2026-11-24,5', 'BILL.UNREADABLE'], ['PK 坏的', 'BILL.UNREADABLE']])('that reads %j is refused', async (text, code) => {
    expect((await send({ invoiceNo: 'FP-9', contentBase64: Buffer.from(text).toString('base64') })).body.code).toBe(code);
  });

  it('pays agreed lines, each stop once, and sends the others back; not by the one who brought it', async () => {
    await rows('UPDATE contractor_bill SET uploaded_by = ? WHERE id = ?', [day.people.finance.staffId, billId]);
    expect((await day.people.finance.post(`/contractor-bills/${billId}/decide`, {})).body.code).toBe('BILL.SAME_PERSON');
    await rows('UPDATE contractor_bill SET uploaded_by = ? WHERE id = ?', [contractor.staffId, billId]);
    const bill = (await day.people.finance.post(`/contractor-bills/${billId}/decide`, {}).expect(200)).body as ContractorBillAnswer;
    expect(bill).toMatchObject({ state: 'decided', agreedFen: 500 });
    expect(bill.lines.filter(({ state }) => state === 'payable').map(({ finding }) => finding)).toEqual(['agreed']);
    expect((await day.people.street.post(`/contractor-bills/${billId}/decide`, {})).body.code).toBe('BILL.ALREADY_DECIDED');
    const payables = day.test.app.get(Payables, { strict: false });
    const agreed = await payables.agreedBetween({ operatorId: carrierId, pointIds: day.pointIds, from: '2026-11-01' as never, to: '2026-11-30' as never });
    expect(agreed.map(({ amountFen }) => amountFen)).toEqual([500]);
    await expect(rows('UPDATE contractor_payable SET amount_fen = 1')).rejects.toThrow(/append-only/);
  });

  it('of a next month as a workbook finds what was paid already', async () => {
    const header = ['日期', '站号', '姓名', '金额'].map((value) => ({ value, type: String }));
    const lines = [0, 5].map((index) => [{ value: day.day, type: String }, { value: no(index), type: String }, { value: '', type: String }, { value: 5, type: Number }]);
    const workbook = await writeXlsxFile([header, ...lines]).toBuffer();
    const bill = (await send({ invoiceNo: 'FP-003', fileName: '12月.xlsx', contentBase64: workbook.toString('base64') }).expect(200)).body as ContractorBillAnswer;
    expect(bill.findings).toMatchObject({ agreed: 1, duplicate: 1, unknown: 0 });
  });

  it('takes an objection to a line that came back, and pays it when the street upholds it, never more than the contract’s rate', async () => {
    const bill = (await contractor.get(`/contractor-bills/${billId}`).expect(200)).body as ContractorBillAnswer;
    const line = bill.lines.find(({ finding }) => finding === 'amount-differs');
    const raised = (await contractor.post('/contractor/objections', { billLineId: line?.id, text: '六楼加一元，见补充协议' }).expect(200)).body as { objection: ObjectionRow };
    expect(raised.objection).toMatchObject({ finding: 'amount-differs', billedFen: 600, stopNo: no(1) });
    await day.people.street.post(`/contractor/objections/${raised.objection.id}/answer`, { outcome: 'upheld', answer: '同意' }).expect(200);
    const paid = await rows<{ amount_fen: string }>('SELECT amount_fen FROM contractor_payable WHERE bill_line_id = ?', [line?.id]);
    expect(paid.map((row) => Number(row.amount_fen))).toEqual([500]);
  });

  it('pays a stop without proof only when the street, told by an objection, says so', async () => {
    const bill = (await contractor.get(`/contractor-bills/${billId}`).expect(200)).body as ContractorBillAnswer;
    const line = bill.lines.find(({ finding }) => finding === 'no-proof');
    expect(line).toMatchObject({ state: 'returned', billedFen: 500 });
    const { objection } = (await contractor.post('/contractor/objections', { billLineId: line?.id, text: '手机没电，没拍照，本人可作证' }).expect(200)).body as { objection: ObjectionRow };
    await day.people.finance.post(`/contractor/objections/${objection.id}/answer`, { outcome: 'upheld', answer: '电话核实过' }).expect(200);
    expect(await rows('SELECT 1 FROM contractor_payable WHERE bill_line_id = ?', [line?.id])).toHaveLength(1);
  });

  it.each([['unknown', 'OBJECTION.NOTHING_PAYABLE'], ['duplicate', 'OBJECTION.STOP_PAID']])('pays nothing silently: an objection to a line that is %s is not upheld', async (finding, code) => {
    const bill = (await contractor.get(`/contractor-bills/${billId}`).expect(200)).body as ContractorBillAnswer;
    const line = bill.lines.find((one) => one.finding === finding);
    const { objection } = (await contractor.post('/contractor/objections', { billLineId: line?.id, text: '这一站送到了' }).expect(200)).body as { objection: ObjectionRow };
    expect((await day.people.street.post(`/contractor/objections/${objection.id}/answer`, { outcome: 'upheld', answer: '同意' })).body).toMatchObject({ code });
    expect(await rows('SELECT 1 FROM contractor_payable WHERE bill_line_id = ?', [line?.id])).toHaveLength(0);
    await day.people.street.post(`/contractor/objections/${objection.id}/answer`, { outcome: 'rejected', answer: '请补开' }).expect(200);
  });

  it('leaves its trace in the audit record', async () => {
    const actions = await rows<{ action: string }>("SELECT DISTINCT action FROM audit_line WHERE action LIKE 'bill.%' OR action LIKE 'objection.%' OR action LIKE 'contractor-rate.%' ORDER BY action");
    expect(actions.map(({ action }) => action)).toEqual(['bill.decided', 'bill.imported', 'contractor-rate.proposed', 'contractor-rate.set', 'objection.raised', 'objection.rejected', 'objection.upheld']);
  });
});

describe('a meal that is taken back', () => {
  it('waits for a meal that a check asks back, and pays none that was taken back as no meal; one that was only priced anew was carried', async () => {
    const stopId = await insertStop();
    day.at('11:59');
    const { body: { mealId } } = await day.sell(await dinerOf(day));
    const findingId = newId();
    await rows(
      `INSERT INTO exception_finding (id, street_id, kind, identity, point_id, first_day, last_day, score, amount_fen, facts, reason_zh, reason_en, state, due_day, found_at, changed_at)
       VALUES (?, ?, 'double-claim', ?, ?, ?, ?, 90, 0, '{}', '一餐两报', 'claimed twice', 'open', ?, ?, ?)`,
      [findingId, day.streetId, `double-claim|${mealId}`, day.pointIds[0], day.day, day.day, day.day, day.test.clock.now(), day.test.clock.now()]);
    await rows("INSERT INTO claw_back (meal_id, finding_id, state, gross_fen, subsidy_fen, proposed_by, proposed_at) VALUES (?, ?, 'proposed', 2000, 0, ?, ?)", [mealId, findingId, newId(), day.test.clock.now()]);
    await rows('UPDATE route_stop SET meal_id = ? WHERE id = ?', [mealId, stopId]);
    const findings = async (): Promise<{ agreedFen: number; findings: Record<string, number> }> => (await send({ invoiceNo: 'FP-900', contentBase64: csv([`${day.day},${stopNoOf(stopId)},陈建国,5`]) }, contractor, '/contractor-bills/preview').expect(200)).body;
    expect(await findings()).toMatchObject({ agreedFen: 0, findings: { 'under-review': 1 } });
    await rows("UPDATE claw_back SET state = 'approved' WHERE meal_id = ?", [mealId]);
    expect(await findings()).toMatchObject({ agreedFen: 0, findings: { 'not-delivered': 1 } });
    await rows('UPDATE claw_back SET repriced_meal_id = ? WHERE meal_id = ?', [newId(), mealId]);
    expect(await findings()).toMatchObject({ agreedFen: 500, findings: { agreed: 1 } });
  });
});

describe('an advance', () => {
  const ask = (amountFen: number, who = stranger) => who.post('/advances', { amountFen, reason: '采购食材' }).set('Idempotency-Key', newId());
  const list = async (): Promise<AdvancesAnswer> => (await stranger.get('/advances').expect(200)).body as AdvancesAnswer;
  const decide = (id: string, who: SignedIn, approve = true) => who.post(`/advances/${id}/decide`, { approve, reason: '再等等' });

  beforeAll(async () => {
    day.at('12:00');
    await rows('DELETE FROM route_stop');
    await rows('DELETE FROM route_trip');
    const [{ before }] = await rows<{ before: number }>('SELECT COUNT(*) AS `before` FROM meal');
    for (let sold = Number(before); sold < 3; sold += 1) await day.sell(await dinerOf(day));
    day.at('13:45');
  });

  it('needs a closed day', async () => {
    expect((await ask(100)).body.code).toBe('ADVANCE.NO_DAYS');
    await rows('UPDATE portion_stock SET wasted = wasted + left_portions WHERE point_id = ?', [day.pointIds[0]]);
    await day.close();
    expect((await list()).open).toEqual([expect.objectContaining({ operatorId: day.operatorId, days: 1, baseFen: 1_080, mostFen: 540, sharePercent: 50 })]);
  });

  it('stays within the share, takes each day once, is approved by two others and deducted once', async () => {
    expect((await ask(541)).body).toMatchObject({ code: 'ADVANCE.TOO_MUCH', details: { mostFen: 540 } });
    const refused = ((await ask(540).expect(200)).body as { advance: AdvanceRow }).advance;
    expect((await ask(1)).body.code).toBe('ADVANCE.NO_DAYS');
    expect(((await decide(refused.id, day.people.street, false).expect(200)).body as { advance: AdvanceRow }).advance.state).toBe('refused');
    const both = await Promise.all([ask(300), ask(300)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    const { advance } = both.find(({ status }) => status === 200)?.body as { advance: AdvanceRow };
    expect(((await decide(advance.id, day.people.street).expect(200)).body as { advance: AdvanceRow }).advance.state).toBe('once-approved');
    expect((await decide(advance.id, day.people.street)).body.code).toBe('ADVANCE.SAME_PERSON');
    expect(((await decide(advance.id, day.people.finance).expect(200)).body as { advance: AdvanceRow }).advance.state).toBe('approved');
    expect((await decide(advance.id, day.people.finance)).body.code).toBe('ADVANCE.NOT_OPEN');
    const door = day.test.app.get(Advances, { strict: false });
    const due = { operatorId: day.operatorId, streetId: day.streetId, through: day.day };
    expect(await door.toDeduct(due)).toEqual([]);
    const cashier = await signIn(day.test, 'finance', 'street', day.streetId);
    await cashier.post(`/advances/${advance.id}/payment`, { bankReference: 'BK-2026-11-9', paidOn: day.day }).set('Idempotency-Key', newId()).expect(200);
    expect(await door.toDeduct(due)).toEqual([{ id: advance.id, amountFen: 300, lastDay: day.day }]);
    expect(await day.test.dataSource.transaction((tx) => door.deduct(tx, advance.id, '2026-11'))).toBe(true);
    expect(await day.test.dataSource.transaction((tx) => door.deduct(tx, advance.id, '2026-12'))).toBe(false);
    expect((await list()).rows.find(({ id }) => id === advance.id)).toMatchObject({ state: 'deducted', deductedIn: '2026-11' });
  });
});
