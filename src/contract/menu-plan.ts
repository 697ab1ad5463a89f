import { z } from 'zod';
import { DISH_KINDS, mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const code = z.string().regex(/^[A-Z]$/);
const name = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const figure = z.number().min(0).max(10_000);

/** The same list as domain/menu-planning; a test keeps both equal. */
export const MENU_BOUNDS = ['energy-least', 'energy-most', 'protein', 'sodium', 'cost', 'foods-day', 'foods-week', 'soft', 'gap'] as const;
export type MenuBound = (typeof MENU_BOUNDS)[number];

/** For one set meal: energy, protein, sodium and ingredients' cost; for a day and a week over its set meals: foods; dishes for people who need soft food. */
export const menuBounds = z.strictObject({
  energyLeastKCal: figure, energyMostKCal: figure, proteinLeastG: figure, sodiumMostMg: figure, costMostFen: figure,
  foodsADay: z.int().min(0).max(60), foodsAWeek: z.int().min(0).max(120), softADay: z.int().min(0).max(20), gapDays: z.int().min(0).max(27),
});
export type MenuBoundsRequest = z.infer<typeof menuBounds>;

/** Lunch of a woman of 80 to a man of 65 by WS/T 556-2017 (450 to 820 kcal, 17 g protein and more); salt and variety by the dietary guidelines of 2022. */
export const DEFAULT_MENU_BOUNDS: MenuBoundsRequest = {
  energyLeastKCal: 450, energyMostKCal: 820, proteinLeastG: 17, sodiumMostMg: 800, costMostFen: 1000, foodsADay: 12, foodsAWeek: 25, softADay: 2, gapDays: 2,
};

const shape = z.strictObject({ code, name, grossFen: z.int().min(1).max(20_000), slots: z.partialRecord(z.enum(DISH_KINDS), z.int().min(0).max(4)) });
export type MenuShape = z.infer<typeof shape>;
export const menuTray = z.strictObject({ day: z.int().min(0).max(27), code, dishIds: z.array(id).max(12) });
export type MenuTray = z.infer<typeof menuTray>;

/** POST /api/v1/menu-plans/solve: fills what is not fixed; the same question and seed give the same menu. */
export const solveMenuRequest = z.strictObject({
  days: z.int().min(1).max(28), period: mealPeriod, sets: z.array(shape).min(1).max(4), bounds: menuBounds, fixed: z.array(menuTray).max(112), seed: z.int().min(0).max(2_147_483_647),
  /** The menu begins again after its last day, so that a dish keeps its gap over the turn too. */
  cyclic: z.boolean().default(false),
});
export type SolveMenuRequest = z.infer<typeof solveMenuRequest>;

/** One bound measured on a menu. `day` counts from 0; code null: over all set meals of the day, or of the week that begins there. */
export const boundState = z.object({ bound: z.enum(MENU_BOUNDS), day: z.int().nullable(), code: z.string().nullable(), value: z.number(), limit: z.number(), kept: z.boolean() });
export type MenuBoundState = z.infer<typeof boundState>;
/**
 * solved: within all bounds. infeasible: no menu keeps all; `binding` names the bounds in the way and by how many percent
 * each would have to give, and `trays` holds the menu that breaks the least. lacking: too few dishes of these kinds.
 */
export const solveMenuAnswer = z.object({
  state: z.enum(['solved', 'infeasible', 'lacking']), trays: z.array(menuTray), states: z.array(boundState),
  binding: z.array(z.object({ bound: z.enum(MENU_BOUNDS), day: z.int(), code: z.string().nullable(), /** The dish that would come again too soon; null for other bounds. */ dishId: z.string().nullable(), percent: z.number() })), lackingKinds: z.array(z.enum(DISH_KINDS)),
  /** Dishes that were left out, because a figure of theirs is unknown. */
  leftOut: z.array(z.object({ id, name: z.string(), why: z.enum(['no-recipe', 'no-price', 'unknown-nutrient']) })),
});
export type SolveMenuAnswer = z.infer<typeof solveMenuAnswer>;

/** POST /api/v1/menu-plans/measure: the bounds of a menu that is being edited by hand. */
export const measureMenuRequest = z.strictObject({ bounds: menuBounds, trays: z.array(menuTray).max(112), /** After so many days the menu begins again. */ cycleDays: z.int().min(1).max(28).nullable().default(null) });
export type MeasureMenuRequest = z.infer<typeof measureMenuRequest>;
export const measureMenuAnswer = z.object({
  states: z.array(boundState),
  /** Dishes on the trays of which a figure is unknown: they count for nothing in the states. */
  unknown: z.array(z.object({ id, name: z.string(), why: z.enum(['no-recipe', 'no-price', 'unknown-nutrient']) })),
});
export type MeasureMenuAnswer = z.infer<typeof measureMenuAnswer>;

const cycleTray = z.strictObject({ day: z.int().min(0).max(27), code, name, grossFen: z.int().min(1).max(20_000), dishIds: z.array(id).min(1).max(12) });
/** PUT /api/v1/menu-plans/cycles: a menu under a name; festivalDay: the menu of that day alone, before any cycle. */
export const writeCycleRequest = z.strictObject({
  name, period: mealPeriod, festivalDay: day.nullable(), days: z.int().min(1).max(28), trays: z.array(cycleTray).min(1).max(112), bounds: menuBounds,
});
export type WriteCycleRequest = z.infer<typeof writeCycleRequest>;
export const cycleRow = z.object({
  id, name: z.string(), period: mealPeriod, festivalDay: day.nullable(), days: z.int(), trays: z.array(cycleTray), bounds: menuBounds, writtenAt: z.iso.datetime(),
});
export type CycleRow = z.infer<typeof cycleRow>;
/** GET /api/v1/menu-plans/cycles */
export const cycleListAnswer = z.object({ rows: z.array(cycleRow), total: z.int() });
export type CycleListAnswer = z.infer<typeof cycleListAnswer>;
/** POST /api/v1/menu-plans/cycles/:cycleId/apply: writes the set meals of `days` days from `from`; what was sent or sold stays as it is. */
export const applyCycleRequest = z.strictObject({ from: day, days: z.int().min(1).max(56) });
export type ApplyCycleRequest = z.infer<typeof applyCycleRequest>;
export const applyCycleAnswer = z.object({ written: z.int(), kept: z.int(), festivals: z.array(z.object({ day, name: z.string() })) });
export type ApplyCycleAnswer = z.infer<typeof applyCycleAnswer>;
