import type { ContractorBillAnswer, ContractorBillsAnswer, ContractorRatesAnswer, ContractorStopsAnswer, ObjectionRow, ObjectionsAnswer } from '../../src/contract/contractor.js';
import { stopNoOf } from '../../src/domain/closing/index.js';
import { newId } from '../../src/infra/ids.js';
import { ContractorBillsOfAStreet1700000000252 } from '../../migrations/1700000000252-contractor-bills-of-a-street.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { signIn, type SignedIn } from '../fixtures/signed-in.js';
import { insertSmallStreet, type SmallStreet } from '../fixtures/small-street.js';

/** A carrier with a crew in each of two streets; a crew of the first brings one meal of the second, and one of a third where it has no crew. */
let day: ClosingDay;
let contractor: SignedIn;
let foreign: SignedIn;
let other: SmallStreet;
let third: SmallStreet;
let tripId: string;
const carrierId = newId();
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);

async function insertCrew(name: string, pointId: string): Promise<string> {
  const crewId = newId();
  await rows("INSERT INTO crew (id, name, kind, operator_id, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, ?, 'contractor', ?, 'point', ?, 'tricycle', 20, 600, 780)", [crewId, name, carrierId, pointId]);
  return crewId;
}

async function insertTrip(): Promise<void> {
  await rows("INSERT INTO operator (id, name, kind, contract_no, contract_from, contract_to, licence_no, licence_valid_to, bank_account_name) VALUES (?, '速达配送', 'carrier', 'D-1', '2026-01-01', '2028-01-01', 'L-2', '2028-01-01', '速达配送')", [carrierId]);
  const [crewId, planId] = [await insertCrew('速达一组', day.pointIds[0]), newId()];
  tripId = newId();
  await insertCrew('速达二组', other.pointIds[0]);
  await rows(
    `INSERT INTO route_plan (id, depot_kind, depot_id, business_day, period, status, travel_time_source, estimated_doors, seed, orders, input_digest, created_at)
     VALUES (?, 'point', ?, ?, 'lunch', 'final', 'test', 0, 1, 6, ?, ?)`, [planId, day.pointIds[0], day.day, '0'.repeat(64), day.test.clock.now()]);
  await rows(
    `INSERT INTO route_trip (id, route_plan_id, crew_id, trip_no, depart_s, last_door_s, back_s, boxes, distance_m, left_at, closed_at)
     VALUES (?, ?, ?, 1, 39600, 40000, 40400, 6, 900, ?, ?)`, [tripId, planId, crewId, day.test.clock.now(), day.test.clock.now()]);
}

/** A meal brought to a door. @returns the stop's number */
let seq = 0;
async function insertStop(pointId: string, result: 'delivered' | 'absent' = 'delivered'): Promise<string> {
  const [senior, orderId, stopId] = [await dinerOf(day), newId(), newId()];
  await rows(
    `INSERT INTO meal_order (id, senior_id, point_id, business_day, period, set_code, fulfilment, source, status, active, created_at)
     VALUES (?, ?, ?, ?, 'lunch', 'A', 'delivery', 'order', 'delivered', 1, ?)`, [orderId, senior.seniorId, pointId, day.day, day.test.clock.now()]);
  await rows(
    `INSERT INTO route_stop (id, route_trip_id, seq, meal_order_id, senior_id, door_at_s, climb_s, door_s, window_start_s, window_end_s, result, proof, result_at)
     VALUES (?, ?, ?, ?, ?, 40000, 30, 60, 38000, 45000, ?, 'phone-last-two', ?)`, [stopId, tripId, seq += 1, orderId, senior.seniorId, result, day.test.clock.now()]);
  return stopNoOf(stopId);
}

let invoices = 0;
const bill = (lines: readonly (readonly [string, string])[], who = contractor) => who.post('/contractor-bills', {
  operatorId: carrierId, invoiceNo: `FP-${invoices += 1}`, fileName: '11月.csv',
  contentBase64: Buffer.from(['日期,站号,金额', ...lines.map(([stopNo, yuan]) => `${day.day},${stopNo},${yuan}`)].join('\r\n')).toString('base64'),
}).set('Idempotency-Key', newId());
const imported = async (lines: readonly (readonly [string, string])[], who = contractor): Promise<ContractorBillAnswer> => (await bill(lines, who).expect(200)).body as ContractorBillAnswer;
const decide = (billId: string, who = day.people.finance) => who.post(`/contractor-bills/${billId}/decide`, {});
const answer = (objectionId: string, who: SignedIn) => who.post(`/contractor/objections/${objectionId}/answer`, { outcome: 'upheld', answer: '同意' });
const paid = async (): Promise<number[]> => (await rows<{ fen: string }>('SELECT amount_fen AS fen FROM contractor_payable ORDER BY agreed_at, amount_fen')).map(({ fen }) => Number(fen));
const object = async (billLineId: string | null | undefined): Promise<string> =>
  ((await contractor.post('/contractor/objections', { billLineId, text: '当时送到了' }).expect(200)).body as { objection: ObjectionRow }).objection.id;

async function agreeRate(perStopFen: number): Promise<void> {
  const { operators } = (await day.people.street.put('/contractor-rates', { operatorId: carrierId, validFrom: '2026-11-01', perStopFen, sourceDocument: '配送合同 D-1' }).expect(200)).body as ContractorRatesAnswer;
  const change = operators.find(({ operatorId }) => operatorId === carrierId)?.changes[0];
  await day.people.finance.post(`/contractor-rates/${change?.changeId}/decision`, { approve: true }).expect(200);
}

let ours: string[];
let theirs: string;
beforeAll(async () => {
  day = await openClosingDay();
  other = await insertSmallStreet(day.test.dataSource, 'Q');
  third = await insertSmallStreet(day.test.dataSource, 'R');
  await insertTrip();
  ours = [];
  for (const result of ['delivered', 'absent', 'delivered', 'delivered'] as const) ours.push(await insertStop(day.pointIds[0], result));
  theirs = await insertStop(other.pointIds[0]);
  contractor = await signIn(day.test, 'contractor', 'operator', carrierId);
  foreign = await signIn(day.test, 'finance', 'street', other.streetId);
  await agreeRate(500);
});
afterAll(() => day.test.close());

const no = (index: number): string => ours[index] ?? '';

describe('a contractor that carries for two streets', () => {
  let kept: ContractorBillAnswer;

  it('shows each street its own stops, and all of them to itself', async () => {
    const page = async (who: SignedIn): Promise<string[]> =>
      ((await who.get(`/contractor/stops?day=${day.day}&operatorId=${carrierId}`).expect(200)).body as ContractorStopsAnswer).stops.map(({ stopNo }) => stopNo).sort();
    expect(await page(foreign)).toEqual([theirs]);
    expect(await page(day.people.street)).toEqual([...ours].sort());
    expect(await page(contractor)).toEqual([...ours, theirs].sort());
  });

  it('bills each apart: a bill of both, one brought by the other street, and one of no stop are refused', async () => {
    for (const [lines, who] of [[[[no(0), '5'], [theirs, '5']], contractor], [[[theirs, '5']], day.people.street], [[[no(0), '5']], foreign], [[['ZZZZZZZZ', '5']], contractor]] as const) {
      expect(await bill(lines, who)).toMatchObject({ status: 422, body: { code: 'BILL.ONE_STREET' } });
    }
    expect(await rows('SELECT 1 FROM contractor_bill')).toEqual([]);
  });

  it('is paid by the street of the bill: another street neither sees nor decides it', async () => {
    kept = await imported([[no(0), '5'], [no(1), '5'], ['ZZZZZZZZ', '5']]);
    expect(kept.findings).toMatchObject({ agreed: 1, 'not-delivered': 1, unknown: 1, 'not-billed': 2 });
    await decide(kept.id, foreign).expect(404);
    await foreign.get(`/contractor-bills/${kept.id}`).expect(404);
    expect(((await foreign.get('/contractor-bills').expect(200)).body as ContractorBillsAnswer).rows).toEqual([]);
    expect(await paid()).toEqual([]);
    await decide(kept.id).expect(200);
    expect(await paid()).toEqual([500]);
  });

  it.each(['not-delivered', 'unknown'])('has its objection to a line that is %s answered by the street of the stop or the bill', async (finding) => {
    const objectionId = await object(kept.lines.find((line) => line.finding === finding)?.id);
    const seen = async (who: SignedIn): Promise<boolean> => ((await who.get('/contractor/objections').expect(200)).body as ObjectionsAnswer).rows.some(({ id }) => id === objectionId);
    expect([await seen(foreign), await seen(day.people.street), await seen(contractor)]).toEqual([false, true, true]);
    const before = await paid();
    await answer(objectionId, foreign).expect(404);
    expect(await paid()).toEqual(before);
    await answer(objectionId, day.people.finance).expect(finding === 'unknown' ? 422 : 200);
    expect(await paid()).toEqual([500, 500]);
  });

  it('is known to a street where it only brings meals', async () => {
    const clerk = await signIn(day.test, 'finance', 'street', third.streetId);
    await clerk.get(`/contractor/stops?day=${day.day}&operatorId=${carrierId}`).expect(404);
    const stopNo = await insertStop(third.pointIds[2]);
    expect(((await clerk.get(`/contractor/stops?day=${day.day}&operatorId=${carrierId}`).expect(200)).body as ContractorStopsAnswer).stops.map((stop) => stop.stopNo)).toEqual([stopNo]);
    expect((await imported([[stopNo, '5']])).findings).toMatchObject({ 'no-rate': 1, 'not-billed': 0 });
    expect(((await clerk.get('/contractor-bills').expect(200)).body as ContractorBillsAnswer).rows).toHaveLength(1);
  });
});

describe('a rate that is agreed after the bill was brought', () => {
  it('counts when the bill is decided: the bill is matched again, shown, and then decided', async () => {
    const kept = await imported([[no(2), '5'], [no(3), '6']]);
    expect(kept).toMatchObject({ agreedFen: 500, findings: { agreed: 1, 'amount-differs': 1 } });
    await agreeRate(400);
    const before = await paid();
    expect(await decide(kept.id)).toMatchObject({ status: 409, body: { code: 'BILL.MATCHED_AGAIN' } });
    expect((await day.people.finance.get(`/contractor-bills/${kept.id}`).expect(200)).body).toMatchObject({ state: 'matched', agreedFen: 0, findings: { 'amount-differs': 2 } });
    const decided = (await decide(kept.id).expect(200)).body as ContractorBillAnswer;
    expect([decided.state, decided.agreedFen, await paid()]).toEqual(['decided', 0, before]);
    await agreeRate(600);
    for (const [billed, fen] of [[500, 500], [600, 600]]) {
      const line = decided.lines.find(({ billedFen }) => billedFen === billed);
      await answer(await object(line?.id), day.people.street).expect(200);
      expect(await rows('SELECT amount_fen AS fen FROM contractor_payable WHERE bill_line_id = ?', [line?.id])).toEqual([{ fen }]);
    }
  });
});

it('bills and rates of before are given to the streets of the stops', async () => {
  const bound = () => rows('SELECT id, street_id FROM contractor_bill ORDER BY id');
  const before = await bound();
  expect(await rows('SELECT 1 FROM contractor_rate WHERE street_id IN (?)', [[other.streetId, third.streetId]])).toEqual([]);
  const migration = new ContractorBillsOfAStreet1700000000252();
  const runner = day.test.dataSource.createQueryRunner();
  try {
    await migration.down(runner);
    await migration.up(runner);
  } finally {
    await runner.release();
  }
  expect(await bound()).toEqual(before);
  expect(await rows('SELECT DISTINCT per_stop_fen AS fen, valid_from AS day FROM contractor_rate WHERE street_id IN (?)', [[other.streetId, third.streetId]])).toEqual([{ fen: 600, day: '2026-11-01' }]);
});
