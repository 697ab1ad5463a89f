import { InvariantError } from './domain-error.js';

/** An amount in integer fen (分), 100 fen = 1 yuan. May be negative in ledger entries. */
export type Fen = number & { readonly __unit: 'fen' };

/** @throws InvariantError unless `value` is a safe integer. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value)) throw new InvariantError(`not integer fen: ${value}`);
  return (value === 0 ? 0 : value) as Fen;
}

export const ZERO_FEN = fen(0);

/** Sum of amounts; throws instead of leaving the safe integer range. */
export function sumFen(amounts: Iterable<number>): Fen {
  let total = 0;
  for (const amount of amounts) total = fen(total + fen(amount));
  return fen(total);
}

/**
 * `amount` × `numerator` / `denominator`, rounded half up to the fen (standards.md 1.2: "use fen, half-up").
 * All arguments are non-negative integers; the product is computed exactly.
 */
export function mulDivHalfUp(amount: Fen, numerator: number, denominator: number): Fen {
  if (amount < 0 || numerator < 0 || denominator <= 0) throw new InvariantError('mulDivHalfUp takes non-negative values');
  const doubled = 2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator);
  return fen(Number(doubled / (2n * BigInt(denominator))));
}

/**
 * `amount` × `numerator` / `denominator`, rounded to whole multiples of `unitFen`. Non-negative integers; exact.
 */
export function mulDivRounded(amount: Fen, numerator: number, denominator: number, unitFen: number, mode: 'half-up' | 'down' | 'up'): Fen {
  if (amount < 0 || numerator < 0 || denominator <= 0 || unitFen <= 0) throw new InvariantError('mulDivRounded takes non-negative values');
  const product = BigInt(amount) * BigInt(numerator);
  const unit = BigInt(denominator) * BigInt(unitFen);
  const whole = product / unit;
  const rest = product % unit;
  const up = mode === 'up' ? rest > 0n : mode === 'half-up' && 2n * rest >= unit;
  return fen(Number(whole + (up ? 1n : 0n)) * unitFen);
}

/**
 * Splits `total` by integer weights so that the parts sum to `total` exactly. Each part is rounded down, then the
 * remaining fen go one by one to the parts with the largest remainders, the earlier part first on a tie.
 *
 * @param total non-negative fen
 * @param weights non-negative integers with a positive sum
 */
export function allocateFen(total: Fen, weights: readonly number[]): Fen[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  if (total < 0 || weightSum <= 0 || weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) {
    throw new InvariantError('allocateFen takes a non-negative total and non-negative integer weights');
  }
  const exact = weights.map((weight) => BigInt(total) * BigInt(weight));
  const parts = exact.map((product) => Number(product / BigInt(weightSum)));
  const remainders = exact.map((product, index) => ({ index, remainder: product % BigInt(weightSum) }));
  let left = total - parts.reduce((sum, part) => sum + part, 0);
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of remainders) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts.map(fen);
}

/** "14.20" for 1420 fen, "-0.05" for -5. */
export function formatYuan(amount: Fen): string {
  const absolute = Math.abs(amount);
  const text = `${Math.trunc(absolute / 100)}.${String(absolute % 100).padStart(2, '0')}`;
  return amount < 0 ? `-${text}` : text;
}

/** "14" for 1400 fen and "14.20" for 1420: decimals only where fen matter. */
export function formatYuanShort(amount: Fen): string {
  return amount % 100 === 0 ? String(amount / 100) : formatYuan(amount);
}

/** What this many grams cost at a price of fen for 100 g: to the nearest fen, half a fen up. */
export function fenForGrams(grams: number, fenPer100g: number): Fen {
  return fen(Math.floor((grams * fenPer100g + 50) / 100));
}
