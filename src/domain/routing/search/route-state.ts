const NOWHERE = -1;

/** A copy of all routes, to return to. */
export interface RouteSnapshot {
  readonly links: Int32Array;
  cost: number;
  /** Customers on no route, in no order. */
  absent: readonly number[];
  /** What a model keeps beside the links. */
  units: unknown;
}

/** An order in which removed customers are put back: smallest key first; null: chance decides. */
export interface InsertionOrder {
  readonly weight: number;
  readonly key: Float64Array | null;
}

/**
 * Routes as doubly linked lists in typed arrays, with a journal of the changes since the last `commit`, so that a
 * rejected step is taken back in the time it took to make. What a model adds (loads, times) it keeps up to date in
 * `added`, `dropped` and `settle`.
 *
 * A customer's neighbours are 0 at the ends of its route: node 0 stands for every depot visit.
 */
export abstract class RouteState {
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** -1: on no route. */
  readonly routeOf: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly stops: Int32Array;
  private readonly links: Int32Array;
  /** Journal: customer and the customer (or 0) it stood behind; removals and insertions are told apart by sign. */
  private journalNode: Int32Array = new Int32Array(256);
  private journalPrev: Int32Array = new Int32Array(256);
  private journalRoute: Int32Array = new Int32Array(256);
  private journalLength = 0;
  /** Routes changed since the last commit. */
  protected readonly touched: Int32Array;
  protected touchedCount = 0;
  private readonly touchMark: Uint8Array;
  /** What all routes cost. */
  cost = 0;
  private costAtCommit = 0;
  usedRoutes = 0;
  served = 0;

  constructor(readonly size: number, readonly routeSlots: number) {
    const [nodes, slots] = [size, routeSlots];
    this.links = new Int32Array(3 * nodes + 3 * slots);
    const part = (from: number, length: number): Int32Array => this.links.subarray(from, from + length);
    this.next = part(0, nodes);
    this.prev = part(nodes, nodes);
    this.routeOf = part(2 * nodes, nodes).fill(NOWHERE);
    this.first = part(3 * nodes, slots);
    this.last = part(3 * nodes + slots, slots);
    this.stops = part(3 * nodes + 2 * slots, slots);
    this.touched = new Int32Array(slots);
    this.touchMark = new Uint8Array(slots);
  }

  abstract readonly orders: readonly InsertionOrder[];

  /**
   * Puts a customer where it costs least.
   *
   * @param chance a number in [0, 1): below `blink` a place is overlooked
   * @param below places that cost so much or more need not be looked at
   * @returns false when no route can take it
   */
  abstract insertBest(node: number, chance: () => number, blink: number, below?: number): boolean;

  /** What the cost changes by when the customer leaves its route. */
  protected abstract removalDelta(node: number): number;

  /** Told after a customer was put into a route (`prev` and `next` say where): sums are brought up to date. */
  protected abstract added(node: number, route: number): void;

  /** Told after a customer left a route; its own `prev` and `next` still say where it stood. */
  protected abstract dropped(node: number, route: number): void;

  /** Told after routes changed by removals or by taking back: times are made anew. */
  protected abstract settle(route: number): void;

  /** After removals: whether what is left keeps its times (without the triangle inequality it may not). */
  intact(): boolean {
    return true;
  }

  /**
   * Closes the unit of the fleet (a tour, a crew) whose customers have the least weight together, and keeps it closed.
   *
   * @returns the customers taken out, null when there is no unit to close
   */
  abstract closeUnit(weight: Float64Array): number[] | null;

  protected saveUnits(): unknown {
    return null;
  }

  protected loadUnits(_units: unknown): void {
    // A model without units of its own has nothing to restore.
  }

  /** Told at the end of each step, kept or taken back. */
  protected ended(): void {
    // Most models have nothing to tidy.
  }

  /** Puts `node` behind `before` (0: at the start of `route`). */
  private link(node: number, before: number, route: number): void {
    const after = before === 0 ? this.first[route] : this.next[before];
    this.next[node] = after;
    this.prev[node] = before;
    if (before === 0) this.first[route] = node;
    else this.next[before] = node;
    if (after === 0) this.last[route] = node;
    else this.prev[after] = node;
    this.routeOf[node] = route;
    if (this.stops[route] === 0) this.usedRoutes += 1;
    this.stops[route] += 1;
    this.served += 1;
    this.added(node, route);
  }

  private unlink(node: number): void {
    const route = this.routeOf[node];
    const before = this.prev[node];
    const after = this.next[node];
    if (before === 0) this.first[route] = after;
    else this.next[before] = after;
    if (after === 0) this.last[route] = before;
    else this.prev[after] = before;
    this.routeOf[node] = NOWHERE;
    this.stops[route] -= 1;
    this.served -= 1;
    if (this.stops[route] === 0) this.usedRoutes -= 1;
    this.dropped(node, route);
  }

  protected insert(node: number, before: number, route: number, delta: number): void {
    this.note(node, before, route);
    this.cost += delta;
    this.link(node, before, route);
  }

  /** Takes a customer off its route. Call `settleTouched` after the last one. */
  remove(node: number): void {
    const route = this.routeOf[node];
    this.note(-node, this.prev[node], route);
    this.cost += this.removalDelta(node);
    this.unlink(node);
  }

  settleTouched(): void {
    for (let index = 0; index < this.touchedCount; index += 1) this.settle(this.touched[index]);
  }

  private note(signed: number, before: number, route: number): void {
    if (this.journalLength === this.journalNode.length) this.growJournal();
    this.journalNode[this.journalLength] = signed;
    this.journalPrev[this.journalLength] = before;
    this.journalRoute[this.journalLength] = route;
    this.journalLength += 1;
    if (this.touchMark[route] === 0) {
      this.touchMark[route] = 1;
      this.touched[this.touchedCount] = route;
      this.touchedCount += 1;
    }
  }

  private growJournal(): void {
    const grown = (old: Int32Array): Int32Array => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.journalNode = grown(this.journalNode);
    this.journalPrev = grown(this.journalPrev);
    this.journalRoute = grown(this.journalRoute);
  }

  /** Keeps what was done. */
  commit(): void {
    this.costAtCommit = this.cost;
    this.ended();
    this.clearJournal();
  }

  /** Takes back everything since the last commit. */
  rollback(): void {
    for (let index = this.journalLength - 1; index >= 0; index -= 1) {
      const node = this.journalNode[index];
      if (node > 0) this.unlink(node);
      else this.link(-node, this.journalPrev[index], this.journalRoute[index]);
    }
    this.settleTouched();
    this.cost = this.costAtCommit;
    this.ended();
    this.clearJournal();
  }

  private clearJournal(): void {
    for (let index = 0; index < this.touchedCount; index += 1) this.touchMark[this.touched[index]] = 0;
    this.touchedCount = 0;
    this.journalLength = 0;
  }

  snapshot(absent: readonly number[], into?: RouteSnapshot): RouteSnapshot {
    if (into === undefined) return { links: this.links.slice(), cost: this.cost, absent: absent.slice(), units: this.saveUnits() };
    into.links.set(this.links);
    into.cost = this.cost;
    into.absent = absent.slice();
    into.units = this.saveUnits();
    return into;
  }

  restore(snapshot: RouteSnapshot): void {
    this.links.set(snapshot.links);
    this.loadUnits(snapshot.units);
    this.usedRoutes = 0;
    this.served = 0;
    for (let route = 0; route < this.routeSlots; route += 1) {
      if (this.stops[route] > 0) this.usedRoutes += 1;
      this.served += this.stops[route];
      this.settle(route);
    }
    this.cost = snapshot.cost;
    this.commit();
  }

  /** The customers of a route in order. */
  stopsOf(route: number): number[] {
    const list: number[] = [];
    for (let node = this.first[route]; node !== 0 && this.stops[route] > 0; node = this.next[node]) list.push(node);
    return list;
  }
}
