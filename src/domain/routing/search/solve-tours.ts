import { SeededRandom } from '../../kernel/seeded-random.js';
import { FleetSearch } from './fleet.js';
import { asGiven, sideBySide } from './side-by-side.js';
import { BLINK, PutBack, REMOVAL, searchRoutes, type Spent } from './sisr.js';
import { TimedTourState } from './timed-tour-state.js';
import type { TourPlan, TourProblem } from './tour-problem.js';
import { reachOf, TourState } from './tour-state.js';

export interface SolveOptions {
  readonly seed: number;
  readonly spent: Spent;
  readonly tuning?: Partial<Tuning>;
}

export interface Tuning {
  readonly insertionNeighbours: number;
  /** With windows, where a near place is often closed. */
  readonly timedInsertionNeighbours: number;
  /** Temperature at the beginning and the end, as a share of the mean leg of the first plan. */
  readonly hot: number;
  readonly cold: number;
  /** The end with windows, where a plan too cold is soon stuck between closed doors. */
  readonly timedCold: number;
  readonly meanRemoved: number;
  readonly longestString: number;
  readonly blink: number;
  /** With windows: share of the time spent on using fewer tours before cost alone counts. Without, fewer tours come with less cost. */
  readonly fleetShare: number;
}

export const TUNING: Tuning = { insertionNeighbours: 50, timedInsertionNeighbours: 90, hot: 1, cold: 0.02, timedCold: 0.05, meanRemoved: 15, longestString: 10, blink: BLINK, fleetShare: 0.1 };

/**
 * Least-cost tours. Anytime: it stops when `spent` reaches 1 and returns the best plan found. The same problem, seed
 * and number of iterations give the same plan.
 *
 * @throws InvariantError when a customer fits no tour of its own
 */
export function solveTours(given: TourProblem, options: SolveOptions): TourPlan {
  const { problem, given: numbers } = sideBySide(given);
  const tuning = { ...TUNING, ...options.tuning };
  const timed = problem.times !== null;
  const random = new SeededRandom(`tours/${options.seed}`);
  const chance = (): number => random.next();
  const reach = reachOf(problem, timed ? tuning.timedInsertionNeighbours : tuning.insertionNeighbours);
  const state = timed ? new TimedTourState(problem, reach.insertion) : new TourState(problem, reach.insertion);
  const everyone = Array.from({ length: problem.size - 1 }, (_, index) => index + 1);
  new PutBack(state, chance, tuning.blink).all(everyone, Infinity);
  state.commit();
  const meanLeg = state.cost / Math.max(1, problem.size - 1 + state.usedRoutes);
  const settings = {
    cooling: { from: tuning.hot * meanLeg, to: (timed ? tuning.timedCold : tuning.cold) * meanLeg }, blink: tuning.blink,
    removal: { ...REMOVAL, meanRemoved: tuning.meanRemoved, longestString: tuning.longestString },
  };
  const fleet = new FleetSearch(state, reach.ruin, chance, settings, new Float64Array(problem.size).fill(1));
  const before = timed && tuning.fleetShare > 0 ? fleet.shrink((iteration) => options.spent(iteration) / tuning.fleetShare) : 0;
  state.limit = Infinity;
  const made = searchRoutes(state, reach.ruin, chance, (iteration) => options.spent(before + iteration), settings);
  return asGiven(state.plan(before + made), numbers);
}
