import { addDays, type BusinessDay, instantOf, weekdayOf } from '../../../domain/kernel/business-day.js';
import { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import { countPortions, loadTimes } from '../days/day-portions.js';
import { rideRounds } from '../days/delivery-rounds.js';
import { eatsHere, isPlanned, lunchCrowd, type Lunch, type LunchCrowd, plannedSet, type SetCode } from '../days/lunch-crowd.js';
import { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import type { DemoPoint, DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';
import type { PastMeals, PastMenu } from './past-meals.js';

interface Visit {
  seniorIndex: number;
  senior: DemoSenior;
  orderId: string;
  lunch: Lunch | null;
  result: 'delivered' | 'absent' | 'refused';
  latitude: number;
  longitude: number;
  floor: number;
  hasLift: boolean;
}

const ROWS_IN_MEMORY = 40_000;
/** Doors that one vehicle of a crew reaches in a morning; a crew of a larger depot rides several at once. */
const DOORS_PER_VEHICLE = 60;

const REASONS = { absent: 'no-answer', refused: 'not-wanted' } as const;

/** Writes whole days of the past: orders, rounds, loads, counts and meals, each agreeing with the others. */
export class PastDays {
  constructor(
    private readonly writer: BulkWriter, private readonly meals: PastMeals, private readonly street: DemoStreet,
    private readonly people: readonly DemoSenior[], private readonly planIds: ReadonlyMap<number, string>,
    private readonly crewOfPoint: readonly string[], private readonly seed: string,
  ) {}

  /** Rows go to the database as they become many, within the day too. */
  async writeDay(menu: PastMenu): Promise<void> {
    const { day } = menu;
    const random = new SeededRandom(`${this.seed}/past-day/${day}`);
    const mint = new IdMint(random.fork('ids'), instantOf(day, 420).getTime());
    const crowd = lunchCrowd(this.seed, day, this.people, this.street.points);
    const orderIds = this.writeOrders(mint, day, crowd);
    const stopOfLunch = this.writeRounds(random, mint, day, crowd, orderIds);
    this.writePortions(random, mint, menu, crowd);
    const deliveredBy = new Map<string, string>();
    for (const lunch of crowd.lunches) {
      const stopId = stopOfLunch.get(lunch) ?? null;
      const mealId = this.meals.write(mint, menu, lunch, stopId);
      if (stopId !== null) deliveredBy.set(stopId, mealId);
      await this.writer.flushOver(ROWS_IN_MEMORY);
    }
    this.flushStops(deliveredBy);
  }

  private stops: Record<string, string | number | Date | null>[] = [];

  /** Stops name their meal, so they are written once the meals have their ids. */
  private flushStops(mealOfStop: ReadonlyMap<string, string>): void {
    for (const stop of this.stops) this.writer.add('route_stop', { ...stop, meal_id: mealOfStop.get(String(stop['id'])) ?? null });
    this.stops = [];
  }

  /** Every standing plan of the day became an order, with what came of it; by senior index. */
  private writeOrders(mint: IdMint, day: BusinessDay, crowd: LunchCrowd): Map<number, string> {
    const weekday = weekdayOf(day);
    const failed = new Map(crowd.failed.map((one) => [one.seniorIndex, one.result]));
    const ids = new Map<number, string>();
    const createdAt = instantOf(addDays(day, -1), 600);
    this.people.forEach((senior, seniorIndex) => {
      if (!eatsHere(senior, day) || !isPlanned(senior, weekday)) return;
      const id = mint.next<string>();
      ids.set(seniorIndex, id);
      const delivery = senior.habit.deliveryMask !== 0;
      this.writer.add('meal_order', {
        id, senior_id: senior.id, point_id: this.pointOf(senior).id, business_day: day, period: 'lunch', set_code: plannedSet(senior),
        fulfilment: delivery ? 'delivery' : 'collect', source: 'standing', standing_plan_id: this.planIds.get(seniorIndex) ?? null,
        status: failed.get(seniorIndex) ?? (delivery ? 'delivered' : 'collected'), active: 1, created_by: null, created_at: createdAt,
        cancelled_at: null,
      });
    });
    return ids;
  }

  private writeRounds(
    random: SeededRandom, mint: IdMint, day: BusinessDay, crowd: LunchCrowd, orderIds: ReadonlyMap<number, string>,
  ): Map<Lunch, string> {
    const stopOfLunch = new Map<Lunch, string>();
    const visits = this.visitsOf(crowd, orderIds);
    this.street.points.forEach((point, pointIndex) => {
      const here = visits.filter(({ senior }) => senior.pointIndex === pointIndex);
      if (here.length === 0) return;
      const planId = mint.next<string>();
      this.writer.add('route_plan', {
        id: planId, depot_kind: 'point', depot_id: point.id, business_day: day, period: 'lunch', status: 'final',
        travel_time_source: 'straight-line', estimated_doors: here.length, seed: 0, orders: here.length,
        input_digest: '0'.repeat(64), created_at: instantOf(addDays(day, -1), 962),
      });
      const vehicles = Array.from({ length: Math.ceil(here.length / DOORS_PER_VEHICLE) }, (_, vehicle) => here.slice(vehicle * DOORS_PER_VEHICLE, (vehicle + 1) * DOORS_PER_VEHICLE));
      vehicles.flatMap((doors) => rideRounds(point, doors)).forEach((round, index) => {
        const tripId = mint.next<string>();
        this.writer.add('route_trip', {
          id: tripId, route_plan_id: planId, crew_id: this.crewOfPoint[pointIndex] ?? '', trip_no: index + 1,
          depart_s: round.departS, last_door_s: round.lastDoorS, back_s: round.backS, boxes: round.stops.length, distance_m: round.distanceM,
          left_at: atSecond(day, round.departS + random.int(0, 200)), closed_at: atSecond(day, round.backS + random.int(0, 300)),
        });
        round.stops.forEach((stop, seq) => {
          const stopId = this.addStop(random, mint, day, tripId, seq + 1, stop);
          if (stop.item.lunch !== null) stopOfLunch.set(stop.item.lunch, stopId);
        });
      });
    });
    return stopOfLunch;
  }

  private visitsOf(crowd: LunchCrowd, orderIds: ReadonlyMap<number, string>): Visit[] {
    const visit = (seniorIndex: number, lunch: Lunch | null, result: Visit['result']): Visit => {
      const senior = this.people[seniorIndex];
      const { latitude, longitude, floor, hasLift } = senior;
      return { seniorIndex, senior, orderId: orderIds.get(seniorIndex) ?? '', lunch, result, latitude, longitude, floor, hasLift };
    };
    return [
      ...crowd.lunches.flatMap((lunch) => (lunch.channel === 'delivery' && lunch.seniorIndex !== null ? [visit(lunch.seniorIndex, lunch, 'delivered')] : [])),
      ...crowd.failed.map((one) => visit(one.seniorIndex, null, one.result)),
    ];
  }

  private addStop(
    random: SeededRandom, mint: IdMint, day: BusinessDay, tripId: string, seq: number,
    stop: { item: Visit; doorAtS: number; climbS: number; doorS: number },
  ): string {
    const { item, doorAtS, climbS, doorS } = stop;
    const id = mint.next<string>();
    const at = atSecond(day, doorAtS + climbS + random.int(10, 240));
    if (item.lunch !== null) item.lunch.minute = Math.floor((doorAtS + climbS) / 60);
    this.stops.push({
      id, route_trip_id: tripId, seq, meal_order_id: item.orderId, senior_id: item.senior.id, door_at_s: doorAtS, climb_s: climbS,
      door_s: doorS, window_start_s: 36_000, window_end_s: 43_200, result: item.result,
      reason: item.result === 'delivered' ? null : REASONS[item.result],
      received_by: item.result === 'delivered' ? (random.chance(0.9) ? 'self' : 'collector') : null,
      proof: item.result === 'delivered' ? 'phone-digits' : null, device_at: at, result_at: at, result_by: null, portion_taken: 1,
    });
    return id;
  }

  private writePortions(random: SeededRandom, mint: IdMint, menu: PastMenu, crowd: LunchCrowd): void {
    const counts = countPortions(random, crowd, this.street.points.length);
    this.street.points.forEach((point, pointIndex) => {
      const here = counts.filter((count) => count.pointIndex === pointIndex && count.sent > 0);
      const times = loadTimes(random);
      const loadId = mint.next<string>();
      if (here.length > 0) this.addLoad(loadId, point, menu.day, times, here.some(({ sent, accepted }) => sent !== accepted));
      for (const { setCode, sent, accepted, served, collected, wasted } of here) {
        const setMealId = menu.ids[setCode];
        this.writer.add('portion_stock', {
          point_id: point.id, set_meal_id: setMealId, business_day: menu.day, period: 'lunch', sent, accepted, served, collected, wasted,
        });
        this.writer.add('portion_load_item', { load_id: loadId, set_meal_id: setMealId, sent, accepted });
        if (wasted > 0) this.addWaste(mint, point.id, menu.day, setMealId, setCode, wasted, crowd, pointIndex);
      }
    });
  }

  private addLoad(id: string, point: DemoPoint, day: BusinessDay, times: ReturnType<typeof loadTimes>, short: boolean): void {
    this.writer.add('portion_load', {
      id, kitchen_id: this.street.kitchen.id, point_id: point.id, business_day: day, period: 'lunch', wave: 1, state: 'accepted',
      sealed_at: instantOf(day, times.sealedMin), sealed_by: null, left_at: instantOf(day, times.leftMin), left_by: null,
      accepted_at: instantOf(day, times.acceptedMin), accepted_by: null, accepted_temperature_c: times.temperatureC,
      note: short ? '少一份，厨房已知' : '',
    });
  }

  private addWaste(
    mint: IdMint, pointId: string, day: BusinessDay, setMealId: string, setCode: SetCode, wasted: number, crowd: LunchCrowd, pointIndex: number,
  ): void {
    const returned = crowd.failed.filter((one) => one.pointIndex === pointIndex && one.setCode === setCode).length;
    const parts = [['returned-by-crew', returned], ['not-eaten', wasted - returned]] as const;
    for (const [reason, portions] of parts) {
      if (portions > 0) {
        this.writer.add('portion_waste', {
          id: mint.next(), point_id: pointId, set_meal_id: setMealId, portions, reason, note: '', recorded_by: null, recorded_at: instantOf(day, 780),
        });
      }
    }
  }

  private pointOf(senior: DemoSenior): DemoPoint {
    return this.street.points[senior.pointIndex];
  }
}

function atSecond(day: BusinessDay, second: number): Date {
  return new Date(instantOf(day, 0).getTime() + second * 1000);
}
