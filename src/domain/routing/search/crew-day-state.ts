import type { NeighbourLists } from './neighbour-lists.js';
import { RouteState, type InsertionOrder } from './route-state.js';
import type { StreetProblem } from './street-problem.js';

/** A further trip costs its loading, a further crew its morning; in seconds of riding, so that both are rare. */
const TRIP_COST_S = 600;
const CREW_COST_S = 3600;
const MINUTE_S = 60;
const FREE = -1;
const EARLIEST = -1_000_000;

const wholeMinuteFrom = (seconds: number): number => Math.ceil(seconds / MINUTE_S) * MINUTE_S;
const wholeMinuteUntil = (seconds: number): number => Math.floor(seconds / MINUTE_S) * MINUTE_S;

/**
 * Crews' days made of trips: each route of the state is a trip, each trip lies in one part of a crew's day.
 *
 * A trip may leave at any whole minute of [low, high]: not later than its windows allow, not so early that waiting ages
 * a meal. It is back at the later of `departure + rideS` and `waitedS`. Each door keeps these numbers for the part of
 * its trip before it and behind it, so that a place on a trip, between two trips or on a new trip is checked in
 * constant time.
 */
export class CrewDayState extends RouteState {
  readonly orders: readonly InsertionOrder[];
  private readonly load: Int32Array;
  /** From leaving to the door; earliest time at the door by windows; bounds of the departure by the doors so far. */
  private readonly outS: Int32Array;
  private readonly earlyS: Int32Array;
  private readonly lowS: Int32Array;
  private readonly highS: Int32Array;
  /** From this door on: how old the meals may be here, how late the door may be, the bound of the departure, the way back. */
  private readonly slackFreshS: Int32Array;
  private readonly slackWindowS: Int32Array;
  private readonly restLowS: Int32Array;
  private readonly homeS: Int32Array;
  private readonly restHomeS: Int32Array;
  /** Trips: part of the day, bounds of departure, way back; earliest departure and latest return the day allows. */
  private readonly partOf: Int32Array;
  private readonly readyS: Int32Array;
  private readonly backByS: Int32Array;
  private readonly nextReadyS: Int32Array;
  private readonly leaveByS: Int32Array;
  private readonly tripsOf: number[][];
  private readonly tripsOfCrew: Int32Array;
  private readonly closed: Uint8Array;
  /** 1: the trip cannot be kept whenever it leaves. */
  private readonly stale: Uint8Array;
  private readonly brokenParts = new Set<number>();
  private readonly twin: Int32Array;
  private readonly changedParts = new Set<number>();
  private readonly place = { before: 0, trip: 0, part: FREE, gap: 0, delta: Infinity };

  constructor(private readonly street: StreetProblem, private readonly near: NeighbourLists) {
    // Within one step every door may leave a trip of its own, which stays until the end of the step, and open another.
    super(street.size, 2 * street.size);
    const nodes = (): Int32Array => new Int32Array(street.size);
    const trips = (): Int32Array => new Int32Array(this.routeSlots);
    [this.outS, this.earlyS, this.lowS, this.highS] = [nodes(), nodes(), nodes(), nodes()];
    [this.slackFreshS, this.slackWindowS, this.restLowS, this.homeS, this.restHomeS] = [nodes(), nodes(), nodes(), nodes(), nodes()];
    [this.load, this.readyS, this.backByS, this.nextReadyS, this.leaveByS] = [trips(), trips(), trips(), trips(), trips()];
    this.partOf = trips().fill(FREE);
    this.tripsOf = street.parts.map(() => []);
    this.tripsOfCrew = new Int32Array(street.crews.length);
    this.closed = new Uint8Array(street.crews.length);
    this.stale = new Uint8Array(this.routeSlots);
    this.twin = twins(street);
    this.orders = streetOrders(street);
  }

  /** Each crew's trips in order, as lists of nodes. */
  plan(): { crew: number; trips: number[][] }[] {
    const byCrew = this.street.crews.map((_, crew) => ({ crew, trips: [] as number[][] }));
    this.street.parts.forEach((part, index) => {
      for (const trip of this.tripsOf[index]) if (this.stops[trip] > 0) byCrew[part.crew].trips.push(this.stopsOf(trip));
    });
    return byCrew;
  }

  insertBest(node: number, chance: () => number, blink: number): boolean {
    const { place } = this;
    place.delta = Infinity;
    this.seekOnTrips(node, chance, blink);
    this.seekNewTrip(node, chance, blink);
    if (place.delta === Infinity) return false;
    if (place.part !== FREE) {
      place.trip = this.openTrip(place.part, place.gap);
      place.before = 0;
    }
    this.insert(node, place.before, place.trip, place.delta);
    this.settle(place.trip);
    return true;
  }

  private seekOnTrips(node: number, chance: () => number, blink: number): void {
    const { near, routeOf, place } = this;
    const end = (node + 1) * near.count;
    for (let slot = node * near.count; slot < end; slot += 1) {
      const other = near.list[slot];
      const trip = routeOf[other];
      if (trip < 0) continue;
      const part = this.street.parts[this.partOf[trip]];
      if (this.load[trip] + this.street.boxes[node] > part.capacity || this.street.allowed[part.crew * this.size + node] === 0) continue;
      for (let side = 0; side < 2; side += 1) {
        const before = side === 0 ? other : this.prev[other];
        const after = side === 0 ? this.next[other] : other;
        const delta = this.legDelta(part.profile, part.crew, node, before, after);
        if (delta < place.delta && this.fits(node, trip, before, after) && chance() >= blink) {
          place.delta = delta;
          place.trip = trip;
          place.before = before;
          place.part = FREE;
        }
      }
    }
  }

  private legDelta(profile: number, crew: number, node: number, before: number, after: number): number {
    const legs = this.street.legCost[profile];
    return legs[before * this.size + node] + legs[node * this.size + after] - legs[before * this.size + after]
      + this.street.strangerCost[crew * this.size + node];
  }

  private fits(node: number, trip: number, before: number, after: number): boolean {
    const { street, size } = this;
    const step = street.stepS[street.parts[this.partOf[trip]].profile];
    const toNode = step[before * size + node];
    const outS = (before === 0 ? 0 : this.outS[before]) + toNode;
    if (outS > street.freshS[node]) return false;
    const earlyS = Math.max(before === 0 ? EARLIEST : this.earlyS[before] + toNode, street.opensS[node]);
    if (earlyS > street.closesS[node]) return false;
    let low = Math.max(before === 0 ? EARLIEST : this.lowS[before], earlyS - street.freshS[node]);
    let high = Math.min(before === 0 ? Infinity : this.highS[before], street.closesS[node] - outS);
    const onward = step[node * size + after];
    let rideS = outS + onward;
    let waitedS = earlyS + onward;
    if (after !== 0) {
      waitedS = Math.max(waitedS, street.opensS[after]);
      if (rideS > this.slackFreshS[after] || waitedS > this.slackWindowS[after]) return false;
      low = Math.max(low, waitedS - this.slackFreshS[after], this.restLowS[after]);
      high = Math.min(high, this.slackWindowS[after] - rideS);
      rideS += this.homeS[after];
      waitedS = Math.max(waitedS + this.homeS[after], this.restHomeS[after]);
    }
    const departS = wholeMinuteFrom(Math.max(low, this.readyS[trip]));
    return departS <= high && Math.max(departS + rideS, waitedS) <= this.backByS[trip];
  }

  private seekNewTrip(node: number, chance: () => number, blink: number): void {
    const { street, size, place } = this;
    for (let index = 0; index < street.parts.length; index += 1) {
      const part = street.parts[index];
      if (this.closed[part.crew] === 1 || street.allowed[part.crew * size + node] === 0) continue;
      const idle = this.tripsOfCrew[part.crew] === 0;
      if (idle && this.twin[part.crew] >= 0 && this.tripsOfCrew[this.twin[part.crew]] === 0 && this.closed[this.twin[part.crew]] === 0) continue;
      const delta = this.legDelta(part.profile, part.crew, node, 0, 0) + TRIP_COST_S + (idle ? CREW_COST_S : 0);
      if (delta >= place.delta) continue;
      const gap = this.gapFor(node, index);
      if (gap < 0 || (place.delta < Infinity && chance() < blink)) continue;
      place.delta = delta;
      place.part = index;
      place.gap = gap;
    }
  }

  /** The first place among the trips of a part where a trip for this door alone fits; -1: none. */
  private gapFor(node: number, index: number): number {
    const { street, size } = this;
    const part = street.parts[index];
    const step = street.stepS[part.profile];
    const outS = step[node];
    if (outS > street.freshS[node]) return -1;
    const lowS = street.opensS[node] - street.freshS[node];
    const highS = street.closesS[node] - outS;
    const homeS = step[node * size];
    const trips = this.tripsOf[index];
    let readyS = part.fromS;
    for (let gap = 0; gap <= trips.length; gap += 1) {
      const next = trips[gap];
      if (next === undefined || this.stops[next] > 0) {
        const untilS = next === undefined ? part.untilS : this.leaveByS[next] - street.reloadS;
        const departS = wholeMinuteFrom(Math.max(lowS, readyS));
        if (departS <= highS && Math.max(departS + outS, street.opensS[node]) + homeS <= untilS) return gap;
        if (next !== undefined) readyS = this.nextReadyS[next];
      }
    }
    return -1;
  }

  private openTrip(part: number, gap: number): number {
    let trip = 0;
    while (this.partOf[trip] !== FREE) trip += 1;
    this.partOf[trip] = part;
    this.tripsOf[part].splice(gap, 0, trip);
    this.changedParts.add(part);
    return trip;
  }

  protected removalDelta(node: number): number {
    const trip = this.routeOf[node];
    const part = this.street.parts[this.partOf[trip]];
    const last = this.stops[trip] === 1;
    const lastOfCrew = last && this.tripsOfCrew[part.crew] === 1;
    return -this.legDelta(part.profile, part.crew, node, this.prev[node], this.next[node]) - (last ? TRIP_COST_S : 0) - (lastOfCrew ? CREW_COST_S : 0);
  }

  protected added(node: number, route: number): void {
    this.load[route] += this.street.boxes[node];
    if (this.stops[route] === 1) this.tripsOfCrew[this.street.parts[this.partOf[route]].crew] += 1;
  }

  protected dropped(node: number, route: number): void {
    this.load[route] -= this.street.boxes[node];
    if (this.stops[route] > 0) return;
    this.tripsOfCrew[this.street.parts[this.partOf[route]].crew] -= 1;
    this.changedParts.add(this.partOf[route]);
  }

  protected settle(route: number): void {
    const part = this.partOf[route];
    if (part === FREE) return;
    if (this.stops[route] > 0) this.stale[route] = this.timeTrip(route, this.street.stepS[this.street.parts[part].profile]) ? 0 : 1;
    if (this.timeDay(part)) this.brokenParts.delete(part);
    else this.brokenParts.add(part);
  }

  override intact(): boolean {
    return this.brokenParts.size === 0;
  }

  /** @returns whether the trip keeps its windows and its meals fresh when nothing else binds */
  private timeTrip(trip: number, step: Int32Array): boolean {
    const { street, size, next, prev } = this;
    let kept = true;
    let before = 0;
    for (let node = this.first[trip]; node !== 0; node = next[node]) {
      const leg = step[before * size + node];
      const outS = (before === 0 ? 0 : this.outS[before]) + leg;
      const earlyS = Math.max(before === 0 ? EARLIEST : this.earlyS[before] + leg, street.opensS[node]);
      this.outS[node] = outS;
      this.earlyS[node] = earlyS;
      this.lowS[node] = Math.max(before === 0 ? EARLIEST : this.lowS[before], earlyS - street.freshS[node]);
      this.highS[node] = Math.min(before === 0 ? 86_400 : this.highS[before], street.closesS[node] - outS);
      if (outS > street.freshS[node] || earlyS > street.closesS[node]) kept = false;
      before = node;
    }
    let after = 0;
    for (let node = this.last[trip]; node !== 0; node = prev[node]) {
      const leg = step[node * size + after];
      const own = street.opensS[node];
      this.slackFreshS[node] = Math.min(street.freshS[node], after === 0 ? 86_400 : this.slackFreshS[after] - leg);
      this.slackWindowS[node] = Math.min(street.closesS[node], after === 0 ? 172_800 : this.slackWindowS[after] - leg);
      this.homeS[node] = leg + (after === 0 ? 0 : this.homeS[after]);
      this.restLowS[node] = Math.max(own - this.slackFreshS[node], after === 0 ? EARLIEST : this.restLowS[after]);
      this.restHomeS[node] = Math.max(own + this.homeS[node], after === 0 ? EARLIEST : this.restHomeS[after]);
      after = node;
    }
    return kept;
  }

  /** Earliest departures forward, latest ones backward. @returns whether every trip finds room */
  private timeDay(index: number): boolean {
    const { street } = this;
    const trips = this.tripsOf[index];
    let readyS = street.parts[index].fromS;
    let kept = true;
    for (const trip of trips) {
      if (this.stops[trip] === 0) continue;
      const last = this.last[trip];
      this.readyS[trip] = readyS;
      const departS = wholeMinuteFrom(Math.max(readyS, this.lowS[last]));
      if (departS > this.highS[last] || this.stale[trip] === 1) kept = false;
      readyS = Math.max(departS + this.outS[last] + this.homeS[last], this.earlyS[last] + this.homeS[last]) + street.reloadS;
      this.nextReadyS[trip] = readyS;
    }
    let byS = street.parts[index].untilS;
    for (let at = trips.length - 1; at >= 0; at -= 1) {
      const trip = trips[at];
      if (this.stops[trip] === 0) continue;
      const last = this.last[trip];
      this.backByS[trip] = byS;
      if (this.nextReadyS[trip] - street.reloadS > byS) kept = false;
      this.leaveByS[trip] = wholeMinuteUntil(Math.min(this.highS[last], byS - this.outS[last] - this.homeS[last]));
      byS = this.leaveByS[trip] - street.reloadS;
    }
    return kept;
  }

  /** Trips that ended a step empty leave the day. */
  protected override ended(): void {
    if (this.changedParts.size === 0) return;
    for (const part of this.changedParts) {
      this.tripsOf[part] = this.tripsOf[part].filter((trip) => {
        if (this.stops[trip] > 0) return true;
        this.partOf[trip] = FREE;
        return false;
      });
    }
    this.changedParts.clear();
  }

  closeUnit(weight: Float64Array): number[] | null {
    let lightest = -1;
    let least = Infinity;
    for (let crew = 0; crew < this.street.crews.length; crew += 1) {
      if (this.tripsOfCrew[crew] === 0) {
        this.closed[crew] = 1;
        continue;
      }
      const sum = this.nodesOf(crew).reduce((total, node) => total + weight[node], 0);
      if (sum < least) {
        least = sum;
        lightest = crew;
      }
    }
    if (lightest < 0) return null;
    const taken = this.nodesOf(lightest);
    for (const node of taken) this.remove(node);
    this.settleTouched();
    this.closed[lightest] = 1;
    return taken;
  }

  /** Every crew may be used again. */
  reopen(): void {
    this.closed.fill(0);
  }

  private nodesOf(crew: number): number[] {
    return this.street.parts.flatMap((part, index) => (part.crew === crew ? this.tripsOf[index].flatMap((trip) => this.stopsOf(trip)) : []));
  }

  protected override saveUnits(): unknown {
    return { trips: this.tripsOf.map((list) => list.filter((trip) => this.stops[trip] > 0)), closed: this.closed.slice() };
  }

  protected override loadUnits(units: unknown): void {
    const { trips, closed } = units as { trips: number[][]; closed: Uint8Array };
    this.closed.set(closed);
    this.partOf.fill(FREE);
    this.tripsOfCrew.fill(0);
    this.brokenParts.clear();
    this.changedParts.clear();
    this.load.fill(0);
    trips.forEach((list, part) => {
      this.tripsOf[part] = list.slice();
      for (const trip of list) {
        this.partOf[trip] = part;
        this.tripsOfCrew[this.street.parts[part].crew] += 1;
        for (const node of this.stopsOf(trip)) this.load[trip] += this.street.boxes[node];
      }
    });
  }
}

/** The crew before that is exactly alike, so that of several idle ones only the first is looked at; -1: none. */
function twins({ crews, parts, size, allowed, strangerCost }: StreetProblem): Int32Array {
  const marks = crews.map((_, crew) => JSON.stringify([
    parts.filter((part) => part.crew === crew).map((part) => [part.profile, part.capacity, part.fromS, part.untilS]),
    Array.from(allowed.subarray(crew * size, (crew + 1) * size)).join(''), strangerCost.subarray(crew * size, (crew + 1) * size).join(),
  ]));
  return Int32Array.from(marks, (mark, crew) => marks.lastIndexOf(mark, crew - 1 < 0 ? 0 : crew - 1)).map((twin, crew) => (twin === crew ? -1 : twin));
}

/** By chance, most boxes, farthest, nearest, earliest closing and narrowest window first. */
function streetOrders({ size, boxes, legCost, opensS, closesS }: StreetProblem): InsertionOrder[] {
  const by = (weight: number, key: (node: number) => number): InsertionOrder => ({ weight, key: Float64Array.from({ length: size }, (_, node) => key(node)) });
  const [legs] = legCost;
  return [
    { weight: 4, key: null }, by(2, (node) => -boxes[node]), by(2, (node) => -legs[node]), by(1, (node) => legs[node]),
    by(2, (node) => closesS[node]), by(2, (node) => closesS[node] - opensS[node]),
  ];
}
