import type { BusinessDay } from '../kernel/business-day.js';
import type { EventDay, MealEvent, StandingFacts, StopEvent } from './events.js';
import type { Evidence, Finding } from './finding.js';
import type { ExceptionSettings } from './settings.js';

/** What every detector is given once. `firstDay`: nothing before it has been read, so periods that began earlier are left out. */
export interface ScanGround {
  readonly facts: StandingFacts;
  readonly settings: ExceptionSettings;
  readonly firstDay: BusinessDay;
}

/** Reads day after day in order; keeps between days only sums and the last few rows of each person. */
export interface Detector {
  /** @returns what the day itself, and periods that ended before it, show */
  onDay(events: EventDay): Finding[];
  /** @returns what periods show that ended on the last day (`lastDay` the last of its week or month) */
  onEnd(lastDay: BusinessDay): Finding[];
}

export type DetectorMaker = (ground: ScanGround) => Detector;

/** A detector that looks at each day by itself. */
export function dayDetector(look: (events: EventDay, ground: ScanGround) => Finding[]): DetectorMaker {
  return (ground) => ({ onDay: (events) => look(events, ground), onEnd: () => [] });
}

export function mealEvidence(meal: MealEvent): Evidence {
  return { kind: 'meal', id: meal.mealId, day: meal.day, atMs: meal.atMs, amountFen: meal.subsidyFen };
}

export function stopEvidence(stop: StopEvent): Evidence {
  return { kind: 'stop', id: stop.stopId, day: stop.day, atMs: stop.signedAtMs, amountFen: 0 };
}

/** Rows by key, in the order in which keys appear. */
export function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Meals on which a claim rests. */
export function standing(meals: readonly MealEvent[]): MealEvent[] {
  return meals.filter((meal) => !meal.reversed);
}

/** Rows that lie in some window of `windowMs` with at least `least` rows. */
export function inBursts<Row extends { readonly atMs: number }>(rows: readonly Row[], windowMs: number, least: number): Row[] {
  const sorted = [...rows].sort((a, b) => a.atMs - b.atMs);
  const burst = new Set<Row>();
  let start = 0;
  sorted.forEach((row, end) => {
    while (row.atMs - (sorted[start]?.atMs ?? 0) > windowMs) start += 1;
    if (end - start + 1 >= least) for (const one of sorted.slice(start, end + 1)) burst.add(one);
  });
  return sorted.filter((row) => burst.has(row));
}
