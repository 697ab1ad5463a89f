import { type DemandDay, forecastPooled, type PooledForecast } from '../../src/domain/forecast/index.js';
import { addDays, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { cookingQuantiles, decideSecondWave, type LivePoint, livePoint, portionsFor, proposeTransfers, shareByMinute, steeredQuantile } from '../../src/domain/kitchen/index.js';
import type { Lunch } from '../kitchen-world/lunch.js';
import { SETS, type SetCode, type WorldDay } from '../kitchen-world/street.js';

/** What a counter sold to people without an order, as the kitchen's own books say. */
export interface Sold { readonly day: BusinessDay; readonly portions: number; readonly soldOut: boolean }
export interface Wanted { point: number; setCode: SetCode; portions: number }

/** How a kitchen decides. It sees the calendar, the weather report, and its own sales. */
export interface Policy {
  readonly name: string;
  /** Portions for walk-ins, by point and set meal, cooked before the service. */
  morning(day: BusinessDay, report: readonly { day: BusinessDay; rainMm: number }[]): Wanted[];
  /** May look at live sales; returns portions of a second wave that are ready at `readyMin`, and moves portions itself. */
  during(minute: number, lunch: Lunch, reserved: (point: number, setCode: SetCode) => number): { wanted: Wanted[]; readyMin: number } | null;
  evening(day: BusinessDay, sold: (point: number, setCode: SetCode) => Sold, minutes: readonly number[]): void;
}

/** Cooks what was sold on the same weekday of last week, and a fixed share more, in one wave. */
export class SeasonalNaive implements Policy {
  readonly name: string;
  private readonly past = new Map<string, Map<BusinessDay, number>>();

  constructor(private readonly points: number, private readonly margin: number) {
    this.name = `last week's weekday + ${Math.round(margin * 100)} %`;
  }

  learn(point: number, setCode: SetCode, sold: Sold): void {
    const key = `${point}/${setCode}`;
    const known = this.past.get(key) ?? new Map<BusinessDay, number>();
    known.set(sold.day, sold.portions);
    this.past.set(key, known);
  }

  morning(day: BusinessDay): Wanted[] {
    return cells(this.points).map(({ point, setCode }) => ({ point, setCode, portions: Math.ceil((this.past.get(`${point}/${setCode}`)?.get(addDays(day, -7)) ?? 0) * (1 + this.margin) - 1e-9) }));
  }

  during(): null {
    return null;
  }

  evening(_day: BusinessDay, sold: (point: number, setCode: SetCode) => Sold): void {
    for (const { point, setCode } of cells(this.points)) this.learn(point, setCode, sold(point, setCode));
  }
}

/** Settings of the two-wave kitchen. */
export interface TwoWaveSettings {
  readonly firstQuantile: number; readonly secondQuantile: number; readonly keepQuantile: number;
  /** Share of set meals (at a point on a day) that may be gone before everybody has come; both waves are steered by it. */
  readonly aimedRunOuts: number;
}
/** Those that the product cooks by where the kitchen's costs ask for this share of days. */
export function settingsFor(share: number): TwoWaveSettings {
  const { first, second, keep, aimedRunOuts } = cookingQuantiles(share);
  return { firstQuantile: first, secondQuantile: second, keepQuantile: keep, aimedRunOuts };
}
/** What the last days came to, over which both waves are steered. */
const STEER_DAYS = 8;
/** The second wave is cooked in two rounds of pots: each decided on live sales, and there before the next is. */
const SECOND_WAVE = [{ atMin: 655, readyMin: 685, untilMin: 722 }, { atMin: 680, readyMin: 710, untilMin: 760 }];
const SECOND_THERE_MIN = 697;
const TRANSFER_MINUTES = [710, 720, 730, 740];
const FIRST_SPREAD = 0.35;
const HALF_LIFE = 0.9;
const REFIT_DAYS = 2;

/** This project's kitchen: forecast, a first wave until the second can be there, a second from live sales, transfers. */
export class TwoWaves implements Policy {
  private readonly days = new Map<string, DemandDay[]>();
  private readonly minutes: number[] = [];
  private course: ((minute: number) => number) | null = null;
  private readonly rain = new Map<BusinessDay, number>();
  private readonly expected = new Map<string, number>();
  private pooled: { until: BusinessDay; forecast: PooledForecast } | null = null;
  private readonly lately: { cells: number; runOuts: number }[] = [];
  private readonly squares = new Map<string, { error: number; size: number }>();

  constructor(
    private readonly points: number, private readonly calendar: { holidays: ReadonlySet<BusinessDay>; makeUpWorkdays: ReadonlySet<BusinessDay>; pensionDays: ReadonlySet<BusinessDay> },
    private readonly settings: TwoWaveSettings, readonly name = 'forecast, two waves, transfers',
  ) {}

  learn(point: number, setCode: SetCode, { day, portions, soldOut }: Sold): void {
    const key = `${point}/${setCode}`;
    this.days.set(key, [...(this.days.get(key) ?? []), { day, portions, ...(soldOut ? { soldOut } : {}) }]);
  }

  learnCourse(minutes: readonly number[]): void {
    this.minutes.push(...minutes);
    this.course = null;
  }

  morning(day: BusinessDay, report: readonly { day: BusinessDay; rainMm: number }[]): Wanted[] {
    for (const one of report) this.rain.set(one.day, one.rainMm);
    const all = cells(this.points);
    const forecast = this.learnt(day, all.map(({ point, setCode }) => this.days.get(`${point}/${setCode}`) ?? []));
    const shareThere = this.share(SECOND_THERE_MIN);
    return all.map(({ point, setCode }, index) => {
      const key = `${point}/${setCode}`;
      const expectedPortions = forecast.expect(index, day);
      this.expected.set(key, expectedPortions);
      const mean = expectedPortions * shareThere;
      return { point, setCode, portions: portionsFor({ mean, spread: Math.sqrt(mean + (this.spreadOf(key) * mean) ** 2) }, this.steered(this.settings.firstQuantile)) };
    });
  }

  during(minute: number, lunch: Lunch, reserved: (point: number, setCode: SetCode) => number): { wanted: Wanted[]; readyMin: number } | null {
    if (TRANSFER_MINUTES.includes(minute)) {
      for (const setCode of SETS) {
        for (const { fromPointId, toPointId, portions } of proposeTransfers(this.live(minute, lunch, setCode, reserved), this.settings.keepQuantile)) {
          lunch.transfer(Number(fromPointId), Number(toPointId), setCode, portions, minute);
        }
      }
    }
    const round = SECOND_WAVE.find(({ atMin }) => atMin === minute);
    if (round === undefined) return null;
    const wanted = SETS.flatMap((setCode) => decideSecondWave(this.live(minute, lunch, setCode, reserved, round.untilMin), this.steered(this.settings.secondQuantile)).byPoint
      .map(({ pointId, portions }): Wanted => ({ point: Number(pointId), setCode, portions })));
    return { wanted, readyMin: round.readyMin };
  }

  evening(day: BusinessDay, sold: (point: number, setCode: SetCode) => Sold, minutes: readonly number[]): void {
    this.learnCourse(minutes);
    const all = cells(this.points);
    this.lately.push({ cells: all.length, runOuts: all.filter(({ point, setCode }) => sold(point, setCode).soldOut).length });
    for (const { point, setCode } of all) {
      const one = sold(point, setCode);
      const key = `${point}/${setCode}`;
      const expected = this.expected.get(key) ?? 0;
      if (!one.soldOut) {
        const known = this.squares.get(key) ?? { error: FIRST_SPREAD ** 2 * 400, size: 400 };
        // The scatter of single comers is counted apart; what is left is the forecast's own.
        this.squares.set(key, { error: known.error * HALF_LIFE + Math.max(0, (one.portions - expected) ** 2 - expected), size: known.size * HALF_LIFE + expected ** 2 });
      }
      this.learn(point, setCode, { ...one, day });
    }
  }

  /** Learns anew every other evening, as far as the evening before `day`. */
  private learnt(day: BusinessDay, histories: readonly DemandDay[][]): PooledForecast {
    if (this.pooled === null || day > this.pooled.until) {
      const forecast = forecastPooled(histories, addDays(day, -1), { ...this.calendar, rainMm: this.rain });
      this.pooled = { until: addDays(day, REFIT_DAYS - 1), forecast };
    }
    return this.pooled.forecast;
  }

  private steered(quantile: number): number {
    const last = this.lately.slice(-STEER_DAYS);
    const sum = (of: 'cells' | 'runOuts'): number => last.reduce((total, one) => total + one[of], 0);
    return steeredQuantile(quantile, this.settings.aimedRunOuts, { cells: sum('cells'), runOuts: sum('runOuts') }, 2 * this.points * SETS.length);
  }

  private spreadOf(key: string): number {
    const known = this.squares.get(key);
    return known === undefined || known.size === 0 ? FIRST_SPREAD : Math.min(0.6, Math.max(0.08, Math.sqrt(known.error / known.size)));
  }

  private share(minute: number): number {
    this.course ??= shareByMinute(this.minutes);
    return this.course(minute);
  }

  private live(minute: number, lunch: Lunch, setCode: SetCode, reserved: (point: number, setCode: SetCode) => number, untilMin = 760): LivePoint[] {
    const share = this.share(minute);
    const shareUntil = this.share(untilMin);
    return Array.from({ length: this.points }, (_, point) => {
      const counter = lunch.counters[point][setCode];
      const key = `${point}/${setCode}`;
      return livePoint({
        pointId: String(point), expectedWalkIns: this.expected.get(key) ?? 0, relativeSpread: this.spreadOf(key), soldToWalkIns: counter.soldMinutes.length,
        there: lunch.left(point, setCode) + lunch.onRoad(point, setCode), openOrders: reserved(point, setCode), soldOut: counter.ranOutAt !== null,
      }, share, shareUntil);
    });
  }
}

export function cells(points: number): { point: number; setCode: SetCode }[] {
  return Array.from({ length: points }, (_, point) => SETS.map((setCode) => ({ point, setCode }))).flat();
}

/** What the books of an ordinary past say: everybody was served. */
export function soldInPast(world: WorldDay, point: number, setCode: SetCode): Sold {
  return { day: world.day, portions: world.arrivals[point].filter((one) => one.setCode === setCode).length, soldOut: false };
}
