import { newId } from '../../src/infra/ids.js';
import { CloseRecord } from '../../src/modules/closing/close-record.js';
import { DayCounts, digestOf } from '../../src/modules/closing/day-count.query.js';
import { DayGate } from '../../src/modules/sites/index.js';
import { dinerOf, openClosingDay, type ClosingDay } from '../fixtures/closing-day.js';
import { enrolledKiosk } from '../fixtures/enrolled-kiosk.js';
import type { TestDevice } from '../fixtures/test-device.js';

/** How often the close meets a sale here; the control needs enough rounds to be caught at it. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 50);

let day: ClosingDay;
let kiosk: TestDevice;
let point: string;
const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => day.test.dataSource.query<T[]>(sql, params);

beforeAll(async () => {
  day = await openClosingDay({ portions: 100_000 });
  [point] = day.pointIds;
  kiosk = await enrolledKiosk(day.test, point);
  day.at('12:00');
});
afterAll(() => day.test.close());

/** The meals that are in the closed count, and those that are not. */
async function outcome(): Promise<{ counted: number; stored: number }> {
  const [close] = await rows<{ meals: number }>('SELECT meals FROM point_day_close WHERE point_id = ?', [point]);
  const [meals] = await rows<{ n: number }>('SELECT COUNT(*) AS n FROM meal WHERE point_id = ?', [point]);
  return { counted: Number(close?.meals ?? -1), stored: Number(meals?.n) };
}

/**
 * The heart of a signature: hold the point, count, freeze. Portions and hours, which would forbid a signature while a
 * kiosk can still sell, are left out. Without the hold it is the close that one writes first.
 *
 * @param meanwhile happens between counting and freezing
 */
async function freeze(hold: boolean, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const of = <T>(type: new (...given: never[]) => T): T => day.test.app.get(type, { strict: false });
  await day.test.dataSource.transaction('READ COMMITTED', async (tx) => {
    if (hold) await of(DayGate).holdAlone(tx, point);
    const counted = await of(DayCounts).of(tx, point, day.day);
    await meanwhile();
    await of(CloseRecord).insert(tx, {
      pointId: point, day: day.day, operatorId: day.operatorId, state: 'signed', digest: digestOf(point, day.day, counted), counted,
      countedCashFen: counted.expectedCashFen, cashReason: '', openStopsReason: '', firstBy: day.people.attendant.staffId, root: null,
    });
  });
}

const forgetClose = (): Promise<unknown> => rows('DELETE FROM point_day_close WHERE point_id = ?', [point]);

/** A kiosk sells a meal. @returns whether it was sold; the only refusal is that the day is closed */
async function sell(senior: { cardNo: string }): Promise<boolean> {
  const sale = await kiosk.post('/kiosk/payments', { claim: { kind: 'card', cardNo: senior.cardNo }, setMealId: day.setMealId, expectedDueFen: 1_600 }, { idempotencyKey: newId() });
  if (sale.status !== 200) expect((sale.body as { code: string }).code).toBe('CLOSE.DAY_CLOSED');
  return sale.status === 200;
}

describe(`the close of a day against a sale at the same instant, ${ROUNDS} rounds`, () => {
  it('counts the sale or refuses it, and never lets one slip behind the count', async () => {
    const seen = { refused: 0, sold: 0 };
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      await forgetClose();
      const senior = await dinerOf(day);
      // The first round races nothing: a sale is seen for certain.
      const sold = turn === 0 ? await sell(senior).then(async (done) => { await freeze(true); return done; }) : (await Promise.all([freeze(true), sell(senior)]))[1];
      const { counted, stored } = await outcome();
      expect(counted).toBe(stored);
      seen[sold ? 'sold' : 'refused'] += 1;
    }
    expect(seen.refused + seen.sold).toBe(ROUNDS);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.sold).toBeGreaterThan(0);
  });

  it('negative control: a close that counts first and freezes later misses sales', async () => {
    await forgetClose();
    const senior = await dinerOf(day);
    await freeze(false, () => sell(senior));
    const { counted, stored } = await outcome();
    expect(stored - counted).toBe(1);
  });
});
