import type { PointService } from '../sites/index.js';
import type { SeniorHome } from '../seniors/index.js';
import { buildingTimes, doorHours, type DeliverySettings, type Place, type RouteStop, type TravelProfile } from '../../domain/routing/index.js';
import { STAIRS } from './crews.js';
import type { DoorFacts } from './door-facts.js';

/** An order to carry from a depot, with the limits that bind it there. */
export interface CarriedOrder {
  readonly orderId: string;
  readonly seniorId: string;
  readonly home: SeniorHome;
  readonly service: PointService;
  /** null: an alternative was decided, the radius no longer binds. */
  readonly homeRadiusS: number | null;
  readonly freshnessS: number;
  readonly vehicle: TravelProfile | null;
  readonly facts: DoorFacts;
}

/** Orders of one household, handed over at one door. */
type Household = readonly CarriedOrder[];

/** A stop of the planner: one door, or the doors of a building that are served in one go. */
export interface Door {
  readonly stop: RouteStop;
  readonly orders: readonly CarriedOrder[];
  /** The part of the time at the doors that was learnt, so that nothing is learnt from what was learnt. */
  readonly learntS: number;
  /** The doors in the order they are served; `afterS` from standing at the first. */
  readonly parts: readonly { readonly orders: Household; readonly afterS: number }[];
}

export interface DoorRules {
  readonly settings: DeliverySettings;
  /** A crew of the depot has a cart that takes no stairs, so doors say whether they need them. */
  readonly stairsMatter: boolean;
  /** Orders whose building found no place as a whole: each of its doors stands on its own. */
  readonly apart: ReadonlySet<string>;
  /** Where an order of a plan in hand stands: those of a household that stand apart are doors of their own. */
  readonly standsAt?: (orderId: string) => string;
}

export function mustServe(home: SeniorHome, settings: DeliverySettings): boolean {
  return home.special || home.ageYears >= settings.mustServeAgeYears;
}

/**
 * Groups orders into doors, doors of a building into stops, and gives each its row in the travel matrix: row 0 is the depot,
 * stops follow in the order returned. They are sorted by their first order, so the same orders give the same problem.
 */
export function doorsOf(orders: readonly CarriedOrder[], rules: DoorRules): Door[] {
  const households = grouped([...orders].sort((a, b) => (a.orderId < b.orderId ? -1 : 1)),
    (order) => { const household = householdOf(order); return household === null ? order.orderId : `${household}|${rules.standsAt?.(order.orderId) ?? ''}`; });
  const buildings = grouped(households, ([first]) => (rules.apart.has(first.orderId) ? first.orderId : sharedStop(first)));
  return buildings.flatMap((doors) => inGoes(doors, rules.settings.buildingBoxes)).map((doors, index) => stopOf(doors, index + 1, rules));
}

/** Doors each on its own, as they stand on a sheet: what doors of a building share is reckoned from the order they are ridden in. */
export function singleDoorsOf(orders: readonly CarriedOrder[], rules: Omit<DoorRules, 'apart'>): Door[] {
  const { stairS, liftS, buildingBoxes } = rules.settings;
  return doorsOf(orders, { ...rules, apart: new Set(orders.map((order) => order.orderId)) }).map((door) => {
    const [first] = door.orders;
    const building = { key: sharedStop(first), floor: first.home.floor, hasLift: first.home.hasLift, goBoxes: buildingBoxes, stairs: { stairS, liftS } };
    return { ...door, stop: { ...door.stop, building } };
  });
}

function stopOf(doors: readonly Household[], place: number, { settings, stairsMatter }: DoorRules): Door {
  const orders = doors.flat();
  const [first] = orders;
  const learnt = doors.map((household) => learntOf(household, settings));
  const { climbS, doorS, afterS } = buildingTimes(doors.map((household, index) => ({
    floor: household[0].home.floor, hasLift: household[0].home.hasLift, boxes: household.length,
    extraS: Math.max(...household.map(({ facts }) => facts.extraS + (facts.wheelchair ? settings.wheelchairS : 0))) + (learnt[index] ?? 0),
  })), settings);
  const lastS = Math.max(0, ...afterS);
  const hours = orders.map((order) => doorHours(order.service.period, order.service, settings));
  const needs = [...new Set([...orders.flatMap((order) => order.facts.needs), ...(stairsMatter && orders.some(upStairs) ? [STAIRS] : [])])].sort();
  const known = [...new Set(orders.map((order) => order.facts.knownCrewId))];
  const rank = orders.map((order) => order.facts.rank).find((one) => one !== null) ?? null;
  return {
    orders, learntS: learnt.reduce((sum, one) => sum + one, 0),
    parts: doors.map((household, index) => ({ orders: household, afterS: afterS[index] ?? 0 })),
    stop: {
      id: first.orderId, place, boxes: orders.length, climbS, doorS,
      windowStartS: Math.max(...hours.map((hour, index) => hour.fromMin - orders[index].facts.earlierMin)) * 60,
      // The last door of the building keeps the limits, so the first is reached that much before them.
      windowEndS: Math.min(...hours.map((hour, index) => hour.toMin + orders[index].facts.laterMin)) * 60 - lastS,
      freshnessS: first.freshnessS - lastS, homeRadiusS: first.homeRadiusS, vehicle: first.vehicle,
      mustServe: orders.some((order) => mustServe(order.home, settings)),
      ...(needs.length === 0 ? {} : { needs }), ...(known.length === 1 && known[0] !== null ? { knownCrewId: known[0] } : {}),
      ...(rank === null ? {} : { rememberedRank: rank }),
    },
  };
}

/** A household of two counts once; however quick a crew was, a quarter of the usual time at the door stays. */
function learntOf(household: Household, settings: DeliverySettings): number {
  return Math.max(-Math.floor(settings.doorS * 0.75), ...household.map(({ facts }) => facts.learntS));
}

/** What orders of a household share that may be handed over at one door; null for somebody of no household. */
export function householdOf(order: CarriedOrder): string | null {
  return order.home.householdId === null ? null : `${order.home.householdId}|${order.home.floor}|${sharedStop(order)}`;
}

/** Above or below street level, and no lift. */
function upStairs({ home }: CarriedOrder): boolean {
  return home.floor !== 1 && !home.hasLift;
}

/** One place with the same limits. */
function sharedStop({ home, homeRadiusS, freshnessS, vehicle, service, facts }: CarriedOrder): string {
  return [home.latitude, home.longitude, homeRadiusS, freshnessS, vehicle, service.startMin, service.endMin, facts.earlierMin, facts.laterMin].join('|');
}

/** The doors of a building from the lowest floor up, as many together as one go may carry. */
function inGoes(doors: readonly Household[], boxes: number): Household[][] {
  const goes: Household[][] = [];
  let carried = Infinity;
  for (const household of [...doors].sort((a, b) => a[0].home.floor - b[0].home.floor)) {
    if (carried + household.length > boxes) {
      goes.push([]);
      carried = 0;
    }
    goes[goes.length - 1].push(household);
    carried += household.length;
  }
  return goes;
}

function grouped<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

export function placeOf(home: SeniorHome): Place {
  return { latitude: home.latitude, longitude: home.longitude };
}
