import { afterEvent, NO_PORTIONS, type PortionCounts, portionDifference } from '../../src/domain/closing/index.js';
import { SETS, type SetCode, type WorldDay } from './street.js';

/** What a counter knows of one set meal; `missed` are people who found it gone. */
export interface Counter { counts: PortionCounts; missed: number; ranOutAt: number | null; soldMinutes: number[] }
export type Counters = Record<SetCode, Counter>[];

/** Portions that leave the kitchen: at a minute, for a point. */
export interface Arriving { readonly minute: number; readonly point: number; readonly setCode: SetCode; readonly portions: number }

/** What the kitchen may do while people eat; called at each minute of the service. */
export interface Steering {
  atMinute(minute: number, lunch: Lunch): void;
  mayServe(setCode: SetCode, minute: number): boolean;
}

export const SERVICE_FROM = 630;
export const SERVICE_TO = 760;

/** Plays one lunch: loads arrive, orders are handed out first, people come, and whatever is left at the end is thrown away. */
export class Lunch {
  readonly counters: Counters;
  private readonly road: Arriving[] = [];

  constructor(private readonly world: WorldDay, points: number) {
    this.counters = Array.from({ length: points }, () => Object.fromEntries(SETS.map((code): [SetCode, Counter] => [code, { counts: NO_PORTIONS, missed: 0, ranOutAt: null, soldMinutes: [] }])) as Record<SetCode, Counter>);
  }

  send(load: Arriving): void {
    if (load.portions > 0) this.road.push(load);
  }

  left(point: number, setCode: SetCode): number {
    return portionDifference(this.counters[point][setCode].counts);
  }

  onRoad(point: number, setCode: SetCode): number {
    return this.road.filter((load) => load.point === point && load.setCode === setCode).reduce((sum, { portions }) => sum + portions, 0);
  }

  /** Takes portions away from one counter at once; they arrive at the other eight minutes later. @returns false when they are not there */
  transfer(from: number, to: number, setCode: SetCode, portions: number, minute: number): boolean {
    if (!this.book(from, setCode, 'send', portions)) return false;
    this.transfers.push({ minute: minute + 8, point: to, setCode, portions });
    return true;
  }
  private readonly transfers: Arriving[] = [];

  /** @param reserved what each counter sets aside for its orders, served before anyone walks in */
  play(served: readonly { point: number; setCode: SetCode; delivered: boolean }[], steering: Steering): void {
    this.arrive(SERVICE_FROM - 1);
    for (const { point, setCode, delivered } of served) this.take(point, setCode, SERVICE_FROM - 1, delivered ? 'collect' : 'serve', steering, false);
    for (let minute = SERVICE_FROM; minute < SERVICE_TO; minute += 1) {
      this.arrive(minute);
      steering.atMinute(minute, this);
      this.world.arrivals.forEach((arrivals, point) => {
        for (const { setCode, second } of arrivals.filter((one) => one.minute === minute)) {
          if (!this.take(point, setCode, minute, 'serve', steering, true) && second !== setCode) this.take(point, second, minute, 'serve', steering, false);
        }
      });
    }
    this.arrive(Infinity);
    this.counters.forEach((_, point) => SETS.forEach((code) => {
      const rest = this.left(point, code);
      if (rest > 0) this.book(point, code, 'waste', rest);
    }));
  }

  /** Portions nobody accounted for, over all counters; 0 when the day balances. */
  unbalanced(): number {
    return this.counters.reduce((sum, sets) => sum + SETS.reduce((own, code) => own + Math.abs(portionDifference(sets[code].counts)), 0), 0);
  }

  private take(point: number, setCode: SetCode, minute: number, how: 'serve' | 'collect', steering: Steering, first: boolean): boolean {
    const counter = this.counters[point][setCode];
    if (!steering.mayServe(setCode, minute)) return false;
    if (this.book(point, setCode, how, 1)) {
      if (how === 'serve' && minute >= SERVICE_FROM) counter.soldMinutes.push(minute);
      return true;
    }
    if (first || minute < SERVICE_FROM) {
      counter.missed += 1;
      counter.ranOutAt ??= minute;
    }
    return false;
  }

  private arrive(minute: number): void {
    for (const [list, kind] of [[this.road, 'accept'], [this.transfers, 'receive']] as const) {
      for (const load of list.filter((one) => one.minute <= minute)) {
        this.book(load.point, load.setCode, kind, load.portions);
        list.splice(list.indexOf(load), 1);
      }
    }
  }

  private book(point: number, setCode: SetCode, kind: 'accept' | 'receive' | 'serve' | 'collect' | 'send' | 'waste', portions: number): boolean {
    const counter = this.counters[point][setCode];
    const next = afterEvent(counter.counts, { kind, portions });
    if (next === null) return false;
    counter.counts = next;
    return true;
  }
}
