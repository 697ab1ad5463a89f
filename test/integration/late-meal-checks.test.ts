import { homeOn } from '../../src/domain/exceptions/index.js';
import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { newId } from '../../src/infra/ids.js';
import { EventDays } from '../../src/modules/exceptions/event-days.query.js';
import { RunScan, ScanRuns, ScanSchedule } from '../../src/modules/exceptions/index.js';
import { StandingFactsOfStreet } from '../../src/modules/exceptions/standing-facts.query.js';
import { MealHistory, type PlantedMeal, type PlantedSenior, type PlantedStreet } from '../fixtures/meal-history.js';
import { scanNovember } from '../fixtures/planted-exceptions.js';
import { startApp, type TestApp } from '../fixtures/start-app.js';

let test: TestApp;
let history: MealHistory;
let street: PlantedStreet;

beforeAll(async () => {
  test = await startApp();
  history = new MealHistory(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  street = await history.street('迟到街道');
});

const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => test.dataSource.query<T[]>(sql, params);
const read = (day: string) => test.app.get(EventDays).read(test.dataSource.manager, street.pointIds, day as BusinessDay);
const found = (): Promise<{ kind: string; day: string; rows: string }[]> => rows(
  `SELECT f.kind, f.first_day AS day, GROUP_CONCAT(e.ref_id ORDER BY e.ref_id) AS \`rows\` FROM exception_finding f JOIN exception_evidence e ON e.finding_id = f.id
   WHERE f.street_id = ? GROUP BY f.id ORDER BY f.kind, f.first_day`, [street.streetId]);

async function senior(): Promise<PlantedSenior> {
  const one = await history.senior(street, '1946-05-01');
  await history.topUp(street, one, 50_000);
  return one;
}

/** A meal that was eaten on one day and booked on another. */
async function late(of: PlantedSenior, eaten: string, booked: string, kind: 'stop' | 'paper' | 'kiosk' | 'repriced' = 'stop', bookedAt = `${booked} 04:00:00`): Promise<PlantedMeal> {
  const meal = await history.meal({ street, point: 0, senior: of, day: booked });
  await rows('UPDATE entitlement_use SET active = NULL WHERE meal_id = ?', [meal.mealId]);
  await rows(
    `INSERT INTO late_line (id, kind, source_id, point_id, meal_day, period, senior_id, set_meal_id, channel, tender, identification, recorded_by, state, held_at, booked_on, booked_at, meal_id)
     VALUES (?, ?, ?, ?, ?, 'lunch', ?, ?, 'delivery', 'wallet', '{}', ?, 'booked', ?, ?, ?, ?)`,
    [newId(), kind, newId(), street.pointIds[0], eaten, of.id, newId(), newId(), bookedAt, booked, bookedAt, meal.mealId]);
  return meal;
}

describe('a meal that was booked later than it was eaten', () => {
  it.each(['stop', 'paper', 'kiosk', 'repriced'] as const)('is no second lunch of its booking day, and one of the day it was eaten (%s)', async (kind) => {
    const [honest, twice] = [await senior(), await senior()];
    await late(honest, '2026-11-10', '2026-11-19', kind);
    await history.meal({ street, point: 0, senior: honest, day: '2026-11-19' });
    const own = [await late(twice, '2026-11-11', '2026-11-19', kind), await history.meal({ street, point: 0, senior: twice, day: '2026-11-11' })];
    await scanNovember(test, street.streetId);
    expect(await found()).toEqual([{ kind: 'double-claim', day: '2026-11-11', rows: own.map(({ mealId }) => mealId).sort().join(',') }]);
  });

  it('is after a death only where it was eaten after it', async () => {
    const [honest, dead] = [await senior(), await senior()];
    await late(honest, '2026-11-10', '2026-11-19');
    const after = await late(dead, '2026-11-17', '2026-11-19');
    for (const { id } of [honest, dead]) await rows("UPDATE senior SET status = 'deceased', status_from = '2026-11-16' WHERE id = ?", [id]);
    await scanNovember(test, street.streetId);
    expect(await found()).toEqual([{ kind: 'after-death', day: '2026-11-17', rows: after.mealId }]);
  });

  it('is read once, on the day it was eaten, with what a kiosk saw', async () => {
    const of = await senior();
    const meals = [
      await late(of, '2026-11-10', '2026-11-12', 'kiosk'), await late(of, '2026-11-12', '2026-11-13'), await late(of, '2026-11-13', '2026-11-13', 'paper'),
      await history.meal({ street, point: 1, senior: of, day: '2026-11-12' }),
    ];
    const seen: string[] = [];
    for (let day = '2026-11-08' as BusinessDay; day <= '2026-11-16'; day = addDays(day, 1)) {
      const events = await read(day);
      for (const meal of events.meals) seen.push(`${meals.findIndex(({ mealId }) => mealId === meal.mealId)} ${meal.day} ${meal.onPaper ? 'paper' : 'seen'} ${meal.bookedLate === true ? 'late' : 'then'}`);
    }
    expect(seen.sort()).toEqual(['0 2026-11-10 seen late', '1 2026-11-12 paper late', '2 2026-11-13 paper late', '3 2026-11-12 seen then']);
  });

  it('is read by the night after its booking, however far back it was eaten', async () => {
    const of = await senior();
    const nightFrom = async (now: string, whole = false): Promise<string | undefined> => {
      test.clock.moveTo(new Date(now));
      await test.app.get(ScanSchedule).sweep();
      const [run] = (await test.app.get(ScanRuns).open()).filter(({ streetId }) => streetId === street.streetId);
      if (whole) await test.app.get(RunScan).execute(run?.scanId ?? '');
      else await test.app.get(ScanRuns).finish(run?.scanId ?? '', null);
      return run?.from;
    };
    await late(of, '2026-05-20', '2026-11-19');
    await history.meal({ street, point: 0, senior: of, day: '2026-05-20' });
    expect(await nightFrom('2026-11-23T19:00:00Z', true)).toBe('2026-05-01');
    expect((await found()).map(({ kind, day }) => `${kind} ${day}`)).toEqual(['double-claim 2026-05-20']);
    expect(await nightFrom('2026-11-24T19:00:00Z')).toBe('2026-07-01');
    await late(of, '2026-06-03', '2026-11-25', 'repriced', '2026-11-25 04:00:00');
    expect(await nightFrom('2026-11-25T19:00:00Z')).toBe('2026-06-01');
  });
});

describe('two halves of an act', () => {
  it('done by one person under two accounts are a lead for every kind of act about money', async () => {
    const [one, two, other] = [newId(), newId(), newId()];
    for (const id of [one, two, other]) {
      await rows("INSERT INTO staff (id, login_name, display_name, role, scope_kind, scope_id, password_hash, created_at) VALUES (?, ?, ?, 'finance', 'street', ?, 'x', '2026-01-01')", [id, `two-${id.slice(-8)}`, id === other ? '别人' : '同一人', street.streetId]);
    }
    const [meal, refused] = [await history.meal({ street, point: 0, senior: await senior(), day: '2026-11-10' }), await history.meal({ street, point: 0, senior: await senior(), day: '2026-11-10' })];
    const at = '2026-11-12 03:00:00';
    const { streetId, operatorIds: [operator] } = street;
    const [undo, part, rate, advance, receipt] = [newId(), newId(), newId(), newId(), newId()];
    await test.dataSource.transaction(async (tx) => {
      await tx.query('SET FOREIGN_KEY_CHECKS = 0'); // the events and transfers they rest on are of no interest here
      for (const [mealId, state] of [[meal.mealId, 'approved'], [refused.mealId, 'refused']]) {
        await tx.query('INSERT INTO claw_back (meal_id, life_event_id, state, gross_fen, subsidy_fen, proposed_by, proposed_at, decided_by, decided_at) VALUES (?)', [[mealId, newId(), state, 2000, 400, one, at, two, at]]);
      }
      await tx.query('SET FOREIGN_KEY_CHECKS = 1');
    });
    await rows('INSERT INTO payment_undo (id, street_id, object_kind, object_id, transfer_id, amount_fen, cause, reason, state, asked_by, asked_at, decided_by, decided_at, reversal_id) VALUES (?)', [[undo, streetId, 'claim', newId(), newId(), 100, 'mistaken', '', 'done', one, at, two, at, newId()]]);
    await rows('INSERT INTO own_part_settlement (id, street_id, operator_id, month, through_seq, amount_fen, state, drafted_by, drafted_at, paid_by, paid_at, transfer_id) VALUES (?)', [[part, streetId, operator, '2026-10', 1, 100, 'paid', one, at, two, at, newId()]]);
    await rows('INSERT INTO contractor_rate_change (id, operator_id, street_id, valid_from, per_stop_fen, source_document, state, proposed_by, proposed_at, decided_by, decided_at) VALUES (?)', [[rate, operator, streetId, '2026-11-13', 300, 'x', 'approved', one, at, two, at]]);
    await rows('INSERT INTO advance_request (id, operator_id, street_id, first_day, last_day, base_fen, share_percent, amount_fen, reason, state, asked_by, asked_at, first_by, first_at, second_by, second_at, paid_by, paid_at) VALUES (?)', [[advance, operator, streetId, '2026-11-01', '2026-11-10', 1000, 50, 100, '', 'paid', one, at, other, at, newId(), at, two, at]]);
    await rows('INSERT INTO transit_receipt (id, street_id, source, point_id, through_day, expected_fen, received_fen, fee_fen, bank_reference, received_on, note, state, recorded_by, recorded_at, decided_by, decided_at, transfer_id) VALUES (?)', [[receipt, streetId, 'qr', street.pointIds[1], '2026-11-10', 100, 90, 0, 'B-1', '2026-11-11', '', 'recorded', one, at, two, at, newId()]]);
    await scanNovember(test, streetId);
    expect((await found()).map((row) => `${row.kind} ${row.rows}`).sort()).toEqual([meal.mealId, undo, part, rate, `${advance}-asked-paid`, receipt].map((id) => `self-verified ${id}`).sort());
    const reasons = (await rows<{ en: string }>('SELECT reason_en AS en FROM exception_finding WHERE street_id = ?', [streetId])).map(({ en }) => en);
    expect(reasons).toContain('One person performed and verified the settlement of own parts 1 times');
  });
});

describe('what stood in the register on the day', () => {
  it('is the home a door is held against: the former until a move within the street, neither while it was under way', async () => {
    const { id } = await senior();
    const move = async (from: string, at: string, latitude: number): Promise<string> => {
      const eventId = newId();
      await rows("INSERT INTO life_event (id, senior_id, kind, from_day, source, evidence, detail, at) VALUES (?, ?, 'move-within', ?, 'x', 'x', '{}', ?)", [eventId, id, from, at]);
      await rows("INSERT INTO life_event_effect (life_event_id, consequence, n, before_state) VALUES (?, 'home', 1, ?)", [eventId, JSON.stringify({ latitude, longitude: 120.3 })]);
      return eventId;
    };
    await move('2026-11-10', '2026-11-12 03:00:00', 30.1);
    await move('2026-11-20', '2026-11-18 03:00:00', 30.2);
    const mistaken = await move('2026-11-05', '2026-11-22 03:00:00', 30.9);
    await rows("INSERT INTO life_event (id, senior_id, kind, from_day, source, evidence, detail, reverses_id, at) VALUES (?, ?, 'reversal', '2026-11-05', 'x', 'x', '{}', ?, '2026-11-23 03:00:00')", [newId(), id, mistaken]);
    const facts = (await test.app.get(StandingFactsOfStreet).read(test.dataSource.manager, street.streetId)).seniors.get(id);
    const homes = ['2026-11-09', '2026-11-10', '2026-11-12', '2026-11-13', '2026-11-18', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-24'].map((day) => homeOn(facts, day as BusinessDay)?.latitude ?? null);
    expect(homes).toEqual([30.1, null, null, 30.2, null, null, 30.3, null, 30.3]);
  });

  it('is the person of a face that was turned away, also under a record that was merged since', async () => {
    const [gone, stays] = [await senior(), await senior()];
    const deviceId = newId();
    await history.insert('device', { id: deviceId, point_id: street.pointIds[0], kind: 'kiosk', name: 'x', signing_key_jwk: '{}', sealing_key_jwk: '{}', status: 'active', enrolled_at: new Date('2026-01-01T00:00:00Z') });
    await rows("INSERT INTO face_refusal (id, device_id, point_id, person_code, cause, at, received_at) SELECT ?, ?, ?, person_code, 'liveness', '2026-11-10 03:00:00', '2026-11-10 03:00:00' FROM senior WHERE id = ?", [newId(), deviceId, street.pointIds[0], gone.id]);
    await rows("INSERT INTO person_merge (senior_id, into_senior_id, evidence, detail, merged_by, at) VALUES (?, ?, 'x', '{}', ?, '2026-11-20')", [gone.id, stays.id, newId()]);
    expect((await read('2026-11-10')).faceRefusals.map(({ seniorId }) => seniorId)).toEqual([stays.id]);
  });
});
