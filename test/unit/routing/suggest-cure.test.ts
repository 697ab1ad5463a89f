import { diagnose, planRoutes, verifyPlan, type RouteProblem, type RouteStop } from '../../../src/domain/routing/index.js';
import { crew, HALF_PAST_TEN, problem, roadOfMinutes, stop } from './instances.js';

const of = (given: RouteProblem) => diagnose(given, planRoutes(given, { seed: 1, stop: { attempts: 4 } }));
const alone = (minutes: number, given: Partial<RouteStop>) => of(problem(roadOfMinutes([minutes]), [stop(1, given)], [crew('a')]));

describe('why a door is on no trip, and what would cure it', () => {
  it.each([
    ['the vehicle', 5, { vehicle: 'car' as const }, 'vehicle', { kind: 'other-depot' }],
    ['a skill', 5, { needs: ['dialect'] }, 'skill', { kind: 'other-depot' }],
    ['the size of the crate', 5, { boxes: 21 }, 'load', { kind: 'other-depot' }],
    ['the home radius', 16, { freshnessS: 3600 }, 'home-radius', { kind: 'other-depot' }],
    ['the age of the meal', 14, { climbS: 120 }, 'freshness', { kind: 'other-depot' }],
    ['a window before the shift', 5, { windowStartS: 35_000, windowEndS: 36_000 }, 'window', { kind: 'window-moved', earlierMin: 0, laterMin: 5 }],
  ] as const)('%s binds', (_, minutes, given, binds, cure) => {
    expect(alone(minutes, given)).toEqual([{ stopId: 'door-1', binds, cure }]);
  });

  it('with the fleet spent the window is moved by as little as serves the door, and the cure holds', () => {
    const window = { windowStartS: HALF_PAST_TEN, windowEndS: HALF_PAST_TEN + 120 };
    const given = problem(roadOfMinutes([10, -10]), [stop(1, window), stop(2, { ...window, mustServe: true })], [crew('a')]);
    const [found] = of(given);
    expect(found).toMatchObject({ stopId: 'door-1', binds: 'fleet', cure: { kind: 'window-moved' } });
    const { earlierMin, laterMin } = found.cure as { earlierMin: number; laterMin: number };
    const cured = (more: number): RouteProblem => ({ ...given, stops: given.stops.map((one) => (one.id !== 'door-1' ? one : {
      ...one, windowStartS: one.windowStartS - Math.max(0, earlierMin - more) * 60, windowEndS: one.windowEndS + Math.max(0, laterMin - more) * 60,
    })) });
    const plan = planRoutes(cured(0), { seed: 1, stop: { attempts: 4 } });
    expect(plan.unplanned).toEqual([]);
    expect(verifyPlan(cured(0), plan)).toEqual([]);
    expect(planRoutes(cured(5), { seed: 1, stop: { attempts: 4 } }).unplanned).toHaveLength(1);
  });

  it('where no move within an hour helps, one more crew does', () => {
    const doors = Array.from({ length: 3 }, (_, index) => stop(index + 1, { windowStartS: HALF_PAST_TEN, windowEndS: HALF_PAST_TEN + 60, doorS: 2400 }));
    const given = problem(roadOfMinutes([14, 14, -14]), doors, [crew('a', { shiftEndS: 42_000 })]);
    const found = of(given);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatchObject({ binds: 'fleet', cure: { kind: 'one-more-crew', likeCrewId: 'a' } });
  });

  it('names one more crew that may serve the door, and not one that lacks what it needs', () => {
    const doors = Array.from({ length: 3 }, (_, index) => stop(index + 1, { windowStartS: HALF_PAST_TEN, windowEndS: HALF_PAST_TEN + 60, doorS: 2400, needs: ['dialect'] }));
    const given = problem(roadOfMinutes([14, 14, -14]), doors, [crew('a', { shiftEndS: 42_000 }), crew('b', { shiftEndS: 42_000, skills: ['dialect'] })]);
    const found = of(given);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatchObject({ binds: 'fleet', cure: { kind: 'one-more-crew', likeCrewId: 'b' } });
  });
});
