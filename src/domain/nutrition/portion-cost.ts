/** One line of a recipe as it is paid for. */
export interface PricedLine { readonly name: string; readonly purchasedG: number; readonly fenPerKg: number | null }

/** What the ingredients of one portion cost, in whole fen; null, with the names, while a price is not known. */
export function portionCost(lines: readonly PricedLine[], portions: number): { costFen: number | null; missing: string[] } {
  const missing = lines.filter(({ fenPerKg }) => fenPerKg === null).map(({ name }) => name);
  if (missing.length > 0 || lines.length === 0) return { costFen: null, missing };
  const milliFen = lines.reduce((sum, { purchasedG, fenPerKg }) => sum + purchasedG * (fenPerKg ?? 0), 0);
  return { costFen: Math.round(milliFen / 1000 / portions), missing };
}
