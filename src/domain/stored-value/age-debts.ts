import { addDays, type BusinessDay } from '../kernel/business-day.js';
import { fen, type Fen } from '../kernel/money.js';

/** One movement of a debt: negative when a meal was given on credit, positive when it was settled or written off. */
export interface DebtMove {
  readonly day: BusinessDay;
  readonly amountFen: number;
}

/** What is still owed, by age in days: up to 30, 60, 90 and beyond. */
export interface DebtAges {
  readonly totalFen: Fen;
  readonly oldestDay: BusinessDay | null;
  readonly upTo30Fen: Fen;
  readonly upTo60Fen: Fen;
  readonly upTo90Fen: Fen;
  readonly olderFen: Fen;
}

/** The oldest debt is settled first. Moves in the order in which they were posted. */
export function ageDebts(moves: readonly DebtMove[], today: BusinessDay): DebtAges {
  const open: { day: BusinessDay; leftFen: number }[] = [];
  let settledAhead = 0;
  for (const { day, amountFen } of moves) {
    if (amountFen < 0) open.push({ day, leftFen: -amountFen });
    else settledAhead += amountFen;
  }
  for (const debt of open) {
    const part = Math.min(settledAhead, debt.leftFen);
    debt.leftFen -= part;
    settledAhead -= part;
  }
  const left = open.filter((debt) => debt.leftFen > 0);
  const between = (fromDays: number, toDays: number | null): Fen => fen(left
    .filter((debt) => debt.day <= addDays(today, -fromDays) && (toDays === null || debt.day > addDays(today, -toDays)))
    .reduce((sum, debt) => sum + debt.leftFen, 0));
  return {
    totalFen: fen(left.reduce((sum, debt) => sum + debt.leftFen, 0)), oldestDay: left[0]?.day ?? null,
    upTo30Fen: fen(between(0, 31) + left.filter((debt) => debt.day > today).reduce((sum, debt) => sum + debt.leftFen, 0)),
    upTo60Fen: between(31, 61), upTo90Fen: between(61, 91), olderFen: between(91, null),
  };
}
