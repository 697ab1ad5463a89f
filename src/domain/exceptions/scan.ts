import { addDays, type BusinessDay } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import type { Detector, DetectorMaker } from './detector.js';
import { changesBeforeSettlement, closedDays, sharedAccounts, subsidiesOverGross } from './detectors/claims.js';
import { digitPatterns, flatCounts } from './detectors/counts.js';
import { faceThenManual, idleBalances, manualBursts, manualShares, mealBursts, oddHours } from './detectors/entries.js';
import { doubleClaims, mealsInSpans, selfVerified, twoPlaces } from './detectors/people.js';
import { billsWithoutStop, doorsBeforeRight, signedAway, stopsWithoutProof } from './detectors/stops.js';
import { emptyDay, type EventDay, type StandingFacts } from './events.js';
import { compare, mergeFindings, type Finding } from './finding.js';
import type { ExceptionSettings } from './settings.js';

const DETECTORS: readonly DetectorMaker[] = [
  doubleClaims, twoPlaces, mealsInSpans, selfVerified, manualShares, manualBursts, mealBursts, idleBalances, oddHours, faceThenManual,
  flatCounts, digitPatterns, stopsWithoutProof, billsWithoutStop, signedAway, doorsBeforeRight, closedDays, subsidiesOverGross, sharedAccounts, changesBeforeSettlement,
];

/**
 * Reads days in order and says what is found as it goes; keeps sums and the last few rows of each person, never the
 * days themselves, so that a year needs little more memory than its busiest day.
 */
export class ExceptionScan {
  private readonly detectors: readonly Detector[];
  private last: BusinessDay | null = null;

  /** @param firstDay the first day that will be read; weeks, months and quarters that began before it are not judged */
  constructor(facts: StandingFacts, settings: ExceptionSettings, private readonly firstDay: BusinessDay) {
    this.detectors = DETECTORS.map((make) => make({ facts, settings, firstDay }));
  }

  /**
   * @param events one day; days without events may be left out, days come in order
   * @returns findings, each matter once; the same matter may come again on a later day with other rows
   * @throws InvariantError for a day out of order
   */
  readDay(events: EventDay): Finding[] {
    if (events.day < this.firstDay || (this.last !== null && events.day <= this.last)) throw new InvariantError(`day out of order: ${events.day}`);
    const found: Finding[] = [];
    // Weeks and months end also where nothing happens.
    for (let day = this.last === null ? events.day : addDays(this.last, 1); day < events.day; day = addDays(day, 1)) found.push(...this.read(emptyDay(day)));
    found.push(...this.read(inOrder(events)));
    this.last = events.day;
    return onceEach(found);
  }

  /** What the last day ends: its week, month or quarter, if it is their last. */
  end(): Finding[] {
    return this.last === null ? [] : onceEach(this.detectors.flatMap((detector) => detector.onEnd(this.last as BusinessDay)));
  }

  private read(events: EventDay): Finding[] {
    return this.detectors.flatMap((detector) => detector.onDay(events));
  }
}

/** Rows by time and id, so that no detector can depend on the order in which they were read. */
function inOrder(events: EventDay): EventDay {
  const sorted = <Row>(rows: readonly Row[], atOf: (row: Row) => number, idOf: (row: Row) => string): Row[] => [...rows].sort((a, b) => atOf(a) - atOf(b) || compare(idOf(a), idOf(b)));
  return {
    day: events.day, meals: sorted(events.meals, (meal) => meal.atMs, (meal) => meal.mealId), stops: sorted(events.stops, (stop) => stop.signedAtMs ?? 0, (stop) => stop.stopId),
    billLines: sorted(events.billLines, () => 0, (line) => line.lineId), faceRefusals: sorted(events.faceRefusals, (refusal) => refusal.atMs, (refusal) => refusal.refusalId),
    pointDays: sorted(events.pointDays, () => 0, (day) => day.pointId), duties: sorted(events.duties, () => 0, (duty) => `${duty.actId} ${duty.performedBy}`),
    changes: sorted(events.changes, () => 0, (change) => change.changeId),
  };
}

/** All findings of some days, in any order of days and rows; for tests, benches and small spans. */
export function findExceptions(facts: StandingFacts, days: readonly EventDay[], settings: ExceptionSettings): Finding[] {
  const inOrder = [...days].sort((a, b) => compare(a.day, b.day));
  const [first] = inOrder;
  if (first === undefined) return [];
  const scan = new ExceptionScan(facts, settings, first.day);
  return onceEach([...inOrder.flatMap((events) => scan.readDay(events)), ...scan.end()]);
}

/** The same matters merged, in the order of their names. */
export function onceEach(findings: readonly Finding[]): Finding[] {
  const byName = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byName.get(finding.identity);
    byName.set(finding.identity, known === undefined ? finding : mergeFindings(known, finding));
  }
  return [...byName.values()].sort((a, b) => compare(a.identity, b.identity));
}
