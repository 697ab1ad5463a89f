import type { MealPeriod } from '../kernel/meal-period.js';
import { buildingTimes, type DoorOfBuilding } from './building-times.js';
import type { TravelMatrix, TravelProfile } from './travel-time.js';

/** Times of day are whole seconds since midnight in Asia/Shanghai. A name ending S that is not a time is a span. */
export type SecondOfDay = number;

/** One door to serve: what is carried there, what it takes to reach and serve it, and which limits bind. */
export interface RouteStop {
  readonly id: string;
  /** Row of the door in every matrix of the problem. Row 0 is the depot. */
  readonly place: number;
  readonly boxes: number;
  /** The door is reached within this window; a crew that comes earlier waits. */
  readonly windowStartS: SecondOfDay;
  readonly windowEndS: SecondOfDay;
  /** From the kerb up to the door. */
  readonly climbS: number;
  /** At the door and back down to the kerb. */
  readonly doorS: number;
  /** One-way road travel from the depot to the kerb is at most this; null once an alternative has been decided. */
  readonly homeRadiusS: number | null;
  /** From leaving the depot to this door at most, waiting counted. */
  readonly freshnessS: number;
  /** Only crews with this vehicle may carry it (the car holds heated boxes); null: any crew. */
  readonly vehicle: TravelProfile | null;
  /** A person of 90 and over or a special senior: served before the others when the fleet is short. */
  readonly mustServe: boolean;
  /** What the crew must be able to do (a lift-only cart, a dialect); none where absent. */
  readonly needs?: readonly string[];
  /** The crew this person knows: another one is a wish not met, never a door not served. */
  readonly knownCrewId?: string | null;
  /** Where a door stands alone in a plan in hand: what it shares with the door before it is reckoned from the order they are ridden in. */
  readonly building?: DoorOfBuilding;
  /** Place in the order the crews remember; going back in it is avoided where it costs little. */
  readonly rememberedRank?: number | null;
}

export interface RouteCrew {
  readonly id: string;
  readonly profile: TravelProfile;
  readonly capacityBoxes: number;
  readonly shiftStartS: SecondOfDay;
  /** The crew is back at the depot by then. */
  readonly shiftEndS: SecondOfDay;
  readonly skills?: readonly string[];
  /** Within the shift, in order: no trip is under way between from and to. */
  readonly breaks?: readonly { readonly fromS: SecondOfDay; readonly toS: SecondOfDay }[];
}

/** Everything a plan depends on. All trips start and end at one depot. */
export interface RouteProblem {
  readonly stops: readonly RouteStop[];
  readonly crews: readonly RouteCrew[];
  readonly matrices: Readonly<Partial<Record<TravelProfile, TravelMatrix>>>;
  /** The meals are at the depot and packed from this time on. */
  readonly readyS: SecondOfDay;
  /** Between coming back and leaving again. */
  readonly reloadS: number;
}

export interface PlannedVisit {
  readonly stopId: string;
  /** When the crew stands at the door, its waiting over. */
  readonly doorAtS: SecondOfDay;
}

export interface PlannedTrip {
  readonly crewId: string;
  /** A whole minute: a sheet says 10:41, and a crew leaves then. */
  readonly departS: SecondOfDay;
  readonly visits: readonly PlannedVisit[];
  readonly backS: SecondOfDay;
  readonly boxes: number;
  readonly travelS: number;
  readonly distanceM: number;
}

/** infeasible-alone: not even a trip for this door alone keeps the limits. fleet-spent: it would, but no crew has room left. */
export type UnplannedReason = 'infeasible-alone' | 'fleet-spent';

export interface RoutePlan {
  readonly seed: number;
  readonly trips: readonly PlannedTrip[];
  readonly unplanned: readonly { readonly stopId: string; readonly reason: UnplannedReason }[];
}

/** The limits and times that a street sets for its deliveries; the defaults stand until it does. */
export interface DeliverySettings {
  /** From this age on a person is never just listed outside the radius, like a special senior of any age. */
  readonly mustServeAgeYears: number;
  readonly homeRadiusMin: number;
  readonly tripFreshnessMin: number;
  /** The kitchen's car carries heated boxes, so its trips have a limit of their own. */
  readonly kitchenCarFreshnessMin: number;
  readonly reloadMin: number;
  /** Handing over and the look at the person: at the door, per door and for each further box. */
  readonly doorS: number;
  readonly extraBoxS: number;
  /** One floor on foot up or down; a lift costs the same for every floor. */
  readonly stairS: number;
  readonly liftS: number;
  /** A wheelchair at the door: it takes longer until somebody opens. */
  readonly wheelchairS: number;
  /** Doors of one building are served in one go up to so many boxes; 1: each on its own. */
  readonly buildingBoxes: number;
  /** Meals are packed this long before the first door may be served. */
  readonly packedBeforeServiceMin: number;
  /** A trip is late when its last door has no result this long after the planned time. */
  readonly latenessGraceMin: number;
  /** Days before today of which a crew may still record the doors of a trip it has not closed. */
  readonly lateRecordDays: number;
  /** A crew is reminded so long before its trip leaves; 0: not at all. */
  readonly departReminderMin: number;
  /** Photos that prove a door are erased after so many days. */
  readonly photoKeepDays: number;
  /** Leg and door times are learnt from the crews' own times of so many days; 0: not at all. */
  readonly learnDays: number;
  /** Minutes each step of the no-answer ladder is given before the next one begins. */
  readonly ladderRingMin: number;
  readonly ladderPhoneMin: number;
  readonly ladderNeighbourMin: number;
  readonly ladderGridMin: number;
  readonly ladderContactMin: number;
  readonly ladderCommunityMin: number;
  /** An alarm nobody has taken is told again after so long. */
  readonly alarmRepeatMin: number;
  /** So many doors by one crew within so many seconds cannot have been: the meals are held for a person to look at. */
  readonly patternStops: number;
  readonly patternWithinS: number;
  /** From this minute of the day on the welfare calls are made. */
  readonly welfareFromMin: number;
  /** Doors are served between these minutes of the day, and within the hours of the point's own service. */
  readonly breakfastFromMin: number;
  readonly breakfastToMin: number;
  readonly lunchFromMin: number;
  readonly lunchToMin: number;
  readonly dinnerFromMin: number;
  readonly dinnerToMin: number;
}

/** Minutes from leaving the depot to the last door of a trip: the kitchen's car, with its heated boxes, has its own. */
export function freshnessMinOf(settings: Pick<DeliverySettings, 'tripFreshnessMin' | 'kitchenCarFreshnessMin'>, byCar: boolean): number {
  return byCar ? settings.kitchenCarFreshnessMin : settings.tripFreshnessMin;
}

export const DEFAULT_DELIVERY_SETTINGS: DeliverySettings = {
  mustServeAgeYears: 90, homeRadiusMin: 15, tripFreshnessMin: 15, kitchenCarFreshnessMin: 30, reloadMin: 10,
  doorS: 60, extraBoxS: 15, stairS: 12, liftS: 40, wheelchairS: 60, buildingBoxes: 6, packedBeforeServiceMin: 15, latenessGraceMin: 10, lateRecordDays: 2, departReminderMin: 10, photoKeepDays: 60, learnDays: 56,
  ladderRingMin: 2, ladderPhoneMin: 3, ladderNeighbourMin: 5, ladderGridMin: 15, ladderContactMin: 15, ladderCommunityMin: 30, alarmRepeatMin: 3, patternStops: 10, patternWithinS: 60, welfareFromMin: 780,
  breakfastFromMin: 390, breakfastToMin: 510, lunchFromMin: 630, lunchToMin: 750, dinnerFromMin: 990, dinnerToMin: 1110,
};

/** The name under which a depot's plan of one period is known to queues, logs and people. */
export interface PlanIdentity {
  readonly depotId: string;
  readonly day: string;
  readonly period: MealPeriod;
}

/** The minutes of the day between which doors of a period are served: the delivery hours within the service of the point. */
export function doorHours(
  period: MealPeriod, service: { readonly startMin: number; readonly endMin: number }, settings: DeliverySettings,
): { fromMin: number; toMin: number } {
  return { fromMin: Math.max(service.startMin, settings[`${period}FromMin`]), toMin: Math.min(service.endMin, settings[`${period}ToMin`]) };
}

/** Seconds to reach the door from the kerb, and to serve it and come back down. Floor 1 is at street level. */
export function doorTimes(
  door: { readonly floor: number; readonly hasLift: boolean; readonly boxes: number },
  settings: DeliverySettings,
): { climbS: number; doorS: number } {
  const { climbS, doorS } = buildingTimes([{ ...door, extraS: 0 }], settings);
  return { climbS, doorS };
}
