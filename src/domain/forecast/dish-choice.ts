import { addDays, type BusinessDay, daysBetween } from '../kernel/business-day.js';
import { scaled, total } from './parts.js';
import { type DemandDay, expectedDemand } from './weekday-forecast.js';

/** What a set meal held on a day gone by. */
export interface MenuDay { readonly day: BusinessDay; readonly setCode: string; readonly dishIds: readonly string[] }

/** Menus of the past, and the kind of each dish (meat, vegetable, soup …). */
export interface MenuHistory { readonly menus: readonly MenuDay[]; readonly kinds: Readonly<Record<string, string>> }

/** What people without an order made of a dish, in logarithms of their share: 0 is as usual, 0.1 a tenth more. */
export interface LearntDish {
  readonly dishId: string;
  readonly effect: number;
  /** Days on which it was to be had and a choice could be seen. */
  readonly days: number;
  /** Σ|came − expected| / Σ came over the measured days on which it was to be had; null where none was. */
  readonly error: number | null;
}

/**
 * How people choose between the set meals of a day by the dishes in them. `method`: set, by the letters alone, where
 * dishes did not bring the forecast nearer in the last weeks; both errors are Σ|came − expected| / Σ came by set meal.
 */
export interface DishChoice {
  readonly method: 'dish' | 'set';
  readonly setError: number | null;
  readonly dishError: number | null;
  readonly dishes: readonly LearntDish[];
  readonly kinds: readonly { readonly kind: string; readonly effect: number }[];
}

/** Days over which the errors are measured, each week by what was known before it. */
const MEASURED_WEEKS = 4;
/** Days of its own that a set meal needs before its expectation says anything. */
const LEAST_DAYS = 7;
/** Observations that pull a dish towards its kind, and a kind towards nothing. */
const DISH_PRIOR = 3;
const KIND_PRIOR = 10;
/** A set meal expected to sell this many portions counts half as much as one that sells very many. */
const HALF_WEIGHT_PORTIONS = 25;
const PASSES = 8;
/** No dish doubles or halves its set meal more than once. */
const MOST_EFFECT = Math.log(2);

interface Choice { day: BusinessDay; setCode: string; dishIds: readonly string[]; came: number; expected: number; residual: number; weight: number }
interface Effects { dish: Map<string, number>; kind: Map<string, number> }

/**
 * Learns what dishes do to the choice between set meals, beyond what the weekdays of each letter say already: of each
 * day the part by which a set meal did better than the others is put down to its dishes, each pulled towards its kind.
 *
 * @param sums completed demand of the kitchen by set code
 */
export function learnDishChoice(sums: readonly { setCode: string; days: readonly DemandDay[] }[], { menus, kinds }: MenuHistory, target: BusinessDay): DishChoice {
  const choices = choicesOf(sums, menus, target);
  const { without, withDishes } = measured(choices, kinds, target);
  const method = without.set !== null && withDishes.set !== null && withDishes.set < without.set ? 'dish' : 'set';
  const effects = fit(choices, kinds);
  const errors = (method === 'dish' ? withDishes : without).dishes;
  const dishIds = [...new Set(menus.flatMap((menu) => menu.dishIds))].sort();
  return {
    method, setError: without.set, dishError: withDishes.set,
    dishes: dishIds.map((dishId) => ({
      dishId, effect: rounded((effects.kind.get(kinds[dishId] ?? '') ?? 0) + (effects.dish.get(dishId) ?? 0)),
      days: new Set(choices.filter((choice) => choice.dishIds.includes(dishId)).map(({ day }) => day)).size, error: errors.get(dishId) ?? null,
    })),
    kinds: [...effects.kind].map(([kind, effect]) => ({ kind, effect: rounded(effect) })),
  };
}

/** Days on which at least two set meals were to be had, each with what its letter alone let expect. */
function choicesOf(sums: readonly { setCode: string; days: readonly DemandDay[] }[], menus: readonly MenuDay[], target: BusinessDay): Choice[] {
  const came = new Map(sums.map(({ setCode, days }) => [setCode, [...days].sort((a, b) => (a.day < b.day ? -1 : 1))]));
  const byDay = new Map<BusinessDay, MenuDay[]>();
  for (const menu of menus) if (menu.day < target) byDay.set(menu.day, [...byDay.get(menu.day) ?? [], menu]);
  return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([day, menu]) => {
    const seen = menu.flatMap(({ setCode, dishIds }) => {
      const days = came.get(setCode) ?? [];
      const index = days.findIndex((one) => one.day === day);
      if (index < LEAST_DAYS) return [];
      const expected = expectedDemand(days.slice(0, index), day).expectedPortions;
      return [{ day, setCode, dishIds, came: days[index].portions, expected, weight: expected / (expected + HALF_WEIGHT_PORTIONS) }];
    });
    if (seen.length < 2) return [];
    const raw = seen.map((one) => Math.log((one.came + 1) / (one.expected + 1)));
    // What the day did to all of them (rain, a feast) is no choice.
    const common = total(raw.map((value, index) => value * seen[index].weight)) / Math.max(1e-9, total(seen.map(({ weight }) => weight)));
    return seen.map((one, index) => ({ ...one, residual: raw[index] - common }));
  });
}

/** Ridge by turns: every dish takes its weighted mean of what the other dishes of its set meals leave open. */
function fit(choices: readonly Choice[], kinds: Readonly<Record<string, string>>): Effects {
  const effects: Effects = { dish: new Map(), kind: new Map() };
  const kindOf = (dishId: string): string => kinds[dishId] ?? '';
  const predicted = ({ dishIds }: Choice): number => total(dishIds.map((id) => (effects.dish.get(id) ?? 0) + (effects.kind.get(kindOf(id)) ?? 0)));
  const dishIds = [...new Set(choices.flatMap((choice) => choice.dishIds))].sort();
  const kindNames = [...new Set(dishIds.map(kindOf))].sort();
  const withDish = new Map(dishIds.map((id) => [id, choices.filter((choice) => choice.dishIds.includes(id))]));
  const withKind = new Map(kindNames.map((kind) => [kind, choices.filter((choice) => choice.dishIds.some((id) => kindOf(id) === kind))]));
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const [kind, own] of withKind) improve(effects.kind, kind, own, (choice) => choice.dishIds.filter((id) => kindOf(id) === kind).length, KIND_PRIOR, predicted);
    for (const [dishId, own] of withDish) improve(effects.dish, dishId, own, () => 1, DISH_PRIOR, predicted);
  }
  return effects;
}

function improve(effects: Map<string, number>, key: string, choices: readonly Choice[], times: (choice: Choice) => number, prior: number, predicted: (choice: Choice) => number): void {
  const known = effects.get(key) ?? 0;
  let open = 0;
  let weight = prior;
  for (const choice of choices) {
    const count = times(choice);
    open += choice.weight * count * (choice.residual - predicted(choice) + known * count);
    weight += choice.weight * count * count;
  }
  effects.set(key, open / weight);
}

interface Measured { set: number | null; dishes: Map<string, number> }

/** Errors of the last weeks by letters alone and with dishes, each week by what was known before it. */
function measured(choices: readonly Choice[], kinds: Readonly<Record<string, string>>, target: BusinessDay): { without: Measured; withDishes: Measured } {
  const letters = new ErrorBook();
  const dishes = new ErrorBook();
  for (let week = MEASURED_WEEKS; week >= 1; week -= 1) {
    const from = addDays(target, -7 * week);
    const effects = fit(choices.filter(({ day }) => day < from), kinds);
    const asked = choices.filter(({ day }) => day >= from && daysBetween(from, day) < 7);
    for (const day of new Set(asked.map((choice) => choice.day))) {
      const seen = asked.filter((choice) => choice.day === day);
      const factors = seen.map(({ dishIds }) => Math.exp(clamped(total(dishIds.map((id) => (effects.dish.get(id) ?? 0) + (effects.kind.get(kinds[id] ?? '') ?? 0))))));
      letters.note(seen, seen.map(({ expected }) => expected));
      dishes.note(seen, scaled(seen.map(({ expected }, index) => ({ weight: expected, factor: factors[index] }))));
    }
  }
  return { without: letters.read(), withDishes: dishes.read() };
}

/** Adds up how far expectations were off, by set meal and by dish. */
class ErrorBook {
  private off = 0;
  private came = 0;
  private readonly byDish = new Map<string, { off: number; came: number }>();

  note(seen: readonly Choice[], expected: readonly number[]): void {
    const dishes = new Map<string, { expected: number; came: number }>();
    seen.forEach(({ dishIds, came }, index) => {
      this.off += Math.abs(came - expected[index]);
      this.came += came;
      for (const id of new Set(dishIds)) {
        const known = dishes.get(id) ?? { expected: 0, came: 0 };
        dishes.set(id, { expected: known.expected + expected[index], came: known.came + came });
      }
    });
    for (const [id, one] of dishes) {
      const known = this.byDish.get(id) ?? { off: 0, came: 0 };
      this.byDish.set(id, { off: known.off + Math.abs(one.came - one.expected), came: known.came + one.came });
    }
  }

  read(): Measured {
    return {
      set: this.came > 0 ? this.off / this.came : null,
      dishes: new Map([...this.byDish].filter(([, { came }]) => came > 0).map(([id, { off, came }]) => [id, off / came])),
    };
  }
}

/** The effect of all dishes of a set meal together, within bounds. */
export function clamped(effect: number): number {
  return Math.max(-MOST_EFFECT, Math.min(MOST_EFFECT, effect));
}

/** Kept as text between days: more digits would say nothing. */
function rounded(effect: number): number {
  return Math.round(effect * 10_000) / 10_000;
}
