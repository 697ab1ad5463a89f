import type { BusinessDay } from '../../../src/domain/kernel/business-day.js';

/**
 * Rows of a generated street, in the generator's own shapes. It knows no detector, and no detector knows it: what is
 * planted is decided by what a fraud would leave behind, not by what is looked for.
 */
export interface Spot { readonly latitude: number; readonly longitude: number }
export type Period = 'breakfast' | 'lunch' | 'dinner';

export interface MealRow {
  mealId: string; day: BusinessDay; period: Period; channel: 'eat-in' | 'take-away' | 'delivery'; atMs: number; recordedAtMs: number;
  pointId: string; operatorId: string; seniorId: string | null; grossFen: number; dueFen: number; subsidyFen: number; ageYears: number | null;
  identifiedBy: string; manualReason: string | null; staffId: string | null; deviceId: string | null; routeStopId: string | null;
  onPaper: boolean; collectorId: string | null; reversed: boolean;
}

export interface StopRow {
  stopId: string; tripId: string; crewId: string; operatorId: string | null; day: BusinessDay; period: Period; pointId: string; seniorId: string;
  result: string; receivedBy: string | null; proof: string | null; signedAtMs: number | null; signedPlace: Spot | null; mealId: string | null;
}

export interface BillRow { lineId: string; operatorId: string; pointId: string | null; seniorId: string; day: BusinessDay; period: Period; amountFen: number }
export interface RefusalRow { refusalId: string; pointId: string; seniorId: string | null; atMs: number; cause: 'liveness' | 'replayed' | 'doubt' | 'unknown' }
export interface PointDayRow { pointId: string; open: boolean; closedAtMs: number | null }
export interface DutyRow { actId: string; actKind: string; pointId: string | null; seniorId: string | null; performedBy: string; verifiedBy: string }
export interface ChangeRow { changeId: string; seniorId: string; pointId: string | null; code: string; validFrom: BusinessDay; recordedBy: string | null }

export interface DayRows {
  readonly day: BusinessDay; meals: MealRow[]; stops: StopRow[]; billLines: BillRow[]; faceRefusals: RefusalRow[]; pointDays: PointDayRow[];
  duties: DutyRow[]; changes: ChangeRow[];
}

export interface SpanRow { spanId: string; seniorId: string; kind: 'death' | 'moved' | 'nursing-home' | 'hospital' | 'pause'; from: BusinessDay; to: BusinessDay | null }
export interface AccountRow { accountId: string; operatorId: string; accountKey: string; from: BusinessDay; to: BusinessDay | null }

export interface Point {
  readonly pointId: string; operatorId: string; readonly place: Spot; readonly deviceIds: readonly string[]; readonly staffIds: string[]; readonly crewId: string;
  /** Habits of the place: how often the desk helps, how often a door cannot say the digits. */
  readonly manualShare: number; readonly bareShare: number;
}

export interface Senior {
  readonly seniorId: string; readonly pointId: string; readonly home: Spot; readonly birth: BusinessDay; readonly delivered: boolean;
  /** Chance to come on a weekday, and how the person is known. */
  readonly lunch: number; readonly dinner: number; readonly known: 'face' | 'card' | 'digits';
  /** Who lives in the same flat, by place in the list of seniors. */
  partner: number | null;
  /** Days on which nobody comes: a stay with a child, hospital, death. */
  away: { from: BusinessDay; to: BusinessDay | null }[];
}

/** A planted case: its kind in the generator's own words, and the rows that it consists of. */
export interface PlantedCase { readonly kind: string; readonly variant: string; readonly refs: Set<string> }

export interface GeneratedYear {
  readonly points: readonly Point[]; readonly seniors: readonly Senior[]; readonly days: readonly DayRows[]; readonly spans: readonly SpanRow[];
  readonly accounts: readonly AccountRow[]; readonly staff: ReadonlyMap<string, { personKey: string; firstDay: BusinessDay }>;
  readonly planted: readonly PlantedCase[];
  /** Honest things that look like fraud: how many, and the rows they consist of. */
  readonly lookAlikes: ReadonlyMap<string, Set<string>>;
}
