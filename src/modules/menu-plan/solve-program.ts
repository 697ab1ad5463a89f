import * as highs from 'highs';

/** What a solver found. `values`: by name of the variable. */
export interface LinearAnswer { readonly found: boolean; readonly values: ReadonlyMap<string, number> }

/** As much of the solver as is used here. */
interface Solver { solve(program: string, options: typeof OPTIONS): { Status: string; Columns: Readonly<Record<string, { Primal?: number }>> } }
type Loader = () => Promise<Solver>;

/** Within half a percent of the cheapest; nodes before time, so that a slow machine finds the same menu as a fast one. */
const OPTIONS = { threads: 1, random_seed: 1, mip_rel_gap: 0.005, mip_max_nodes: 4000, time_limit: 90 } as const;

/** Solves a program in LP format. Feasible but not proved to be the best counts as found. */
export async function solveProgram(program: string): Promise<LinearAnswer> {
  const { Status, Columns } = (await loaderOf(highs)()).solve(program, OPTIONS);
  const values = new Map(Object.entries(Columns).map(([name, { Primal }]) => [name, Primal ?? 0]));
  const some = [...values.values()].some((value) => value > 0.5);
  return { found: Status === 'Optimal' || (Status !== 'Infeasible' && some), values };
}

/** The package is one function, which stands behind one or two `default`, as the importing side wraps it. */
function loaderOf(value: unknown): Loader {
  return typeof value === 'function' ? value as Loader : loaderOf((value as { default: unknown }).default);
}
