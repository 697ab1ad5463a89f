import { fen, type Fen } from '../kernel/money.js';

export interface DrawerCount {
  readonly openingFen: Fen;
  /** Σ of cash taken (positive) and given (negative) during the shift. */
  readonly movedFen: Fen;
  readonly countedFen: Fen;
  /** Stays in the drawer for the next shift; the rest goes to the bank. */
  readonly keptFen: Fen;
}

/** What the count of a drawer means. Difference: positive when there is more than expected. */
export function judgeCount(count: DrawerCount): { expectedFen: Fen; differenceFen: Fen; liftedFen: Fen } {
  const expectedFen = fen(count.openingFen + count.movedFen);
  return { expectedFen, differenceFen: fen(count.countedFen - expectedFen), liftedFen: fen(count.countedFen - count.keptFen) };
}

/** A difference over the street's setting is closed by a second person. */
export function needsSecondPerson(differenceFen: Fen, limitFen: Fen): boolean {
  return Math.abs(differenceFen) > limitFen;
}
