import highs from 'highs';

/** What a solver found. `values`: by name of the variable. */
export interface LinearAnswer { readonly found: boolean; readonly values: ReadonlyMap<string, number> }

/** Within half a percent of the cheapest; nodes before time, so that a slow machine finds the same menu as a fast one. */
const OPTIONS = { threads: 1, random_seed: 1, mip_rel_gap: 0.005, mip_max_nodes: 4000, time_limit: 90 } as const;

/** Solves a program in LP format. Feasible but not proved to be the best counts as found. */
export async function solveProgram(program: string): Promise<LinearAnswer> {
  const solver = await highs();
  const { Status, Columns } = solver.solve(program, OPTIONS);
  const columns = Object.entries(Columns as Readonly<Record<string, { Primal?: number }>>);
  const values = new Map(columns.map(([name, { Primal }]) => [name, Primal ?? 0]));
  const some = [...values.values()].some((value) => value > 0.5);
  return { found: Status === 'Optimal' || (Status !== 'Infeasible' && some), values };
}
