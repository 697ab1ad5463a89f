import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { at, type DeliverySettings, type RouteProblem } from '../../domain/routing/index.js';
import { secondsInto, type BusinessDay } from '../../domain/kernel/business-day.js';
import { freshnessMinOf } from '../../domain/routing/route-problem.js';
import { cutoffInstant } from '../../domain/ordering/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { canonicalJson, sha256Hex } from '../../infra/crypto/digest.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OrderBook, type DeliveryOrder } from '../ordering/index.js';
import { SeniorHomes, type SeniorHome } from '../seniors/index.js';
import { DepotDirectory, type DepotSite, type PointService } from '../sites/index.js';
import { buildProblem, type Ground } from './build-problem.js';
import { Crews, quickestProfile, type DepotCrew } from './crews.js';
import { DecideRadii, siteOf } from './decide-radii.js';
import { doorsOf, placeOf, singleDoorsOf, type CarriedOrder, type Door } from './delivery-doors.js';
import { DoorFactBook, NO_FACTS, type DoorFacts } from './door-facts.js';
import { DeliverySettingsBook } from './delivery-settings-book.js';
import { PlanInHand } from './plan-in-hand.js';
import { PlanNotices } from './plan-notices.js';
import { PlanRuns, planJobId, type OpenRun, type PlanKey, type RunStep } from './plan-runs.js';
import { PlanStore } from './plan-store.js';
import { fastElsewhere } from './stands-fast.js';
import { SettlePlan } from './settle-plan.js';
import { RadiusBook, type RadiusRecord } from './radius-book.js';
import { RoutePlanner, type PlannedRoutes } from './route-planner.js';
import { TravelTimes, type StreetRoads } from './travel-times.js';

interface Gathered {
  readonly final: boolean;
  /** Crews ride the plan or a person has changed it: what stands in it is kept. */
  readonly inHand: boolean;
  /** The plan's revision when its orders were read, null where there is none: one that was changed meanwhile is not overwritten. */
  readonly revision: number | null;
  /** Orders on this plan's trips or on its list of those on none. */
  readonly standing: ReadonlySet<string>;
  readonly own: readonly DeliveryOrder[];
  /** Orders that no trip of this plan takes: a person has settled them otherwise, or another depot's crew has them with it. */
  readonly aside: ReadonlySet<string>;
  readonly taken: readonly (DeliveryOrder & { record: RadiusRecord })[];
  readonly decided: readonly RadiusRecord[];
  readonly homes: ReadonlyMap<string, SeniorHome>;
  readonly services: ReadonlyMap<string, PointService>;
  readonly facts: ReadonlyMap<string, DoorFacts>;
}

interface SeededGround extends Ground { readonly seed: number }

/** The plan was changed by somebody else while it was made. */
class PlanOvertaken extends Error {}

const ROUNDS = 4;

interface Made { readonly doors: Door[]; readonly routes: PlannedRoutes; readonly digest: string; readonly estimatedDoors: number; readonly sheet: RouteProblem }

/** Told of each step of a run, and of the plans it asks for next. */
export interface RunWatcher {
  step(step: RunStep): Promise<void>;
}

/**
 * Plans the deliveries of one depot, day and period: settles the orders, decides about those outside the home radius,
 * plans trips, verifies and stores them. Running it again with the same orders, crews and settings changes nothing.
 */
@Injectable()
export class PlanDepot {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderBook,
    private readonly homes: SeniorHomes,
    private readonly depots: DepotDirectory,
    private readonly crews: Crews,
    private readonly settings: DeliverySettingsBook,
    private readonly travel: TravelTimes,
    private readonly factBook: DoorFactBook,
    private readonly radii: DecideRadii,
    private readonly radiusBook: RadiusBook,
    private readonly planner: RoutePlanner,
    private readonly store: PlanStore,
    private readonly runs: PlanRuns,
    private readonly notices: PlanNotices,
    private readonly inHand: PlanInHand,
    private readonly changes: SettlePlan,
    private readonly clock: Clock,
  ) {}

  /** @returns the depots whose plans this one changed, to be planned next */
  async execute(run: OpenRun, watch: RunWatcher): Promise<PlanKey[]> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.attempt(run, watch);
      } catch (error) {
        // A person changed the plan, or a crew left, while it was made: it is made again with what stands now.
        if (!(error instanceof PlanOvertaken) || round === ROUNDS) throw error;
      }
    }
  }

  private async attempt(run: OpenRun, watch: RunWatcher): Promise<PlanKey[]> {
    const depot = await this.depots.depot(run.depotKind, run.depotId);
    const settings = await this.settings.of(depot.streetId);
    const gathered = await this.unitOfWork.run((tx) => this.gather(tx, run));
    await watch.step('travel');
    const roads = await this.travel.of(depot.streetId, run.day);
    const crews = await this.crews.of([depot.depotId], run);
    const records = await this.decide(run, depot, gathered, crews, settings, roads, watch);
    const carried = carriedOrders(gathered, records, settings);
    await watch.step('routes');
    if (gathered.inHand) return this.settleInHand(run, depot, carried, records, gathered.final);
    const legPct = await this.factBook.legPct(this.unitOfWork.reader, depot.depotId);
    const { doors, routes: { plan, diagnoses }, digest, estimatedDoors, sheet } = await this.make({ depot, crews, settings, roads, legPct, seed: seedOf(run), notBeforeS: this.secondOf(run.day) }, carried);
    return this.unitOfWork.run(async (tx) => {
      const outcome = await this.store.store(tx, {
        key: run, plan, diagnoses, doors, final: gathered.final, digest, travelTimeSource: roads.source, estimatedDoors, legPct, streetId: depot.streetId, latenessGraceMin: settings.latenessGraceMin,
        revision: gathered.revision, sheet,
      });
      if (outcome === 'overtaken') throw new PlanOvertaken();
      const next = run.depotKind === 'point' ? await this.keepDecisions(tx, run, records) : [];
      await this.notices.tell(tx, { run, depot, plan, doors, records, outcome, final: gathered.final });
      for (const key of next) await this.runs.ask(tx, key, 'rerouted', null);
      await this.runs.finish(tx, run, outcome === 'stored');
      return next;
    });
  }

  /**
   * Crews ride it or people changed it: what has come is put in and what is gone taken out, with the least disturbance. Nobody
   * who stands in it is decided about anew; who came and lives outside is recorded, asked for elsewhere, listed and told of.
   */
  private async settleInHand(run: OpenRun, depot: DepotSite, carried: readonly CarriedOrder[], records: readonly RadiusRecord[], final: boolean): Promise<PlanKey[]> {
    const { changed, left, late } = await this.changes.execute(run, carried.map((order) => order.orderId), final);
    return this.unitOfWork.run(async (tx) => {
      const known = new Set((await this.radiusBook.ofPoint(tx, run)).map((record) => record.orderId));
      const next = run.depotKind === 'point' ? await this.keepDecisions(tx, run, records) : [];
      const fresh = records.filter((record) => !known.has(record.orderId));
      await this.notices.decided(tx, { run, depot, records: fresh, stranded: 0 });
      const outside = fresh.filter((record) => record.depotId === null && !record.mustServe).length;
      if (left + outside > 0) await this.notices.underWay(tx, run, depot, left + outside);
      if (late > 0) await this.notices.doorsLate(tx, run, depot, late);
      for (const key of next) await this.runs.ask(tx, key, 'rerouted', null);
      await this.runs.finish(tx, run, changed);
      return next;
    });
  }

  /** Doors of a building go together; where such a stop finds no place, its doors are tried each on its own. */
  private async make(ground: SeededGround, carried: readonly CarriedOrder[], apart: ReadonlySet<string> = new Set()): Promise<Made> {
    const stairsMatter = ground.crews.some((crew) => crew.liftOnly);
    const doors = doorsOf(carried, { settings: ground.settings, stairsMatter, apart });
    const { problem, estimatedDoors, packedS } = await buildProblem(ground, doors);
    const routes = await this.planner.plan(problem, ground.seed);
    const left = new Set(routes.plan.unplanned.map((entry) => entry.stopId));
    const whole = doors.filter((door) => door.parts.length > 1 && left.has(door.stop.id)).flatMap((door) => door.orders.map((order) => order.orderId));
    if (whole.length > 0) return this.make(ground, carried, new Set([...apart, ...whole]));
    return { doors, routes, estimatedDoors, sheet: sheetOf(problem, doors, singleDoorsOf(carried, { settings: ground.settings, stairsMatter })), digest: digestOf({ ...problem, readyS: packedS }, doors, ground.roads) };
  }

  private async gather(tx: EntityManager, key: PlanKey): Promise<Gathered> {
    const settled = key.depotKind === 'point'
      ? await this.orders.settleOrders(tx, { pointId: key.depotId, day: key.day, period: key.period })
      : { final: null, deliveries: [] };
    const records = await this.radiusBook.takenOver(tx, key);
    const standing = await this.orders.deliveries(tx, records.map((record) => record.orderId));
    const taken = standing.flatMap((order) => {
      const record = records.find((one) => one.orderId === order.orderId);
      return record === undefined ? [] : [{ ...order, record }];
    });
    const everyone = [...settled.deliveries, ...taken];
    const services = new Map<string, PointService>();
    for (const pointId of new Set(everyone.map((order) => order.pointId))) {
      const service = await this.depots.service(tx, pointId, key.period);
      if (service !== null) services.set(pointId, service);
    }
    const plan = await this.inHand.stateOf(tx, key);
    const fast = await fastElsewhere(tx, key);
    return {
      ...plan, final: settled.final ?? await this.streetClosed(tx, key), own: settled.deliveries, aside: new Set([...await settledAside(tx, key), ...fast]), taken, services,
      decided: key.depotKind === 'point' ? (await this.radiusBook.ofPoint(tx, key)).filter((record) => record.byPerson || plan.inHand || fast.has(record.orderId)) : [],
      homes: await this.homes.on(key.day, everyone.map((order) => order.seniorId), tx),
      facts: await this.factBook.of(tx, key, everyone),
    };
  }

  /** A kitchen has no cut-off of its own: its plan is final once every point of the street has closed its orders. */
  private async streetClosed(tx: EntityManager, key: PlanKey): Promise<boolean> {
    const { streetId } = await this.depots.depot(key.depotKind, key.depotId, tx);
    const points = new Set((await this.depots.pointsOf(streetId, tx)).map((point) => point.depotId));
    const services = (await this.depots.services(tx)).filter((service) => service.period === key.period && points.has(service.pointId));
    return services.every((service) => this.clock.now() >= cutoffInstant(service, key.day));
  }

  private async decide(
    on: PlanKey, depot: DepotSite, gathered: Gathered, crews: readonly DepotCrew[], settings: DeliverySettings, roads: StreetRoads, watch: RunWatcher,
  ): Promise<RadiusRecord[]> {
    const decided = new Set([...gathered.decided.map((record) => record.orderId), ...(gathered.inHand ? gathered.standing : [])]);
    const open = gathered.own.flatMap((order) => {
      const home = gathered.homes.get(order.seniorId);
      return home === undefined || decided.has(order.orderId) ? [] : [{ orderId: order.orderId, home }];
    });
    const matrix = await roads.provider.matrix([siteOf(depot), ...open.map(({ home }) => placeOf(home))], quickestProfile(crews), 0);
    await watch.step('radius');
    const atDoors = open.map((order, index) => ({ ...order, travelS: at(matrix.travelS, index + 1) }));
    const fresh = await this.radii.execute(depot, atDoors, settings, roads, on);
    return [...gathered.decided.filter((record) => gathered.own.some((order) => order.orderId === record.orderId)), ...fresh];
  }

  /** The second of the plan's day it is now; 0 on any other day. */
  private secondOf(day: BusinessDay): number {
    return day === this.clock.today() ? secondsInto(day, this.clock.now()) : 0;
  }

  /** Writes the decisions and names the depots that gained or lost an order by them. */
  private async keepDecisions(tx: EntityManager, key: PlanKey, records: readonly RadiusRecord[]): Promise<PlanKey[]> {
    const before = await this.radiusBook.ofPoint(tx, key);
    await this.radiusBook.replace(tx, key, records);
    const given = (list: readonly RadiusRecord[]): Set<string> =>
      new Set(list.flatMap((record) => (record.depotId === null ? [] : [`${record.depotKind}|${record.depotId}|${record.orderId}`])));
    const [old, now] = [given(before), given(records)];
    const touched = new Set([...[...old].filter((one) => !now.has(one)), ...[...now].filter((one) => !old.has(one))]
      .map((one) => one.slice(0, one.lastIndexOf('|'))));
    return [...touched].map((one) => {
      const [kind, depotId] = one.split('|');
      return { depotKind: kind === 'kitchen' ? 'kitchen' as const : 'point' as const, depotId, day: key.day, period: key.period };
    });
  }
}

/** What this depot carries: its own orders inside the radius or kept by a person, and what other points gave it. */
function carriedOrders(gathered: Gathered, records: readonly RadiusRecord[], settings: DeliverySettings): CarriedOrder[] {
  const outside = new Map(records.map((record) => [record.orderId, record]));
  const radiusS = settings.homeRadiusMin * 60;
  const freshnessS = freshnessMinOf(settings, false) * 60;
  const carry = (order: DeliveryOrder, limits: Pick<CarriedOrder, 'homeRadiusS' | 'freshnessS' | 'vehicle'>): CarriedOrder[] => {
    const home = gathered.homes.get(order.seniorId);
    const service = gathered.services.get(order.pointId);
    return home === undefined || service === undefined ? [] : [{ orderId: order.orderId, seniorId: order.seniorId, home, service, facts: gathered.facts.get(order.orderId) ?? NO_FACTS, ...limits }];
  };
  const carried = [
    ...gathered.own.flatMap((order) => {
      const record = outside.get(order.orderId);
      // Whoever stands in a plan that crews ride stays there, unless a person has decided otherwise.
      const stays = gathered.inHand && gathered.standing.has(order.orderId) && record?.byPerson !== true;
      if (stays || record === undefined) return carry(order, { homeRadiusS: radiusS, freshnessS, vehicle: null });
      return record.decision === 'own-depot' ? carry(order, { homeRadiusS: null, freshnessS, vehicle: null }) : [];
    }),
    ...gathered.taken.flatMap((order) => carry(order, order.record.decision === 'kitchen-car'
      ? { homeRadiusS: null, freshnessS: freshnessMinOf(settings, true) * 60, vehicle: 'car' }
      : { homeRadiusS: order.record.byPerson ? null : radiusS, freshnessS, vehicle: null })),
  ];
  return carried.filter((order) => !gathered.aside.has(order.orderId));
}

/** Whoever gets the meal by hand, or something else today, is not sent a crew as well because there is room again. */
async function settledAside(tx: EntityManager, key: PlanKey): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT u.meal_order_id AS id FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id JOIN plan_cure c ON c.meal_order_id = u.meal_order_id AND c.kind IN ('by-hand', 'not-today')
     WHERE r.depot_id = ? AND r.business_day = ? AND r.period = ?`, [key.depotId, key.day, key.period],
  );
  return new Set(rows.map((row) => row.id));
}

/** The same problem door by door: a building is served in one go where the planner made one stop of it. */
function sheetOf(problem: RouteProblem, doors: readonly Door[], singles: readonly Door[]): RouteProblem {
  const planned = new Map(doors.flatMap((door, index) => door.orders.map((order) => [order.orderId, problem.stops[index]] as const)));
  return {
    ...problem, stops: singles.flatMap(({ stop }) => {
      const whole = planned.get(stop.id);
      return whole === undefined ? [] : [{ ...stop, place: whole.place, homeRadiusS: whole.homeRadiusS, ...(stop.building ? { building: { ...stop.building, key: whole.id } } : {}) }];
    }),
  };
}

/** The ways count as the own roads have them; what a service outside answers differs from minute to minute and changes no plan by itself. */
function digestOf(problem: RouteProblem, doors: readonly Door[], roads: StreetRoads): string {
  const places = doors.map((door) => [door.orders.map((order) => order.orderId), placeOf(door.orders[0].home)]);
  const ways = roads.provider === roads.own ? Object.entries(problem.matrices).map(([profile, matrix]) => [profile, sha256Hex(matrix.travelS.join())]) : [];
  return sha256Hex(canonicalJson({ source: roads.source, ways, places, stops: problem.stops, crews: problem.crews, readyS: problem.readyS, reloadS: problem.reloadS }));
}

/** The same plan always has the same seed, so that it can be repeated and checked. */
function seedOf(key: PlanKey): number {
  return Number.parseInt(sha256Hex(planJobId(key)).slice(0, 7), 16);
}
