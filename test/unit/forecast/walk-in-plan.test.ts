import fc from 'fast-check';
import { planWalkIns, type WalkInSeries } from '../../../src/domain/forecast/index.js';
import { addDays, parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';

const MONDAY = parseBusinessDay('2026-08-03');
const series = (pointId: string, setCode: string, counts: readonly number[]): WalkInSeries =>
  ({ pointId, setCode, dietHistory: {}, days: counts.map((portions, index) => ({ day: addDays(MONDAY, index), portions })) });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('walk-ins of all points', () => {
  it('cooks one safety margin per set meal, not one per point', () => {
    const random = new SeededRandom('points');
    const all = Array.from({ length: 14 }, (_, point) => series(`p${point}`, 'A', Array.from({ length: 56 }, () => Math.max(0, Math.round(random.normal(10, 3.2))))));
    const plan = planWalkIns(all, addDays(MONDAY, 56), 0.9);
    const separate = sum(all.map((one) => planWalkIns([one], addDays(MONDAY, 56), 0.9).sets[0]?.forecast.cookPortions ?? 0));
    const cooked = plan.sets[0]?.forecast.cookPortions ?? 0;
    expect(cooked).toBeLessThan(165);
    expect(cooked).toBeGreaterThan(140);
    expect(separate).toBeGreaterThan(180);
    expect(plan.all.recentError).toBeLessThan(0.1);
  });

  it('shares out exactly what is cooked, larger points first', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 10, maxLength: 30 });
    fc.assert(fc.property(counts, counts, counts, (a, b, c) => {
      const plan = planWalkIns([series('p1', 'A', a), series('p2', 'A', b), series('p1', 'B', c)], addDays(MONDAY, 40), 0.9);
      for (const { setCode, forecast } of plan.sets) {
        const cells = plan.cells.filter((cell) => cell.setCode === setCode);
        expect(sum(cells.map(({ portionsToCook }) => portionsToCook))).toBe(forecast.cookPortions);
        expect(cells.every(({ portionsToCook }) => Number.isSafeInteger(portionsToCook) && portionsToCook >= 0)).toBe(true);
      }
    }));
    const steady = planWalkIns([series('big', 'A', Array(28).fill(30)), series('small', 'A', Array(28).fill(10))], addDays(MONDAY, 28), 0.9);
    expect(steady.cells.map(({ portionsToCook }) => portionsToCook)).toEqual([30, 10]);
  });

  it('takes a sold-out day as the least that was asked for, in the sum of all points too', () => {
    const days = Array.from({ length: 35 }, (_, index) => ({ day: addDays(MONDAY, index), portions: index > 27 ? 12 : 30 }));
    const gone = days.map((one, index) => (index > 27 ? { ...one, soldOut: true } : one));
    const at = (history: WalkInSeries['days']): number => planWalkIns([{ pointId: 'p1', setCode: 'A', dietHistory: {}, days: history }], addDays(MONDAY, 35), 0.5).all.expectedPortions;
    expect(at(days)).toBeLessThan(25);
    expect(at(gone)).toBeGreaterThan(27);
    expect(at(gone)).toBeLessThan(33);
  });

  it('has nothing to share where nothing is known', () => {
    const plan = planWalkIns([series('p1', 'A', [])], MONDAY, 0.9);
    expect(plan.cells).toEqual([expect.objectContaining({ portionsToCook: 0, expectedPortions: 0 })]);
    expect(plan.all.recentError).toBeNull();
  });
});
