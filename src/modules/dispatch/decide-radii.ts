import { Injectable } from '@nestjs/common';
import { at, decideRadius, type DeliverySettings, type DepotReach, type Place, type RadiusAnswer, type TravelProfile } from '../../domain/routing/index.js';
import { DepotDirectory, type DepotSite } from '../sites/index.js';
import type { SeniorHome } from '../seniors/index.js';
import { Crews, quickestProfile, type DepotCrew } from './crews.js';
import { mustServe, placeOf } from './delivery-doors.js';
import type { PlanKey } from './plan-runs.js';
import type { RadiusRecord } from './radius-book.js';
import type { StreetRoads } from './travel-times.js';

export interface HomeAtDoor { readonly orderId: string; readonly home: SeniorHome; readonly travelS: number }

/** Decides about every home outside the radius of its point, asking the other depots only for those who must be served. */
@Injectable()
export class DecideRadii {
  constructor(private readonly depots: DepotDirectory, private readonly crews: Crews) {}

  /** @param on the day and period: a depot whose crews are away then has none. @returns a record for each home outside, in the order given */
  async execute(depot: DepotSite, homes: readonly HomeAtDoor[], settings: DeliverySettings, roads: StreetRoads, on: PlanKey): Promise<RadiusRecord[]> {
    const radiusS = settings.homeRadiusMin * 60;
    const outside = homes.filter((home) => home.travelS > radiusS);
    if (outside.length === 0) return [];
    const reaches = await this.reachesOf(depot, outside.filter(({ home }) => mustServe(home, settings)), roads, on);
    return outside.map(({ orderId, home, travelS }) => {
      const must = mustServe(home, settings);
      const found = reaches.get(orderId) ?? { otherPoints: [], kitchen: null, kitchenCar: null };
      return recordOf(orderId, home.seniorId, must, travelS, decideRadius({ radiusS, travelS, mustServe: must, ...found }));
    });
  }

  private async reachesOf(depot: DepotSite, homes: readonly HomeAtDoor[], roads: StreetRoads, on: PlanKey): Promise<Map<string, Reaches>> {
    if (homes.length === 0) return new Map();
    const others = (await this.depots.pointsOf(depot.streetId)).filter((other) => other.depotId !== depot.depotId);
    const kitchen = (await this.depots.kitchensOf(depot.streetId)).find((one) => one.depotId === depot.kitchenId) ?? null;
    const crews = await this.crews.of([...others.map((other) => other.depotId), ...(kitchen ? [kitchen.depotId] : [])], on);
    const places = homes.map(({ home }) => placeOf(home));
    const times = async (site: DepotSite, own: readonly DepotCrew[], profile: TravelProfile): Promise<(DepotReach & { index: number })[]> => {
      const matrix = await roads.provider.matrix([siteOf(site), ...places], profile, 0);
      return homes.map((_, index) => ({
        depot: { kind: site.kind, id: site.depotId }, travelS: at(matrix.travelS, index + 1), hasCrew: own.length > 0, index,
      }));
    };
    const ofDepot = (site: DepotSite): DepotCrew[] => crews.filter((crew) => crew.depotId === site.depotId);
    const points = await Promise.all(others.filter((site) => ofDepot(site).length > 0).map((site) => times(site, ofDepot(site), quickestProfile(ofDepot(site)))));
    const byHand = kitchen ? ofDepot(kitchen).filter((crew) => crew.profile !== 'car') : [];
    const byCar = kitchen ? ofDepot(kitchen).filter((crew) => crew.profile === 'car') : [];
    const fromKitchen = kitchen ? await times(kitchen, byHand, quickestProfile(byHand)) : [];
    const fromKitchenCar = kitchen ? await times(kitchen, byCar, 'car') : [];
    return new Map(homes.map(({ orderId }, index) => [orderId, {
      otherPoints: points.map((rows) => rows[index]), kitchen: fromKitchen[index] ?? null, kitchenCar: fromKitchenCar[index] ?? null,
    }]));
  }
}

interface Reaches { readonly otherPoints: DepotReach[]; readonly kitchen: DepotReach | null; readonly kitchenCar: DepotReach | null }

export function siteOf(depot: DepotSite): Place {
  return { latitude: depot.latitude, longitude: depot.longitude };
}

function recordOf(orderId: string, seniorId: string, must: boolean, travelS: number, answer: RadiusAnswer): RadiusRecord {
  const base = { orderId, seniorId, travelS, mustServe: must, byPerson: false };
  if (answer.decision === 'inside') return { ...base, decision: 'own-depot', depotKind: null, depotId: null, missingMin: 0 };
  if (answer.decision === 'listed') return { ...base, decision: 'listed', depotKind: null, depotId: null, missingMin: answer.missingMin };
  return { ...base, decision: answer.decision, depotKind: answer.depot.kind, depotId: answer.depot.id, missingMin: answer.missingMin };
}
