/** What finance has signed for kiosks of a point that have no network. Amounts in fen, spans in minutes. */
export interface OfflineLimits {
  /** False: without network this point's kiosks sell nothing. */
  readonly enabled: boolean;
  /** Largest part of one meal that a diner may owe. */
  readonly mealFen: number;
  /** Sales of one kiosk on one envelope's day. */
  readonly kioskSales: number;
  /** What all those sales together may charge. */
  readonly kioskFen: number;
  /** Meals that the wallet must have held when it was last seen. */
  readonly balanceMeals: number;
  /** How long a kiosk may sell after it last heard from the server. */
  readonly windowMin: number;
  /** A sale that arrives later than this after it was made is looked at by a person. */
  readonly hardStopMin: number;
}

/** Proposed by the fault catalogue (2.3); off until finance signs for a point. */
export const DEFAULT_OFFLINE_LIMITS: OfflineLimits = {
  enabled: false, mealFen: 3_000, kioskSales: 60, kioskFen: 100_000, balanceMeals: 2, windowMin: 240, hardStopMin: 1_440,
};
