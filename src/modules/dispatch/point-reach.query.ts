import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { NextPointAnswer, NextPointQuery, NextSite, ReachAnswer, ReachQuery } from '../../contract/reach.js';
import {
  candidateSites, chooseSites, joinToRoads, oneWayTimes, reachedRoads, type DeliverySettings, type JoinedPlace, type OneWay, type Place, type RoadGraph, type TravelProfile,
} from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { SeniorHomes, type SeniorHome } from '../seniors/index.js';
import { DepotDirectory, PointScope, type DepotSite } from '../sites/index.js';
import { Crews, quickestProfile } from './crews.js';
import { siteOf } from './decide-radii.js';
import { mustServe, placeOf } from './delivery-doors.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { TravelTimes } from './travel-times.js';

const LISTED_MOST = 500;
const DRAWN_LINES = 12_000;
const DRAWN_HOMES = 4_000;
const MARGIN_M = 150;
const METRES_PER_DEGREE = 111_195;
const CELL_M = 200;
const CANDIDATES = 150;
const SITES = 3;
/** Roads somewhat beyond the radius are drawn as well, so that what lies outside is seen. */
const DRAWN_BEYOND = 1.4;

interface Ground { readonly depot: DepotSite; readonly settings: DeliverySettings; readonly graph: RoadGraph | null; readonly source: string; readonly radiusS: number }
interface Resident { readonly home: SeniorHome; readonly joined: JoinedPlace; readonly must: boolean; readonly communityName: string }

/**
 * The reach of a point on the street's own roads: isochrones, who lives outside and which point is nearest to them, and
 * where a further point would reach most people whom none reaches. Looked at from the register, not from a day's orders.
 */
@Injectable()
export class PointReach {
  constructor(
    private readonly dataSource: DataSource, private readonly points: PointScope, private readonly depots: DepotDirectory, private readonly settings: DeliverySettingsBook,
    private readonly travel: TravelTimes, private readonly crews: Crews, private readonly homes: SeniorHomes, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside the scope */
  async reach(query: ReachQuery, staff: StaffIdentity): Promise<ReachAnswer> {
    const ground = await this.groundOf(query.pointId, staff);
    const { depot, graph, radiusS } = ground;
    const profile = await this.profileOf(depot);
    const residents = await this.residents(ground, 's.point_id = ?', depot.depotId);
    const times = oneWayTimes(graph, depot, residents.map((one) => one.joined), profile, radiusS * 2);
    const points = await this.depots.pointsOf(depot.streetId);
    const far = residents.flatMap((one, index) => (times[index].travelS > radiusS ? [{ one, time: times[index] }] : [])).sort((a, b) => b.time.travelS - a.time.travelS).slice(0, LISTED_MOST);
    const nearest = await this.nearestOf(points, graph, far.map(({ one }) => one.joined), radiusS);
    const flat = flatFrom(depot);
    const bands = graph === null ? [] : bandsOf(reachedRoads(graph, depot, profile, radiusS * DRAWN_BEYOND), flat, radiusS);
    const outside = far.map(({ one, time }, index): ReachAnswer['outside'][number] => ({
      seniorId: one.home.seniorId, seniorName: one.home.name, ageYears: one.home.ageYears, mustServe: one.must, travelMin: minutes(time.travelS), missingMin: minutes(time.travelS - radiusS),
      nearestPointName: nearest[index]?.name ?? '', nearestMin: minutes(nearest[index]?.travelS ?? time.travelS), nearestMissingMin: minutes(Math.max(0, (nearest[index]?.travelS ?? time.travelS) - radiusS)),
      estimated: time.estimated, ...flat(one.joined.place),
    }));
    const homes = residents.slice(0, DRAWN_HOMES).map((one, index) => ({ ...flat(one.joined.place), inside: times[index].travelS <= radiusS }));
    return {
      pointId: depot.depotId, pointName: depot.name, ...siteOf(depot), homeRadiusMin: ground.settings.homeRadiusMin, profile, travelTimeSource: ground.source, bands, outside, homes,
      frame: frameOf([...homes, ...bands.flatMap((band) => pairsOf(band.lines))]),
      points: points.map((point) => ({ pointId: point.depotId, name: point.name, ...flat(siteOf(point)) })),
      registered: residents.length, inside: times.filter((time) => time.travelS <= radiusS).length, estimated: times.filter((time) => time.estimated).length, listedMost: LISTED_MOST,
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a point outside the scope, whose street is asked about */
  async nextPoint(query: NextPointQuery, staff: StaffIdentity): Promise<NextPointAnswer> {
    const ground = await this.groundOf(query.pointId, staff);
    const { depot, graph, radiusS } = ground;
    const residents = await this.residents(ground, 's.street_id = ?', depot.streetId);
    const points = await this.depots.pointsOf(depot.streetId);
    const reached = new Set<number>();
    for (const point of points) {
      const times = oneWayTimes(graph, point, residents.map((one) => one.joined), await this.profileOf(point), radiusS);
      times.forEach((time, index) => { if (time.travelS <= radiusS) reached.add(index); });
    }
    const unreached = residents.filter((_, index) => !reached.has(index));
    const site = (place: Place): { place: Place; times: OneWay[] } => ({ place, times: oneWayTimes(graph, place, unreached.map((one) => one.joined), 'tricycle', radiusS) });
    const tried = candidateSites(unreached.map((one) => one.joined.place), CELL_M, CANDIDATES).map(site);
    const within = (times: readonly OneWay[]): number[] => times.flatMap((time, index) => (time.travelS <= radiusS ? [index] : []));
    const flat = flatFrom(depot);
    const told = (one: { place: Place; times: readonly OneWay[] }, gained: readonly number[]): NextSite => ({
      ...one.place, ...flat(one.place), communityName: communityOf(gained.map((index) => unreached[index].communityName)), gained: gained.length,
      gainedMustServe: gained.filter((index) => unreached[index].must).length,
      meanMin: gained.length === 0 ? 0 : minutes(gained.reduce((sum, index) => sum + one.times[index].travelS, 0) / gained.length),
    });
    const { latitude, longitude } = query;
    const asked = latitude === undefined || longitude === undefined ? null : site({ latitude, longitude });
    return {
      registered: residents.length, unreached: unreached.length, unreachedMustServe: unreached.filter((one) => one.must).length, homeRadiusMin: ground.settings.homeRadiusMin,
      best: chooseSites(tried.map((one) => within(one.times)), SITES).map((choice) => told(tried[choice.site], choice.gained)),
      tried: asked === null ? null : told(asked, within(asked.times)),
    };
  }

  private async groundOf(pointId: string, staff: StaffIdentity): Promise<Ground> {
    await this.points.narrowed(staff, pointId);
    const depot = await this.depots.depot('point', pointId);
    const settings = await this.settings.of(depot.streetId);
    const { graph, source } = await this.travel.of(depot.streetId, this.clock.today());
    return { depot, settings, graph, source, radiusS: settings.homeRadiusMin * 60 };
  }

  private async profileOf(depot: DepotSite): Promise<TravelProfile> {
    return quickestProfile(await this.crews.of([depot.depotId]));
  }

  /** Whoever is registered and alive, in a fixed order. `where`: constant SQL about s. */
  private async residents({ settings, graph }: Ground, where: string, parameter: string): Promise<Resident[]> {
    const rows = await this.dataSource.query<{ id: string; communityName: string }[]>(
      `SELECT s.id, c.name AS communityName FROM senior s JOIN point p ON p.id = s.point_id JOIN community c ON c.id = p.community_id WHERE s.status = 'active' AND ${where} ORDER BY s.id`, [parameter],
    );
    const homes = await this.homes.on(this.clock.today(), rows.map((row) => row.id));
    return rows.flatMap(({ id, communityName }) => {
      const home = homes.get(id);
      return home === undefined ? [] : [{ home, communityName, joined: joinToRoads(graph, placeOf(home)), must: mustServe(home, settings) }];
    });
  }

  private async nearestOf(points: readonly DepotSite[], graph: RoadGraph | null, homes: readonly JoinedPlace[], radiusS: number): Promise<({ name: string; travelS: number } | null)[]> {
    const best: ({ name: string; travelS: number } | null)[] = homes.map(() => null);
    if (homes.length === 0) return best;
    for (const point of points) {
      const times = oneWayTimes(graph, point, homes, await this.profileOf(point), radiusS * 4);
      times.forEach(({ travelS }, index) => {
        if (travelS < (best[index]?.travelS ?? Infinity)) best[index] = { name: point.name, travelS };
      });
    }
    return best;
  }
}

type Flat = (place: Place) => { x: number; y: number };

function flatFrom(origin: Place): Flat {
  const shrink = Math.cos((origin.latitude * Math.PI) / 180);
  return (place) => ({ x: Math.round((place.longitude - origin.longitude) * METRES_PER_DEGREE * shrink), y: Math.round((place.latitude - origin.latitude) * METRES_PER_DEGREE) });
}

/** Thirds of the radius and what lies beyond it. */
function bandsOf(roads: ReturnType<typeof reachedRoads>, flat: Flat, radiusS: number): ReachAnswer['bands'] {
  const limits = [radiusS / 3, (radiusS * 2) / 3, radiusS, Infinity];
  const bands = limits.map((limitS): { withinMin: number | null; lines: number[] } => ({ withinMin: limitS === Infinity ? null : Math.round(limitS / 60), lines: [] }));
  for (const road of roads.sort((a, b) => a.travelS - b.travelS).slice(0, DRAWN_LINES)) {
    const [from, to] = [flat(road.from), flat(road.to)];
    bands[limits.findIndex((limitS) => road.travelS <= limitS)].lines.push(from.x, from.y, to.x, to.y);
  }
  return bands;
}

function pairsOf(lines: readonly number[]): { x: number; y: number }[] {
  return lines.flatMap((value, index) => (index % 2 === 0 ? [{ x: value, y: lines[index + 1] }] : []));
}

function frameOf(spots: readonly { x: number; y: number }[]): ReachAnswer['frame'] {
  const [minX, maxX, minY, maxY] = spots.reduce(([west, east, south, north], { x, y }) => [Math.min(west, x), Math.max(east, x), Math.min(south, y), Math.max(north, y)], [0, 0, 0, 0]);
  return { minX: minX - MARGIN_M, minY: minY - MARGIN_M, widthM: maxX - minX + 2 * MARGIN_M, heightM: maxY - minY + 2 * MARGIN_M };
}

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}

/** The community most of them belong to. */
function communityOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? '';
}
