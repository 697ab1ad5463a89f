import type { PointService } from '../sites/index.js';
import type { SeniorHome } from '../seniors/index.js';
import { doorHours, doorTimes, type DeliverySettings, type Place, type RouteStop, type TravelProfile } from '../../domain/routing/index.js';

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
}

/** A door with the orders handed over there: those of one household at one place share it. */
export interface Door {
  readonly stop: RouteStop;
  readonly orders: readonly CarriedOrder[];
}

export function mustServe(home: SeniorHome, settings: DeliverySettings): boolean {
  return home.special || home.ageYears >= settings.mustServeAgeYears;
}

/**
 * Groups orders into doors and gives each its row in the travel matrix: row 0 is the depot, doors follow in the order
 * returned. Doors are sorted by their first order, so the same orders give the same problem.
 */
export function doorsOf(orders: readonly CarriedOrder[], settings: DeliverySettings): Door[] {
  const groups = new Map<string, CarriedOrder[]>();
  for (const order of [...orders].sort((a, b) => (a.orderId < b.orderId ? -1 : 1))) {
    const key = order.home.householdId === null ? order.orderId : sharedDoor(order);
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.values()].map((group, index) => {
    const [first] = group;
    return {
      orders: group,
      stop: {
        id: first.orderId, place: index + 1, boxes: group.length,
        windowStartS: Math.max(...group.map((order) => doorHours(order.service.period, order.service, settings).fromMin)) * 60,
        windowEndS: Math.min(...group.map((order) => doorHours(order.service.period, order.service, settings).toMin)) * 60,
        ...doorTimes({ floor: first.home.floor, hasLift: first.home.hasLift, boxes: group.length }, settings),
        homeRadiusS: first.homeRadiusS, freshnessS: first.freshnessS, vehicle: first.vehicle,
        mustServe: group.some((order) => mustServe(order.home, settings)),
      },
    };
  });
}

/** One household at one place with the same limits; a couple on two floors stays two doors. */
function sharedDoor({ home, homeRadiusS, freshnessS, vehicle, service }: CarriedOrder): string {
  return [home.householdId, home.latitude, home.longitude, home.floor, homeRadiusS, freshnessS, vehicle, service.startMin, service.endMin].join('|');
}

export function placeOf(home: SeniorHome): Place {
  return { latitude: home.latitude, longitude: home.longitude };
}
