import { z } from 'zod';
import { ALLERGENS, mealPeriod } from './menu.js';
import { DISH_HAZARDS } from './nutrition.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const setCode = z.string().regex(/^[A-Z]$/);
/** A name or part of it, or pinyin initials. */
const search = z.string().trim().max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
const paging = {
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
};

/** A meal can be ordered so many days before it. */
export const ORDER_DAYS_AHEAD = 30;

export const FULFILMENTS = ['delivery', 'collect'] as const;
export const ORDER_STATUSES = ['ordered', 'cancelled', 'delivered', 'collected', 'absent', 'refused'] as const;
/** How an order came in: at the desk, by telephone, from the family's page, by the senior at a kiosk. */
export const ORDER_CHANNELS = ['desk', 'phone', 'family', 'kiosk'] as const;
export type OrderChannel = (typeof ORDER_CHANNELS)[number];
/** The channels of people who are signed in. */
export const STAFF_ORDER_CHANNELS = ['desk', 'phone', 'family'] as const;
export const ORDER_SOURCES = ['order', 'standing'] as const;

/** GET /api/v1/orders. `day` defaults to tomorrow. */
export const orderListQuery = z.strictObject({
  day: day.optional(),
  period: mealPeriod.default('lunch'),
  pointId: id.optional(),
  fulfilment: z.enum(FULFILMENTS).optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  /** missing: only what still stands although the menu of the day, as written by now, lacks its set meal. */
  menu: z.enum(['missing']).optional(),
  search: search.optional(),
  ...paging,
});
export type OrderListQuery = z.infer<typeof orderListQuery>;

export const orderRow = z.object({
  id, seniorId: id, seniorName: z.string(), ageYears: z.int(), pointId: id, pointName: z.string(), day, period: mealPeriod,
  setCode, fulfilment: z.enum(FULFILMENTS), source: z.enum(ORDER_SOURCES), status: z.enum(ORDER_STATUSES), createdAt: instant,
  /** Who took it and how it came in; null for standing plans. `late`: it was asked for after the cut-off and accepted. */
  takenBy: z.string().nullable(), channel: z.enum(ORDER_CHANNELS).nullable(), late: z.boolean(),
  /** The order can still be cancelled. */
  open: z.boolean(),
  /** False where the menu of the day is written and lacks this set meal: somebody must ask the senior. */
  onMenu: z.boolean(),
});
export type OrderRow = z.infer<typeof orderRow>;
export const orderListAnswer = z.object({
  day, period: mealPeriod, rows: z.array(orderRow), total: z.int(),
  /** Meals that standing plans will add at the cut-off, in the points asked for. */
  fromStandingPlans: z.int(),
  /** Orders that stand and whose set meal the menu of the day lacks, in the points asked for; standing plans are listed on their own page. */
  notOnMenu: z.int(),
  asOf: instant,
});
export type OrderListAnswer = z.infer<typeof orderListAnswer>;

/** POST /api/v1/orders: one meal of a senior on a day. Refused from the cut-off on. */
export const placeOrderRequest = z.strictObject({
  seniorId: id, day, period: mealPeriod, setCode, fulfilment: z.enum(FULFILMENTS),
  /** desk unless given; an order of a family is always a family's. */
  channel: z.enum(STAFF_ORDER_CHANNELS).optional(),
  /** What the person gets instead of a dish that is against them; substituteId null: the same dish, prepared to their texture. */
  adjustments: z.array(z.strictObject({ dishId: id, substituteId: id.nullable() })).max(12).optional(),
});
export type PlaceOrderRequest = z.infer<typeof placeOrderRequest>;
export const placeOrderAnswer = z.object({ orderId: id, cutoffAt: instant });
export type PlaceOrderAnswer = z.infer<typeof placeOrderAnswer>;

/** POST /api/v1/orders/:orderId/cancel. Refused from the cut-off on. */
export const cancelOrderRequest = z.strictObject({});
export type CancelOrderRequest = z.infer<typeof cancelOrderRequest>;
export const cancelOrderAnswer = z.object({ orderId: id, status: z.literal('cancelled') });
export type CancelOrderAnswer = z.infer<typeof cancelOrderAnswer>;

/** GET /api/v1/standing-plans */
export const standingPlanListQuery = z.strictObject({
  pointId: id.optional(), seniorId: id.optional(), search: search.optional(), state: z.enum(['running', 'paused', 'ended', 'not-on-menu', 'all']).default('all'), ...paging,
});
export type StandingPlanListQuery = z.infer<typeof standingPlanListQuery>;

export const standingPlanRow = z.object({
  id, seniorId: id, seniorName: z.string(), pointId: id, pointName: z.string(), period: mealPeriod,
  /** ISO weekdays, 1 = Monday. */
  weekdays: z.array(z.int().min(1).max(7)),
  setCode, fulfilment: z.enum(FULFILMENTS), validFrom: day, validTo: day.nullable(), pausedFrom: day.nullable(), pausedTo: day.nullable(),
  state: z.enum(['running', 'paused', 'ended']),
  nextDay: day.nullable(),
  /** The first day to come for which the plan asks and whose menu, as written by now, lacks its set meal. */
  notOnMenuOn: day.nullable(),
});
export type StandingPlanRow = z.infer<typeof standingPlanRow>;
export const standingPlanListAnswer = z.object({ rows: z.array(standingPlanRow), total: z.int() });
export type StandingPlanListAnswer = z.infer<typeof standingPlanListAnswer>;

/** POST /api/v1/standing-plans. `validTo`: the first day without a meal; null: until further notice. */
export const createStandingPlanRequest = z.strictObject({
  seniorId: id, period: mealPeriod, weekdays: z.array(z.int().min(1).max(7)).min(1).max(7), setCode, fulfilment: z.enum(FULFILMENTS),
  validFrom: day, validTo: day.nullable(),
});
export type CreateStandingPlanRequest = z.infer<typeof createStandingPlanRequest>;
export const standingPlanAnswer = z.object({ planId: id });
export type StandingPlanAnswer = z.infer<typeof standingPlanAnswer>;

/** Of a pause or an end: `cancelled` meals that the plan had ordered already; `stillOn`: days whose meal stands, because its cut-off has passed. */
export const changeStandingPlanAnswer = standingPlanAnswer.extend({ cancelled: z.int(), stillOn: z.array(day) });
export type ChangeStandingPlanAnswer = z.infer<typeof changeStandingPlanAnswer>;

/** POST /api/v1/standing-plans/:planId/pause. `to`: the first day with a meal again, null: until resumed; `from` null: no pause. */
export const pauseStandingPlanRequest = z.strictObject({ from: day.nullable(), to: day.nullable() });
export type PauseStandingPlanRequest = z.infer<typeof pauseStandingPlanRequest>;

/** POST /api/v1/standing-plans/:planId/end. `from`: the first day without a meal. */
export const endStandingPlanRequest = z.strictObject({ from: day });
export type EndStandingPlanRequest = z.infer<typeof endStandingPlanRequest>;

/** Why a dish must not reach somebody. `level` and `most` are IDDSI levels. */
export const dishBlock = z.object({
  kind: z.enum(['allergen', 'texture', 'texture-untested', 'hazard']), allergen: z.enum(ALLERGENS).nullable(), hazard: z.enum(DISH_HAZARDS).nullable(), level: z.int().nullable(), most: z.int().nullable(),
});
export type DishBlock = z.infer<typeof dishBlock>;
const dishName = z.object({ id, name: z.string() });
/** The IDDSI level that a prepared portion reached, and who tested it. */
export const preparedTest = z.strictObject({ level: z.int().min(3).max(7), testedBy: z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u) });
/** One dish of one person's meal that is against them. `decided`: what they get instead; null while nobody has decided, or the decision no longer holds. */
export const clashRow = z.object({
  seniorId: id, seniorName: z.string(), pointId: id, pointName: z.string(), setCode, fulfilment: z.enum(FULFILMENTS), dish: dishName, blocks: z.array(dishBlock),
  /** `tested`: of a dish that is prepared to their texture; null until the portion was tested, and then it is not handed over. */
  decided: z.object({ substitute: dishName.nullable(), tested: preparedTest.extend({ at: instant }).nullable() }).nullable(),
  mayPrepare: z.boolean(), proposals: z.array(dishName),
});
export type ClashRow = z.infer<typeof clashRow>;
/** GET /api/v1/clash-sheet. `day` defaults to tomorrow. */
export const clashSheetQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch'), pointId: id.optional() });
export type ClashSheetQuery = z.infer<typeof clashSheetQuery>;
/** `open`: rows that nobody has decided, and those of today that are prepared and not tested. `wishes`: portions by dish and wish (low salt …) that the dish is not made for as it is. */
export const clashSheetAnswer = z.object({
  day, period: mealPeriod, meals: z.int(), people: z.int(), open: z.int(), rows: z.array(clashRow), noMenu: z.boolean(),
  wishes: z.array(z.object({ dish: dishName, diet: z.string(), portions: z.int() })), asOf: instant,
});
export type ClashSheetAnswer = z.infer<typeof clashSheetAnswer>;

/**
 * GET /api/v1/clash-sheet/labels: the special portions of a day, one label each; ordinary portions are anybody's and have
 * none. `instead`: what was decided, substitute null is the same dish prepared to their texture. `open`: dishes that are
 * against them and that nobody has decided, or that are prepared for today and not tested yet.
 */
export const portionLabel = z.object({
  seniorId: id, seniorName: z.string(), pointName: z.string(), setCode, setName: z.string(), fulfilment: z.enum(FULFILMENTS), diet: z.string(),
  instead: z.array(z.object({ dish: z.string(), substitute: z.string().nullable(), testedLevel: z.int().nullable() })), open: z.array(z.string()),
});
export type PortionLabel = z.infer<typeof portionLabel>;
export const portionLabelsAnswer = z.object({ day, period: mealPeriod, labels: z.array(portionLabel) });
export type PortionLabelsAnswer = z.infer<typeof portionLabelsAnswer>;

/** PUT /api/v1/clash-sheet/decisions: what one person gets instead of one dish; substituteId null: the same, prepared to their texture. `tested`: that the prepared portion was, on its day. */
export const decideClashRequest = z.strictObject({ seniorId: id, day, period: mealPeriod, dishId: id, substituteId: id.nullable(), tested: preparedTest.optional() });
export type DecideClashRequest = z.infer<typeof decideClashRequest>;
/** POST /api/v1/clash-sheet/accept: takes the first proposal of every row that nobody has decided. */
export const acceptClashesRequest = z.strictObject({ day, period: mealPeriod });
export type AcceptClashesRequest = z.infer<typeof acceptClashesRequest>;
export const acceptClashesAnswer = z.object({ decided: z.int(), open: z.int() });
export type AcceptClashesAnswer = z.infer<typeof acceptClashesAnswer>;
export const clashDoneAnswer = z.object({ done: z.literal(true) });

/** GET /api/v1/orders/check: what of a set meal is against a person, before it is ordered. */
export const orderCheckQuery = z.strictObject({ seniorId: id, day, period: mealPeriod, setCode });
export type OrderCheckQuery = z.infer<typeof orderCheckQuery>;
export const orderCheckAnswer = z.object({
  dishes: z.array(z.object({ dish: dishName, blocks: z.array(dishBlock), mayPrepare: z.boolean(), proposals: z.array(dishName) })),
});
export type OrderCheckAnswer = z.infer<typeof orderCheckAnswer>;
