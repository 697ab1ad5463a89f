import { type MonthEvents } from '../kitchen-world/events.js';
import { Lunch } from '../kitchen-world/lunch.js';
import { SETS, type SetCode, type World, type WorldDay } from '../kitchen-world/street.js';
import { KitchenBook, LotStore, sum } from './kitchen-book.js';
import { cells, type Policy } from './policies.js';
import { declaredDishes, type SettledOrder, settleOrders } from './settled-orders.js';

export const PORTION_KG = 0.55;
const FIRST_READY_MIN = 590;

export interface MonthResult {
  cooked: number; eaten: number; wasteKg: number; runOuts: number; missed: number; recalledPortions: number; clashesServed: number; unreleasedServed: number;
  portionsUnbalanced: number; traced: number; tracedWrong: number; moved: number; lateBatches: number; lotsUnbalancedG: number;
}

/** Cooks and serves the month by one policy. Everything that is counted is counted from the counters, not by the policy. */
export function runMonth(seed: string, world: World, events: MonthEvents, policy: Policy): MonthResult {
  const result: MonthResult = {
    cooked: 0, eaten: 0, wasteKg: 0, runOuts: 0, missed: 0, recalledPortions: 0, clashesServed: 0, unreleasedServed: 0, portionsUnbalanced: 0, traced: 0, tracedWrong: 0, moved: 0,
    lateBatches: 0, lotsUnbalancedG: 0,
  };
  const store = new LotStore();
  const known = world.history.map(({ day, rainMm }) => ({ day, rainMm }));
  for (const day of world.month) {
    runDay({ seed, world, events, policy, day, report: [...known, { day: day.day, rainMm: day.reportedRainMm }] }, store, result);
    known.push({ day: day.day, rainMm: day.rainMm });
  }
  result.lotsUnbalancedG = store.receivedG - store.issuedG - store.leftG();
  return result;
}

interface DayOf { seed: string; world: World; events: MonthEvents; policy: Policy; day: WorldDay; report: { day: WorldDay['day']; rainMm: number }[] }

function runDay({ seed, world, events, policy, day, report }: DayOf, store: LotStore, result: MonthResult): void {
  const points = world.points.length;
  const { orders, moved } = settleOrders(day, events);
  const served = orders.filter((order): order is SettledOrder & { setCode: SetCode } => order.comes && order.setCode !== null);
  const ordered = (point: number, setCode: SetCode): number => orders.filter((order) => order.point === point && order.setCode === setCode).length;
  const book = new KitchenBook(seed, store, day.day);
  const lunch = new Lunch(day, points);
  const walkIns = new Map(policy.morning(day.day, report).map((one) => [`${one.point}/${one.setCode}`, one.portions]));
  const wanted = cells(points).map(({ point, setCode }) => ({ point, setCode, portions: ordered(point, setCode) + (walkIns.get(`${point}/${setCode}`) ?? 0) }));
  for (const load of book.cook(wanted, FIRST_READY_MIN)) lunch.send(load);
  const recallHere = events.recall.day === day.day ? events.recall : null;
  let locked: SetCode | null = null;
  const reached = new Set<string>();
  lunch.play(served, {
    atMinute: (minute) => {
      if (recallHere !== null && minute === recallHere.minute) {
        locked = recallHere.setCode;
        for (const lotId of book.lotsOf(recallHere.setCode)) for (const { point, setCode } of book.recall(lotId)) reached.add(`${point}/${setCode}`);
      }
      const second = policy.during(minute, lunch, () => 0);
      if (second !== null) for (const load of book.cook(second.wanted.filter(({ setCode }) => setCode !== locked), second.readyMin)) lunch.send(load);
    },
    mayServe: (setCode) => setCode !== locked,
  });
  tally({ day, events, served, lunch, book, points }, result);
  result.moved += moved;
  if (recallHere !== null) traceRecall(lunch, recallHere.setCode, reached, points, result);
  policy.evening(day.day, (point, setCode) => {
    const counter = lunch.counters[point][setCode];
    return { day: day.day, portions: counter.soldMinutes.length, soldOut: counter.ranOutAt !== null || setCode === locked };
  }, lunch.counters.flatMap((sets) => SETS.flatMap((code) => sets[code].soldMinutes)));
}

function tally({ day, events, served, lunch, book, points }: { day: WorldDay; events: MonthEvents; served: (SettledOrder & { setCode: SetCode })[]; lunch: Lunch; book: KitchenBook; points: number }, result: MonthResult): void {
  const dishes = declaredDishes(day.day, events);
  result.clashesServed += served.filter(({ setCode, restriction }) => restriction !== null && dishes.get(setCode)?.allergens.includes(restriction) === true).length;
  result.unreleasedServed += book.unreleasedLoaded();
  result.lateBatches += book.lateBatches;
  result.cooked += sum(book.batches.map(({ portions }) => portions));
  result.portionsUnbalanced += lunch.unbalanced() + sum(book.batches.map(({ portions, fed }) => Math.abs(portions - fed)));
  const accepted = sum(lunch.counters.flatMap((sets) => SETS.map((code) => sets[code].counts.accepted)));
  result.portionsUnbalanced += Math.abs(accepted - sum(book.batches.map(({ fed }) => fed)));
  for (const { point, setCode } of cells(points)) {
    const { counts, missed } = lunch.counters[point][setCode];
    result.eaten += counts.served + counts.collected;
    if (events.recall.day === day.day && events.recall.setCode === setCode) {
      result.recalledPortions += counts.wasted;
      continue;
    }
    result.wasteKg += counts.wasted * PORTION_KG;
    result.runOuts += missed > 0 ? 1 : 0;
    result.missed += missed;
  }
}

/** Everyone who ate the recalled set meal must have eaten it at a point that the recall names. */
function traceRecall(lunch: Lunch, setCode: SetCode, reached: ReadonlySet<string>, points: number, result: MonthResult): void {
  for (let point = 0; point < points; point += 1) {
    const { counts } = lunch.counters[point][setCode];
    const ate = counts.served + counts.collected;
    if (reached.has(`${point}/${setCode}`)) result.traced += ate;
    else result.tracedWrong += ate;
  }
}
