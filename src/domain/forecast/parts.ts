/** Weights moved by their factors, with the sum they had. */
export function scaled(parts: readonly { weight: number; factor: number }[]): number[] {
  const before = total(parts.map(({ weight }) => weight));
  const after = total(parts.map(({ weight, factor }) => weight * factor));
  return parts.map(({ weight, factor }) => (after > 0 ? (weight * factor * before) / after : weight));
}

/** Whole parts of `whole` by weight: rounded down, the rest to the largest remainders; all to the first when no weight is known. */
export function wholeParts(whole: number, weights: readonly number[]): number[] {
  const sum = total(weights);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? whole : 0));
  const exact = weights.map((weight) => (whole * weight) / sum);
  const parts = exact.map(Math.floor);
  const order = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order.slice(0, whole - total(parts))) parts[index] += 1;
  return parts;
}

/** A sum. */
export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
