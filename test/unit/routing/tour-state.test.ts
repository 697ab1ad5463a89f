import fc from 'fast-check';
import { reachOf, TourState } from '../../../src/domain/routing/search/tour-state.js';
import { TimedTourState } from '../../../src/domain/routing/search/timed-tour-state.js';
import type { TourProblem } from '../../../src/domain/routing/index.js';

const always = (): number => 1;

/** Costs drawn one by one: neither the same in both directions nor short of a detour. */
const anyProblem: fc.Arbitrary<TourProblem> = fc.integer({ min: 4, max: 14 }).chain((size) => fc.record({
  size: fc.constant(size),
  cost: fc.array(fc.nat(100), { minLength: size * size, maxLength: size * size }).map((costs) => Int32Array.from(costs)),
  demand: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: size, maxLength: size }).map((list) => Int32Array.from(list).fill(0, 0, 1)),
  capacity: fc.integer({ min: 6, max: 20 }),
  times: fc.constant(null),
}));

/** With windows that bind nobody. */
const timeless = (problem: TourProblem): TourProblem => {
  const of = (value: number): Int32Array => new Int32Array(problem.size).fill(value);
  return { ...problem, times: { travel: problem.cost, opens: of(0), closes: of(1_000_000), service: of(0) } };
};

/** What the cheapest place for a customer costs, by trying each. */
function cheapest({ size, cost, demand, capacity }: TourProblem, tours: readonly (readonly number[])[], node: number): number {
  const places = [[], ...tours.filter((tour) => tour.reduce((sum, other) => sum + demand[other], demand[node]) <= capacity)];
  return Math.min(...places.flatMap((tour) => [...tour, 0].map((after, index) => {
    const before = index === 0 ? 0 : tour[index - 1];
    const leg = tour.length === 0 ? 0 : cost[before * size + after];
    return cost[before * size + node] + cost[node * size + after] - leg;
  })));
}

describe('the place of a customer', () => {
  it.each([
    ['without windows', (problem: TourProblem) => new TourState(problem, reachOf(problem, problem.size).insertion)],
    ['with windows that bind nobody', (problem: TourProblem) => new TimedTourState(timeless(problem), reachOf(problem, problem.size).insertion)],
  ])('is the cheapest there is, though most are passed over unseen, %s', (_, stateOf) => {
    fc.assert(fc.property(anyProblem, fc.func(fc.nat(2)), (problem, leaves) => {
      const state = stateOf(problem);
      const insert = (node: number): void => {
        const before = state.cost;
        const least = cheapest(problem, state.plan(0).tours, node);
        expect(state.insertBest(node, always, 0, least)).toBe(false);
        expect(state.insertBest(node, always, 0, least + 0.5)).toBe(true);
        expect(state.cost - before).toBe(least);
      };
      const everyone = Array.from({ length: problem.size - 1 }, (_node, index) => index + 1);
      everyone.forEach(insert);
      state.commit();
      const leaving = everyone.filter((node) => leaves(node) === 0);
      for (const node of leaving) state.remove(node);
      state.rollback();
      for (const node of leaving) state.remove(node);
      state.settleTouched();
      leaving.forEach(insert);
    }), { numRuns: 200 });
  });
});
