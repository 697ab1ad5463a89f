import type { BusinessDay } from '../kernel/business-day.js';
import type { MealChannel, MealPeriod } from '../kernel/meal-period.js';
import type { Place } from '../routing/index.js';

/**
 * What detectors read: rows of events as plain data. Whoever calls them has read the rows; nothing here knows a table.
 * Instants are milliseconds since 1970 (UTC), amounts integer fen, places WGS-84.
 */
export interface MealEvent {
  readonly mealId: string;
  /** The day on which it was eaten, also where it was booked later. */
  readonly day: BusinessDay;
  readonly period: MealPeriod;
  readonly channel: MealChannel;
  /** When it happened: the device's own time where the row was uploaded later. */
  readonly atMs: number;
  /** When the server wrote it. */
  readonly recordedAtMs: number;
  readonly pointId: string;
  readonly operatorId: string;
  /** Null for the public. */
  readonly seniorId: string | null;
  readonly grossFen: number;
  readonly dueFen: number;
  /** The parts of all payers. */
  readonly subsidyFen: number;
  readonly ageYears: number | null;
  /** The special category the price rested on, if any. */
  readonly categoryCode?: string | null;
  /** face | face-digits | digits | card | roaming | staff | crew | none */
  readonly identifiedBy: string;
  /** The attendant's reason where `identifiedBy` is staff. */
  readonly manualReason: string | null;
  readonly staffId: string | null;
  readonly deviceId: string | null;
  readonly routeStopId: string | null;
  /** Entered later from a printed list, a crew's word or a corrected price: its time and staff say nothing; such rows are marked and sampled elsewhere. */
  readonly onPaper: boolean;
  /** Held for review and booked after its own day was closed. */
  readonly bookedLate?: boolean;
  /** Who fetched it for the senior; null where the senior came. */
  readonly collectorId: string | null;
  /** Taken back already: no claim rests on it any more. */
  readonly reversed: boolean;
}

/** A door of a trip with its result. */
export interface StopEvent {
  readonly stopId: string;
  readonly tripId: string;
  readonly crewId: string;
  readonly operatorId: string | null;
  readonly day: BusinessDay;
  readonly period: MealPeriod;
  readonly pointId: string;
  readonly seniorId: string;
  readonly result: string;
  readonly receivedBy: string | null;
  /** What proves the hand-over, as a code; null for nothing but the crew's word. */
  readonly proof: string | null;
  readonly signedAtMs: number | null;
  /** Where the phone was when it was signed; null where phones tell no place. */
  readonly signedPlace: Place | null;
  readonly mealId: string | null;
}

/** A line of a contractor's bill. */
export interface BillLine {
  readonly lineId: string;
  readonly operatorId: string;
  readonly pointId: string | null;
  readonly seniorId: string;
  readonly day: BusinessDay;
  readonly period: MealPeriod;
  readonly amountFen: number;
}

/** A face that a kiosk or the server turned away. */
export interface FaceRefusal {
  readonly refusalId: string;
  readonly pointId: string;
  readonly seniorId: string | null;
  readonly atMs: number;
  /** liveness: no living face; replayed: the same numbers again; doubt, unknown: everyday failures. */
  readonly cause: 'liveness' | 'replayed' | 'doubt' | 'unknown';
}

/** Whether a point served on a day, and when its day was closed. */
export interface PointDay {
  readonly pointId: string;
  readonly open: boolean;
  readonly closedAtMs: number | null;
}

/** An act that needs two people, with the accounts that did both halves. */
export interface DutyAct {
  readonly actId: string;
  /** special-senior | load | claim | merge | reversal | payment-undo | own-part | contractor-rate | advance | receipt */
  readonly actKind: string;
  readonly pointId: string | null;
  readonly seniorId: string | null;
  readonly performedBy: string;
  readonly verifiedBy: string;
}

/** A right to a lower price that was written down on the day it stands in. */
export interface EntitlementChange {
  readonly changeId: string;
  readonly seniorId: string;
  readonly pointId: string | null;
  readonly code: string;
  readonly validFrom: BusinessDay;
  readonly recordedBy: string | null;
}

/** Everything that happened on one business day, in any order; meals by the day on which they were eaten. */
export interface EventDay {
  readonly day: BusinessDay;
  readonly meals: readonly MealEvent[];
  readonly stops: readonly StopEvent[];
  readonly billLines: readonly BillLine[];
  readonly faceRefusals: readonly FaceRefusal[];
  readonly pointDays: readonly PointDay[];
  readonly duties: readonly DutyAct[];
  readonly changes: readonly EntitlementChange[];
}

/** A span of a life in which no subsidised meal may be claimed. [from, to): `to` null while it lasts. */
export interface LifeSpan {
  readonly spanId: string;
  readonly seniorId: string;
  readonly kind: 'death' | 'moved' | 'nursing-home' | 'hospital' | 'pause';
  readonly from: BusinessDay;
  readonly to: BusinessDay | null;
}

export interface PointFact {
  readonly pointId: string;
  readonly operatorId: string;
  readonly place: Place;
  /** First start and last end of its services, minutes since midnight in Asia/Shanghai. */
  readonly startMin: number;
  readonly endMin: number;
}

/** A move within the street. Between the day from which it holds and the day on which it was written down either home may be right. */
export interface HomeMove {
  /** First and last day on which nobody is held to either home. */
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  /** The home before `from`; null for a move that was taken back. */
  readonly before: Place | null;
}

export interface SeniorFact {
  readonly pointId: string | null;
  /** As the register has it now; for the home of a day see `homeOn`. */
  readonly home: Place | null;
  /** In the order in which they were recorded. */
  readonly homeMoves?: readonly HomeMove[];
  /** As the register has it now, after every correction. */
  readonly birthDate?: BusinessDay;
  /** Approved rights to a lower price, [from, to). */
  readonly rights?: readonly { readonly code: string; readonly from: BusinessDay; readonly to: BusinessDay | null }[];
}

export interface StaffFact {
  /** The natural person: two accounts of one person share it. */
  readonly personKey: string;
  /** First day of the account. */
  readonly firstDay: BusinessDay;
}

/** A bank account that an operator is paid to, in [from, to). */
export interface OperatorAccount {
  readonly accountId: string;
  readonly operatorId: string;
  /** The same for the same account, never the number itself. */
  readonly accountKey: string;
  readonly from: BusinessDay;
  readonly to: BusinessDay | null;
}

/** What stands still while days go by. */
export interface StandingFacts {
  readonly points: ReadonlyMap<string, PointFact>;
  readonly seniors: ReadonlyMap<string, SeniorFact>;
  readonly staff: ReadonlyMap<string, StaffFact>;
  readonly lifeSpans: readonly LifeSpan[];
  readonly operatorAccounts: readonly OperatorAccount[];
}

/**
 * The home that held on a day; null where none is known or a move was under way. An address that was corrected without
 * a move is taken to have been the right one always.
 */
export function homeOn(senior: SeniorFact | undefined, day: BusinessDay): Place | null {
  const moves = senior?.homeMoves ?? [];
  if (moves.some((move) => move.from <= day && day <= move.to)) return null;
  return moves.find((move) => move.before !== null && day < move.from)?.before ?? senior?.home ?? null;
}

/** A day on which nothing has happened yet. */
export function emptyDay(day: BusinessDay): EventDay {
  return { day, meals: [], stops: [], billLines: [], faceRefusals: [], pointDays: [], duties: [], changes: [] };
}
