import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../src/domain/kernel/seeded-random.js';
import { newId } from '../../src/infra/ids.js';
import type { StaffIdentity } from '../../src/infra/http/request-context.js';
import type { StaffId } from '../../src/domain/kernel/ids.js';
import { insertSenior, type LunchTime, insertLunchTime } from '../../test/fixtures/lunch-time.js';
import type { TestApp } from '../../test/fixtures/start-app.js';

export interface SimulatedWeek {
  readonly seed: number;
  readonly days: readonly BusinessDay[];
  readonly street: LunchTime;
  readonly crews: readonly { readonly id: string; readonly pointId: string; readonly staff: StaffIdentity }[];
  readonly dispatcher: StaffIdentity;
  /** Husbands and wives of people who have a lunch brought: they ring on the day. */
  readonly spouses: readonly string[];
  readonly chance: () => number;
}

const DEGREES_PER_M = 1 / 111_195;

/** A street of three points, three crews each, and people, some of them couples, who have a lunch brought every day, some very old, some high up, some far out. */
export async function layWeek(world: TestApp, given: { seed: number; diners: number; days: number }): Promise<SimulatedWeek> {
  const random = new SeededRandom(`simulate-delivery/${given.seed}`);
  const chance = (): number => random.next();
  const street = await insertLunchTime(world);
  const days = Array.from({ length: given.days }, (_, index) => addDays(street.day, index + 1));
  const sql = (text: string, values: unknown[]): Promise<unknown> => world.dataSource.query(text, values);
  for (const day of days) {
    const setMealId = newId();
    await sql("INSERT INTO set_meal (id, kitchen_id, business_day, period, code, name, gross_fen, diet_tags) VALUES (?, ?, ?, 'lunch', 'A', '一荤两素', 2000, '[]')", [setMealId, street.kitchenId, day]);
    for (const pointId of street.pointIds) {
      await sql("INSERT INTO portion_stock (point_id, set_meal_id, business_day, period, sent, accepted) VALUES (?, ?, ?, 'lunch', 100, 100)", [pointId, setMealId, day]);
    }
  }
  const staffOf = (role: 'crew' | 'dispatcher', scopeKind: 'crew' | 'street', scopeId: string): StaffIdentity => ({ staffId: newId<StaffId>(), displayName: role, role, scopeKind, scopeId });
  const crews = [];
  for (const pointId of street.pointIds) {
    for (let index = 0; index < 3; index += 1) {
      const id = newId();
      await sql(`INSERT INTO crew (id, name, kind, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min) VALUES (?, ?, 'own', 'point', ?, 'tricycle', 20, 570, 780)`,
        [id, `第${index + 1}组`, pointId]);
      crews.push({ id, pointId, staff: staffOf('crew', 'crew', id) });
    }
  }
  const spouses: string[] = [];
  const brought = async (seniorId: string): Promise<void> => {
    await sql(`INSERT INTO standing_plan (id, senior_id, period, weekday_mask, set_code, fulfilment, valid_from) VALUES (?, ?, 'lunch', 127, 'A', 'delivery', '2026-01-01')`, [newId(), seniorId]);
  };
  for (const pointIndex of [0, 1, 2] as const) {
    for (let index = 0; index < given.diners; index += 1) {
      const old = chance() < 0.15;
      const senior = await insertSenior(world, street, { pointIndex, birthDate: old ? '1930-03-03' : '1950-05-05', balanceFen: 100_000 });
      // Nobody may live in the neighbouring point's doorway: up to 900 m around the own one, a few far out.
      const [north, east] = [(chance() - 0.5) * (chance() < 0.03 ? 12_000 : 1_800), (chance() - 0.5) * 1_800];
      const home = [30.31 + pointIndex / 100 + north * DEGREES_PER_M, 120.35 + east * DEGREES_PER_M, 1 + Math.floor(chance() * 7), chance() < 0.4 ? 1 : 0];
      const couple = chance() < 0.25;
      const household = couple ? newId() : null;
      const settle = (seniorId: string): Promise<unknown> => sql('UPDATE senior SET latitude = ?, longitude = ?, floor = ?, has_lift = ?, household_id = ? WHERE id = ?', [...home, household, seniorId]);
      await settle(senior.seniorId);
      await brought(senior.seniorId);
      if (!couple) continue;
      const spouse = await insertSenior(world, street, { pointIndex, birthDate: '1949-05-05', balanceFen: 100_000 });
      await settle(spouse.seniorId);
      // Half of them have theirs brought too; the others ask for one now and then, when the first may be on the road already.
      if (chance() < 0.5) await brought(spouse.seniorId);
      else spouses.push(spouse.seniorId);
    }
  }
  return { seed: given.seed, days, street, crews, spouses, dispatcher: staffOf('dispatcher', 'street', street.streetId), chance };
}
