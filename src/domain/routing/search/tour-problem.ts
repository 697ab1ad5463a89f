/**
 * The general problem of the search core: tours from one depot, each customer on one tour, least total cost.
 * Node 0 is the depot, nodes 1 … size - 1 are customers. Costs are whole numbers, so that sums are exact, and
 * below 2^28, so that those of a place fit the search's 32 bits.
 */
export interface TourProblem {
  readonly size: number;
  /** Row by row (from × size + to). */
  readonly cost: CostMatrix;
  readonly demand: Int32Array;
  readonly capacity: number;
  /** null: customers may be served at any time. */
  readonly times: TourTimes | null;
}

/** Whole numbers; in half the memory where all are below 65,536, which the search makes good use of. */
export type CostMatrix = Int32Array | Uint16Array;

/** Service of node n starts within [opens, closes] and takes `service`; node 0 bounds leaving and coming back. */
export interface TourTimes {
  readonly travel: CostMatrix;
  readonly opens: Int32Array;
  readonly closes: Int32Array;
  readonly service: Int32Array;
}

/** Tours without the depot at either end, and what they cost together. */
export interface TourPlan {
  readonly cost: number;
  readonly tours: readonly (readonly number[])[];
  readonly iterations: number;
}

/** One broken rule of a tour plan, with the customer or the number of the tour. */
export interface TourViolation {
  readonly rule: 'customer-missing' | 'customer-twice' | 'unknown-customer' | 'capacity' | 'window' | 'cost';
  readonly at: number;
}

/** Recomputes loads, times and cost from the problem alone; shares no code with the search. */
export function verifyTours(problem: TourProblem, plan: TourPlan): TourViolation[] {
  const violations: TourViolation[] = [];
  const visits = new Int32Array(problem.size);
  let total = 0;
  plan.tours.forEach((tour, tourNo) => {
    let load = 0;
    let here = 0;
    let clock = problem.times?.opens[0] ?? 0;
    for (const node of [...tour, 0]) {
      if (!Number.isInteger(node) || node < 0 || node >= problem.size) {
        violations.push({ rule: 'unknown-customer', at: node });
        return;
      }
      total += problem.cost[here * problem.size + node];
      load += problem.demand[node];
      if (problem.times !== null) {
        const leaves = here === 0 ? clock : clock + problem.times.service[here];
        clock = Math.max(leaves + problem.times.travel[here * problem.size + node], problem.times.opens[node]);
        if (clock > problem.times.closes[node]) violations.push({ rule: 'window', at: node });
      }
      visits[node] += 1;
      here = node;
    }
    if (load > problem.capacity) violations.push({ rule: 'capacity', at: tourNo });
  });
  for (let node = 1; node < problem.size; node += 1) {
    if (visits[node] === 0) violations.push({ rule: 'customer-missing', at: node });
    if (visits[node] > 1) violations.push({ rule: 'customer-twice', at: node });
  }
  if (total !== plan.cost) violations.push({ rule: 'cost', at: 0 });
  return violations;
}
