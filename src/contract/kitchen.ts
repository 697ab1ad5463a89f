import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const portions = z.int().min(0).max(2000);
const note = z.string().trim().max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

/** Diet codes of a person, sorted and joined by '+'; '' is an ordinary portion. Values are portions. */
const dietPortions = z.record(z.string(), z.int());

/** GET /api/v1/kitchen/production. `day` defaults to tomorrow. */
export const productionQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch') });
export type ProductionQuery = z.infer<typeof productionQuery>;

/** How a forecast was reached; figures in portions. */
export const demandForecast = z.object({
  expectedPortions: z.number(),
  cookPortions: z.int(),
  quantile: z.number(),
  /** weekday: by this series alone; pooled: by what all points and set meals taught together. The one nearer in the last two weeks counts. */
  method: z.enum(['weekday', 'pooled']),
  daysUsed: z.int(),
  sameWeekdayMean: z.number().nullable(),
  smoothedPortions: z.number(),
  weekdayIndex: z.number(),
  holidayIndex: z.number(),
  /** Σ|actual − forecast| / Σ actual of the last 14 days; null when there is too little to measure. */
  recentError: z.number().nullable(),
});
export type DemandForecastAnswer = z.infer<typeof demandForecast>;

export const productionAnswer = z.object({
  kitchen: z.object({ id, name: z.string() }),
  day,
  period: mealPeriod,
  /** ISO weekday of `day`, 1 = Monday. */
  weekday: z.int(),
  holiday: z.boolean(),
  /** When these figures were read. */
  asOf: instant,
  /** Instant after which orders of this day no longer change; null without a meal service. */
  cutoffAt: instant.nullable(),
  sets: z.array(z.object({
    setMealId: id, code: z.string(), name: z.string(), grossFen: z.int(), dietTags: z.array(z.string()),
    dishes: z.array(z.object({ id, name: z.string(), kind: z.string() })),
  })),
  points: z.array(z.object({ id, code: z.string(), name: z.string(), kind: z.string() })),
  /**
   * One cell per point and set meal; deliveries + collections + walkInsToCook = portions = Σ diets. toSend: of them what the
   * point's loads bring, without boxes that leave from elsewhere, with boxes for doors of other points.
   */
  cells: z.array(z.object({
    pointId: id, setCode: z.string(), deliveries: z.int(), collections: z.int(), fromStandingPlans: z.int(),
    expectedWalkIns: z.number(), walkInsToCook: z.int(), portions: z.int(), toSend: z.int(), diets: dietPortions,
  })),
  dishes: z.array(z.object({ dishId: id, name: z.string(), kind: z.string(), portions: z.int(), diets: dietPortions })),
  diets: dietPortions,
  portions: z.int(),
  /** Error of the walk-in forecast of all points and set meals together in the last 14 days; null when not measurable. */
  recentError: z.number().nullable(),
  /** What the kitchen cooks for walk-ins, per set meal over all its points; the cells share it out. */
  walkIns: z.array(z.object({ setCode: z.string(), forecast: demandForecast })),
  /** Orders for a set meal that is not on the menu of the day: decide before cooking. */
  unmatched: z.array(z.object({ pointId: z.string(), setCode: z.string(), portions: z.int() })),
});
export type ProductionAnswer = z.infer<typeof productionAnswer>;

/** GET /api/v1/kitchen/production/cell: what one figure of the page is made of. */
export const productionCellQuery = z.strictObject({ day, period: mealPeriod, pointId: id, setCode: z.string().regex(/^[A-Z]$/) });
export type ProductionCellQuery = z.infer<typeof productionCellQuery>;
export const productionCellAnswer = z.object({
  pointName: z.string(),
  setName: z.string(),
  orders: z.array(z.object({
    /** Surname and 先生 or 女士: enough for a label in the kitchen. */
    diner: z.string(), diet: z.string(), fulfilment: z.enum(['delivery', 'collect']), source: z.enum(['order', 'standing']),
  })),
  /** This point's share of what is cooked for walk-ins. */
  walkInsToCook: z.int(),
  forecast: demandForecast,
  /** Walk-in portions of the days that the forecast used, newest first. */
  history: z.array(z.object({ day, weekday: z.int(), holiday: z.boolean(), portions: z.int() })),
});
export type ProductionCellAnswer = z.infer<typeof productionCellAnswer>;

/** void: sealed, and kept back in the kitchen. */
export const LOAD_STATES = ['sealed', 'left', 'accepted', 'void'] as const;
/** The load clock: a load leaves the kitchen and the point accepts it, within the promised minutes. */
export const LOAD_CLOCKS = ['waiting', 'in-time', 'due-soon', 'late', 'kept', 'missed'] as const;

export const loadRow = z.object({
  id,
  pointId: id,
  pointCode: z.string(),
  pointName: z.string(),
  day,
  period: mealPeriod,
  /** 1 for the first load of the day and period to this point, 2 for the second … */
  wave: z.int(),
  state: z.enum(LOAD_STATES),
  sealedAt: instant,
  leftAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  /** When it left; null before, and where nobody measured. */
  leftTemperatureC: z.number().nullable(),
  acceptedTemperatureC: z.number().nullable(),
  /** It arrived neither hot (60 °C) nor cold (8 °C): kitchen and street were told. */
  temperatureOff: z.boolean(),
  clock: z.enum(LOAD_CLOCKS),
  /** Minutes from leaving to acceptance, or to now while on the road; null before leaving. */
  onRoadMin: z.number().nullable(),
  /** Minutes from sealing to acceptance, or to now: the hot-holding clock. */
  sinceSealedMin: z.number(),
  promiseMin: z.int(),
  items: z.array(z.object({ setMealId: id, code: z.string(), name: z.string(), sent: z.int(), accepted: z.int().nullable() })),
  /** Dishes in it that single people get in place of another, by set meal. */
  instead: z.array(z.object({ code: z.string(), dishName: z.string(), portions: z.int() })),
  /** Food of a recalled batch is in it: it does not leave, and what arrived is kept back. */
  recalled: z.boolean(),
  /** Accepted minus sent over all items; null until accepted. */
  differencePortions: z.int().nullable(),
  note: z.string(),
});
export type LoadRow = z.infer<typeof loadRow>;

/** GET /api/v1/kitchen/loads. `day` defaults to today. */
export const loadListQuery = z.strictObject({ day: day.optional(), period: mealPeriod.default('lunch') });
export type LoadListQuery = z.infer<typeof loadListQuery>;
export const loadListAnswer = z.object({
  day, period: mealPeriod, asOf: instant, loads: z.array(loadRow),
  /** Of the loads that each point accepted in the 30 days before `day`: how many within the promise. */
  onTime: z.array(z.object({ pointId: id, pointName: z.string(), loads: z.int(), kept: z.int() })),
  /** What single people get in place of another dish and no load to their point holds yet. */
  insteadOpen: z.array(z.object({ pointId: id, pointName: z.string(), code: z.string(), dishName: z.string(), portions: z.int() })),
});
export type LoadListAnswer = z.infer<typeof loadListAnswer>;

/** POST /api/v1/kitchen/loads: seals a load for a point. */
export const sealLoadRequest = z.strictObject({
  pointId: id,
  items: z.array(z.strictObject({ setMealId: id, sent: z.int().min(1).max(2000) })).min(1).max(26),
});
export type SealLoadRequest = z.infer<typeof sealLoadRequest>;

/** POST /api/v1/kitchen/loads/:loadId/leave: the load clock starts. `alreadyGone`: it left before anybody wrote it down, also with what is recalled meanwhile. */
export const leaveLoadRequest = z.strictObject({
  alreadyGone: z.boolean().optional(),
  /** At the centre of the warmest box that was opened; absent: nobody measured, and the list says so. Neither hot nor cold stays. */
  temperatureC: z.number().min(-30).max(110).multipleOf(0.1).optional(),
});
export type LeaveLoadRequest = z.infer<typeof leaveLoadRequest>;

/** POST /api/v1/kitchen/loads/:loadId/void: it stays in the kitchen; what it held is taken from nobody's counts. */
export const voidLoadRequest = z.strictObject({ reason: note.min(2) });
export type VoidLoadRequest = z.infer<typeof voidLoadRequest>;

/** POST /api/v1/points/:pointId/loads/:loadId/accept: what was counted and measured at the point's door. */
export const acceptLoadRequest = z.strictObject({
  items: z.array(z.strictObject({ setMealId: id, accepted: portions })).min(1).max(26),
  temperatureC: z.number().min(-30).max(110).multipleOf(0.1),
  note: note.default(''),
});
export type AcceptLoadRequest = z.infer<typeof acceptLoadRequest>;

export const loadAnswer = z.object({ load: loadRow });
export type LoadAnswer = z.infer<typeof loadAnswer>;

export const WASTE_REASONS = ['not-eaten', 'spoiled', 'dropped', 'returned-by-crew'] as const;

/** POST /api/v1/points/:pointId/waste */
export const recordWasteRequest = z.strictObject({
  setMealId: id,
  portions: z.int().min(1).max(2000),
  reason: z.enum(WASTE_REASONS),
  note: note.default(''),
});
export type RecordWasteRequest = z.infer<typeof recordWasteRequest>;

/** GET /api/v1/points/:pointId/portions: the counts of a point, and the loads on the way to it. */
export const pointPortionsQuery = loadListQuery;
export type PointPortionsQuery = z.infer<typeof pointPortionsQuery>;
export const pointPortionsAnswer = z.object({
  pointId: id,
  pointName: z.string(),
  day,
  period: mealPeriod,
  asOf: instant,
  /** accepted + transferredIn = served + collected + givenFree + transferredOut + wasted + left. */
  sets: z.array(z.object({
    setMealId: id, code: z.string(), name: z.string(), grossFen: z.int(),
    sent: z.int(), accepted: z.int(), served: z.int(), collected: z.int(), wasted: z.int(), givenFree: z.int(),
    transferredIn: z.int(), transferredOut: z.int(), left: z.int(),
    /** An attendant took it off sale; who ordered it is still served. `ordered`: to be collected here and not taken yet. */
    soldOut: z.boolean(), ordered: z.int(),
  })),
  loads: z.array(loadRow),
});
export type PointPortionsAnswer = z.infer<typeof pointPortionsAnswer>;

/** PUT /api/v1/points/:pointId/sold-out: off sale for all but those who ordered, or on sale again. */
export const markSoldOutRequest = z.strictObject({ setMealId: id, soldOut: z.boolean(), reason: note.default('') });
export type MarkSoldOutRequest = z.infer<typeof markSoldOutRequest>;

/** GET /api/v1/kitchen/board. `period` defaults to the meal that is served now or next. */
export const boardQuery = z.strictObject({ period: mealPeriod.optional() });
export type BoardQuery = z.infer<typeof boardQuery>;
/** GET /api/v1/kitchen/board: what the kitchen reads at three metres. */
export const boardAnswer = z.object({
  kitchen: z.object({ id, name: z.string() }),
  day,
  period: mealPeriod,
  asOf: instant,
  /** The next instant at which orders of any meal close. */
  cutoff: z.object({ at: instant, day, period: mealPeriod }).nullable(),
  /** needed: by orders, walk-ins and substitutes; cooked: in pots that are done; packed: in loads and trips; ready: released and not packed. Recalled food counts nowhere. */
  dishes: z.array(z.object({ dishId: id, name: z.string(), needed: z.int(), cooked: z.int(), packed: z.int(), ready: z.int() })),
  /** needed: ordered plus walk-ins to cook; toSend: of it what loads bring; sent and accepted: loads so far; sold: served and collected at the points. */
  sets: z.array(z.object({
    setMealId: id, code: z.string(), name: z.string(),
    needed: z.int(), toSend: z.int(), sent: z.int(), accepted: z.int(), sold: z.int(), left: z.int(), diets: dietPortions,
  })),
  points: z.array(z.object({
    /** needed: what its loads should bring. */
    pointId: id, code: z.string(), name: z.string(), needed: z.int(), sent: z.int(), accepted: z.int(), sold: z.int(), left: z.int(),
    /** The point runs out before its expected demand is met, or nothing was sent yet. */
    short: z.boolean(),
  })),
  loads: z.object({ waiting: z.int(), onRoad: z.int(), late: z.int(), accepted: z.int() }),
});
export type BoardAnswer = z.infer<typeof boardAnswer>;

/** PUT /api/v1/kitchen/cooking-costs: from a day on; `share` of days on which the cooked portions should suffice follows from both. */
export const setCookingCostRequest = z.strictObject({ wastedFen: z.int().min(1).max(100_000), missedFen: z.int().min(1).max(1_000_000), reason: z.string().trim().min(2).max(200) });
export type SetCookingCostRequest = z.infer<typeof setCookingCostRequest>;
/** PUT /api/v1/kitchen/production/overrides: walk-in portions of a set meal at a point, against the forecast; portions null takes it back. */
export const overridePortionsRequest = z.strictObject({
  day, period: mealPeriod, pointId: id, setCode: z.string().regex(/^[A-Z]$/), portions: z.int().min(0).max(5000).nullable(), reason: z.string().trim().min(2).max(200),
});
export type OverridePortionsRequest = z.infer<typeof overridePortionsRequest>;
export const forecastDoneAnswer = z.object({ done: z.literal(true) });
/** GET /api/v1/kitchen/forecast-choices: the setting in force and what overrides were worth. `actual`: walk-ins that came; null for days to come. */
export const forecastChoicesAnswer = z.object({
  cost: z.object({ wastedFen: z.int(), missedFen: z.int(), reason: z.string(), effectiveFrom: day }).nullable(), share: z.number(),
  /** The share as the last weeks corrected it, and what of the portions that arrived was thrown away unserved, by count or by weight, whichever is more. */
  steered: z.number(), wastedShare: z.number().nullable(),
  overrides: z.array(z.object({
    id, day, pointName: z.string(), setCode: z.string(), portions: z.int(), forecastPortions: z.int(), actual: z.int().nullable(), reason: z.string(), byName: z.string().nullable(),
  })),
  /** Sums over the days gone by: how far overrides and the forecast they replaced were off, in portions. */
  measured: z.object({ count: z.int(), overrideError: z.int(), forecastError: z.int() }),
  /**
   * What the last `days` came to: of `cells` (a set meal at a point on a day) `runOuts` ended with nothing left; portions that
   * arrived and were thrown away, and what was weighed as unserved. Ingredients of one portion from issued goods, null without.
   */
  outcome: z.object({ days: z.int(), cells: z.int(), runOuts: z.int(), arrived: z.int(), wastedPortions: z.int(), unservedG: z.int(), ingredientsPerPortionFen: z.int().nullable() }),
});
export type ForecastChoicesAnswer = z.infer<typeof forecastChoicesAnswer>;
