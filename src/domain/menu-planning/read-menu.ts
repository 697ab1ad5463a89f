import { type BoundName, DAILY_KIND, type MenuBounds, type MenuQuestion, type PlannableDish, type PlannedTray, SHARED_KINDS, wrapsAround } from './menu-model.js';

/** One bound, measured on a menu: where, how much there is, what is asked. `day` null: the week that begins with `week`. */
export interface BoundState { readonly bound: BoundName; readonly day: number | null; readonly code: string | null; readonly value: number; readonly limit: number; readonly kept: boolean }

/** The trays of a solution; a variable above one half counts as one. */
export function readMenu(question: MenuQuestion, valueOf: (name: string) => number): PlannedTray[] {
  const trays: PlannedTray[] = [];
  for (let day = 0; day < question.days; day += 1) {
    question.sets.forEach(({ code }, set) => {
      trays.push({ day, code, dishIds: question.dishes.filter((_, dish) => valueOf(`x_${day}_${set}_${dish}`) > 0.5).map(({ id }) => id) });
    });
  }
  return trays;
}

/** Which bounds an elastic solution had to break, and by how many hundredths; the largest first. */
export function brokenBounds(question: MenuQuestion, names: readonly string[], valueOf: (name: string) => number): { bound: BoundName; day: number; code: string | null; dishId: string | null; percent: number }[] {
  return names.filter((name) => name.startsWith('s_') && valueOf(name) > 0.01).map((name) => {
    const [bound = '', day = '0', set = '0'] = name.slice(2).split('_');
    const named = bound.replace('.', '-') as BoundName;
    const perSet = !['foods-day', 'foods-week', 'soft', 'gap'].includes(named);
    return { bound: named, day: named === 'foods-week' ? Number(day) * 7 : Number(day), code: perSet ? question.sets[Number(set)]?.code ?? null : null, dishId: named === 'gap' ? question.dishes[Number.parseInt(set, 10)]?.id ?? null : null, percent: Math.round(valueOf(name) * 10) / 10 };
  }).sort((a, b) => b.percent - a.percent || a.day - b.day);
}

/**
 * Every bound measured on a menu, kept or not: what a planner sees while editing by hand. Unknown dishes count for nothing.
 *
 * @param cycleDays after so many days the menu begins again; null where it does not
 */
export function measureMenu(trays: readonly PlannedTray[], dishes: readonly PlannableDish[], bounds: MenuBounds, cycleDays: number | null = null): BoundState[] {
  const byId = new Map(dishes.map((dish) => [dish.id, dish]));
  const of = (tray: PlannedTray): PlannableDish[] => tray.dishIds.flatMap((id) => byId.get(id) ?? []);
  const states: BoundState[] = trays.flatMap((tray) => trayStates(tray, of(tray), bounds));
  const days = [...new Set(trays.map(({ day }) => day))].sort((a, b) => a - b);
  const foodsOn = (wanted: (day: number) => boolean): number => new Set(trays.filter(({ day }) => wanted(day)).flatMap((tray) => of(tray).flatMap(({ foods }) => foods))).size;
  for (const day of days) {
    const soft = trays.filter((tray) => tray.day === day).reduce((sum, tray) => sum + of(tray).filter((dish) => dish.soft).length, 0);
    states.push(atLeast('foods-day', day, null, foodsOn((one) => one === day), bounds.foodsADay), atLeast('soft', day, null, soft, bounds.softADay));
  }
  for (let week = 0; (week + 1) * 7 <= days.length; week += 1) {
    states.push(atLeast('foods-week', week * 7, null, foodsOn((day) => day >= week * 7 && day < week * 7 + 7), bounds.foodsAWeek));
  }
  return [...states, ...repeated(trays, byId, bounds.gapDays, cycleDays)];
}

function trayStates({ day, code }: PlannedTray, dishes: readonly PlannableDish[], bounds: MenuBounds): BoundState[] {
  const sum = (figure: (dish: PlannableDish) => number): number => Math.round(dishes.reduce((total, dish) => total + figure(dish), 0) * 10) / 10;
  const energy = sum((dish) => dish.energyKCal);
  return [
    atLeast('energy-least', day, code, energy, bounds.energyLeastKCal), atMost('energy-most', day, code, energy, bounds.energyMostKCal),
    atLeast('protein', day, code, sum((dish) => dish.proteinG), bounds.proteinLeastG), atMost('sodium', day, code, sum((dish) => dish.sodiumMg), bounds.sodiumMostMg),
    atMost('cost', day, code, sum((dish) => dish.costFen), bounds.costMostFen),
  ];
}

/** One state for each day on which a dish comes again too soon; `value` is the days since it came last. */
function repeated(trays: readonly PlannedTray[], byId: ReadonlyMap<string, PlannableDish>, gapDays: number, cycleDays: number | null): BoundState[] {
  const last = new Map<string, number>();
  const first = new Map<string, PlannedTray>();
  const states: BoundState[] = [];
  for (const tray of [...trays].sort((a, b) => a.day - b.day)) {
    for (const id of tray.dishIds.filter((one) => byId.get(one)?.kind !== DAILY_KIND)) {
      const before = last.get(id);
      const shared = before === tray.day && SHARED_KINDS.has(byId.get(id)?.kind ?? '');
      if (before !== undefined && !shared && tray.day - before <= gapDays) states.push({ bound: 'gap', day: tray.day, code: tray.code, value: tray.day - before, limit: gapDays + 1, kept: false });
      last.set(id, tray.day);
      if (!first.has(id)) first.set(id, tray);
    }
  }
  if (cycleDays === null || !wrapsAround(cycleDays, gapDays, true)) return states;
  for (const [id, { day, code }] of first) {
    const since = day + cycleDays - (last.get(id) ?? day);
    if (since <= gapDays) states.push({ bound: 'gap', day, code, value: since, limit: gapDays + 1, kept: false });
  }
  return states;
}

function atLeast(bound: BoundName, day: number, code: string | null, value: number, limit: number): BoundState {
  return { bound, day, code, value, limit, kept: value >= limit - 0.05 };
}

function atMost(bound: BoundName, day: number, code: string | null, value: number, limit: number): BoundState {
  return { bound, day, code, value, limit, kept: value <= limit + 0.05 };
}
