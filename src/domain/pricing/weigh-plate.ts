import { fen, fenForGrams, type Fen } from '../kernel/money.js';

/** One reading of the scale: grams of a dish, or of everything together where `dishId` is null. */
export interface WeighedLine {
  readonly dishId: string | null;
  readonly grams: number;
}

/** What 100 g cost: of one dish, or of a mixed plate where `dishId` is null. */
export interface WeighedPrice {
  readonly dishId: string | null;
  readonly fenPer100g: number;
}

export interface PricedLine extends WeighedLine {
  readonly fenPer100g: number;
  readonly amountFen: Fen;
}

/** A plate heavier than this is a hand on the scale, lighter a drop of sauce. */
export const PLATE_GRAMS = { least: 20, most: 3_000 } as const;

/**
 * Prices a plate by the gram: each line is rounded to the nearest fen, half a fen up, and the plate is the sum of its lines,
 * so that what the glass adds up is what is charged.
 *
 * @returns null where a dish has no price, a weight is not a whole number of grams, or the plate weighs too little or too much
 */
export function priceOfPlate(lines: readonly WeighedLine[], prices: readonly WeighedPrice[]): { readonly grossFen: Fen; readonly lines: readonly PricedLine[] } | null {
  const grams = lines.reduce((sum, line) => sum + line.grams, 0);
  if (!(grams >= PLATE_GRAMS.least && grams <= PLATE_GRAMS.most)) return null;
  const priced: PricedLine[] = [];
  for (const line of lines) {
    const price = prices.find(({ dishId }) => dishId === line.dishId);
    if (price === undefined || !Number.isInteger(line.grams) || line.grams <= 0) return null;
    priced.push({ ...line, fenPer100g: price.fenPer100g, amountFen: fenForGrams(line.grams, price.fenPer100g) });
  }
  return { grossFen: fen(priced.reduce((sum, { amountFen }) => sum + amountFen, 0)), lines: priced };
}
