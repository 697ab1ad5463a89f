import { z } from 'zod';
import { ALLERGENS, DISH_KINDS, mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const text = (most: number) => z.string().trim().min(1).max(most).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

/** The same list as domain/nutrition/composition.ts; a test keeps both equal. */
export const NUTRIENT_CODES = [
  'energyKCal', 'protein', 'fat', 'CHO', 'dietaryFiber', 'water', 'ash', 'cholesterol',
  'vitaminA', 'carotene', 'retinol', 'thiamin', 'riboflavin', 'niacin', 'vitaminC', 'vitaminETotal', 'vitaminE1', 'vitaminE2', 'vitaminE3',
  'Ca', 'P', 'K', 'Na', 'Mg', 'Fe', 'Zn', 'Se', 'Cu', 'Mn',
] as const;
export type NutrientCode = (typeof NUTRIENT_CODES)[number];
/** The same lists as domain/nutrition; a test keeps them equal. */
export const COMPOSITION_PROBLEM_CODES = [
  'columns', 'code', 'name', 'repeated', 'not-a-number', 'glued-mark', 'two-numbers', 'negative', 'impossible',
  'shifted', 'sum-not-100', 'units-disagree', 'energy-disagrees',
] as const;
/** Groups in which "12 foods a day, 25 a week" counts; oil and seasoning count for nothing. */
export const FOOD_GROUPS = ['cereal', 'tuber', 'bean', 'vegetable', 'fruit', 'meat', 'poultry', 'aquatic', 'egg', 'milk', 'nut', 'mushroom', 'oil', 'seasoning', 'other'] as const;
export type FoodGroup = (typeof FOOD_GROUPS)[number];
export const PURINE_LEVELS = ['low', 'medium', 'high'] as const;
export const DISH_HAZARDS = ['bones', 'skins', 'glutinous-rice', 'jelly'] as const;
export type DishHazard = (typeof DISH_HAZARDS)[number];

const share = z.number().gt(0).max(1);
const nutrientValues = z.partialRecord(z.enum(NUTRIENT_CODES), z.number().nullable());

/**
 * POST /api/v1/nutrition/composition-previews, POST /api/v1/nutrition/composition-tables: a CSV (UTF-8) or XLSX file of
 * the usual 34 columns, at most 170 kB; longer tables come in parts under one name.
 */
export const readCompositionRequest = z.strictObject({
  name: text(80),
  /** What the file is taken from: book, edition, page; whoever imports has the right to use it. */
  source: text(200),
  fileName: text(120).regex(/^[^/\\]*$/u),
  contentBase64: z.string().min(4).max(240_000).regex(/^[A-Za-z0-9+/]+={0,2}$/),
});
export type ReadCompositionRequest = z.infer<typeof readCompositionRequest>;
export const compositionPreviewAnswer = z.object({
  rows: z.int(), foods: z.int(), refusedRows: z.int(), refusedCells: z.int(), traces: z.int(),
  /** Row 1 is the first below the heading; column null: the whole row. */
  problems: z.array(z.object({ row: z.int(), column: z.string().nullable(), problem: z.enum(COMPOSITION_PROBLEM_CODES), text: z.string(), refused: z.enum(['row', 'cell']) })),
  sample: z.array(z.object({ code: z.string(), name: z.string(), edibleShare: z.number().nullable(), energyKCal: z.number().nullable(), protein: z.number().nullable(), Na: z.number().nullable() })),
});
export type CompositionPreviewAnswer = z.infer<typeof compositionPreviewAnswer>;

export const compositionTableRow = z.object({
  id, name: z.string(), version: z.int(), source: z.string(), fileName: z.string(), isDemo: z.boolean(), foods: z.int(), verified: z.int(),
  refusedRows: z.int(), refusedCells: z.int(), importedByName: z.string().nullable(), importedAt: instant,
});
export type CompositionTableRow = z.infer<typeof compositionTableRow>;
/** GET /api/v1/nutrition/composition-tables */
export const compositionTableListAnswer = z.object({ rows: z.array(compositionTableRow), total: z.int() });
export type CompositionTableListAnswer = z.infer<typeof compositionTableListAnswer>;
export const compositionTableAnswer = z.object({ table: compositionTableRow });
export type CompositionTableAnswer = z.infer<typeof compositionTableAnswer>;

/** GET /api/v1/nutrition/foods */
export const foodListQuery = z.strictObject({
  search: z.string().trim().max(40).optional(), tableId: id.optional(), state: z.enum(['all', 'verified', 'unverified']).default('all'),
  page: z.coerce.number().int().min(1).max(10_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50),
});
export type FoodListQuery = z.infer<typeof foodListQuery>;
export const foodRow = z.object({
  id, tableId: id, tableName: z.string(), tableVersion: z.int(), tableSource: z.string(), isDemo: z.boolean(), code: z.string(), name: z.string(),
  edibleShare: z.number().nullable(), per100g: nutrientValues, verified: z.boolean(), verifiedSource: z.string().nullable(), verifiedByName: z.string().nullable(), verifiedAt: instant.nullable(),
});
export type FoodRow = z.infer<typeof foodRow>;
export const foodListAnswer = z.object({ rows: z.array(foodRow), total: z.int() });
export type FoodListAnswer = z.infer<typeof foodListAnswer>;

/** POST /api/v1/nutrition/foods/:foodId/verify: says which source was opened and compared with this row. */
export const verifyFoodRequest = z.strictObject({ opened: text(200) });
export type VerifyFoodRequest = z.infer<typeof verifyFoodRequest>;
export const nutritionDoneAnswer = z.object({ done: z.literal(true) });

const ingredientFields = {
  name: text(40),
  foodGroup: z.enum(FOOD_GROUPS),
  allergens: z.array(z.enum(ALLERGENS)).max(ALLERGENS.length),
  foodId: id.nullable(),
  /** Counts before the edible share of the food table. */
  edibleShare: share.nullable(),
  /** What a kilogram costs as bought, 0.01 to 2,000 yuan; null: not known. */
  fenPerKg: z.int().min(1).max(200_000).nullable(),
  purine: z.enum(PURINE_LEVELS).nullable(),
};
/** POST /api/v1/nutrition/ingredients, PUT /api/v1/nutrition/ingredients/:ingredientId */
export const writeIngredientRequest = z.strictObject(ingredientFields);
export type WriteIngredientRequest = z.infer<typeof writeIngredientRequest>;
export const ingredientRow = z.object({
  id, ...ingredientFields, isDemo: z.boolean(), foodName: z.string().nullable(), foodVerified: z.boolean(), foodSource: z.string().nullable(), recipes: z.int(),
});
export type IngredientRow = z.infer<typeof ingredientRow>;
/** GET /api/v1/nutrition/ingredients */
export const ingredientListAnswer = z.object({ rows: z.array(ingredientRow), total: z.int() });
export type IngredientListAnswer = z.infer<typeof ingredientListAnswer>;
export const ingredientAnswer = z.object({ ingredient: ingredientRow });
export type IngredientAnswer = z.infer<typeof ingredientAnswer>;

const recipeLine = z.strictObject({ ingredientId: id, purchasedG: z.number().gt(0).max(1_000_000) });
const recipeFields = {
  portions: z.int().min(1).max(10_000),
  /** Cooked weight over edible raw weight. */
  cookingYield: z.number().gt(0).max(20),
  method: z.string().trim().max(400).regex(/^[^\p{Cf}\p{Cs}]*$/u),
  ingredients: z.array(recipeLine).min(1).max(60),
};
/** POST /api/v1/nutrition/dishes/:dishId/recipes: a new version; what was cooked by an older one keeps it. */
export const writeRecipeRequest = z.strictObject(recipeFields);
export type WriteRecipeRequest = z.infer<typeof writeRecipeRequest>;
/** POST /api/v1/nutrition/analyses: what a portion of a recipe that is being written would hold; nothing is stored. */
export const analyseRecipeRequest = z.strictObject({ ...recipeFields, method: recipeFields.method.default(''), period: mealPeriod.default('lunch') });
export type AnalyseRecipeRequest = z.infer<typeof analyseRecipeRequest>;

export const nutrientAmount = z.object({
  nutrient: z.enum(NUTRIENT_CODES),
  /** null: unknown, because a main ingredient lacks it. */
  amount: z.number().nullable(),
  missing: z.array(z.string()),
  verified: z.boolean(),
});
export type NutrientAmount = z.infer<typeof nutrientAmount>;
export const mealVerdict = z.object({
  nutrient: z.enum(NUTRIENT_CODES), group: z.enum(['men-65', 'women-65', 'men-80', 'women-80']), least: z.number(), most: z.number(), amount: z.number().nullable(),
  verdict: z.enum(['unknown', 'low', 'within', 'high']), referenceVerified: z.boolean(),
});
export type MealVerdict = z.infer<typeof mealVerdict>;
/** Of one portion. `standard`: which reference table the verdicts rest on. */
export const portionAnalysis = z.object({
  cookedG: z.number().nullable(), rawG: z.number(), costFen: z.int().nullable(), costMissing: z.array(z.string()), saltG: z.number().nullable(),
  amounts: z.array(nutrientAmount), verified: z.boolean(), declaredByIngredients: z.array(z.enum(ALLERGENS)), foods: z.int(),
});
export type PortionAnalysis = z.infer<typeof portionAnalysis>;
export const analysisAnswer = z.object({ analysis: portionAnalysis, standard: z.string(), period: mealPeriod, verdicts: z.array(mealVerdict) });
export type AnalysisAnswer = z.infer<typeof analysisAnswer>;

export const dishTexture = z.strictObject({ level: z.int().min(3).max(7), testedBy: text(40), testedOn: day });
/** PUT /api/v1/nutrition/dishes/:dishId: what the kitchen declares and tested of a dish. */
export const declareDishRequest = z.strictObject({
  allergens: z.array(z.enum(ALLERGENS)).max(ALLERGENS.length),
  texture: dishTexture.nullable(),
  hazards: z.array(z.enum(DISH_HAZARDS)).max(DISH_HAZARDS.length),
  /** Sold by weight, per 100 g; null: by the portion. */
  fenPer100g: z.int().min(1).max(20_000).nullable(),
  picture: z.string().max(40).regex(/^[a-z0-9-]*$/),
  substituteIds: z.array(id).max(20),
  /** Washed or cut and never heated: no temperature at the core is asked for. Absent: stays as it is. */
  servedRaw: z.boolean().optional(),
  /** Newest version of the recipe that who declares has seen, 0 for none: a texture is tested of that one. Absent: not compared. */
  recipeVersion: z.int().min(0).optional(),
  /** `declaration` of the dish as who declares has seen it; where it has changed since, nothing is written. Absent: no allergen and no hazard that stands may be taken away. */
  seen: z.string().max(64).optional(),
});
export type DeclareDishRequest = z.infer<typeof declareDishRequest>;

export const dishBookRow = z.object({
  id, name: z.string(), kind: z.enum(DISH_KINDS), allergens: z.array(z.enum(ALLERGENS)), texture: dishTexture.nullable(), hasRecipe: z.boolean(),
  energyKCal: z.number().nullable(), protein: z.number().nullable(), saltG: z.number().nullable(), costFen: z.int().nullable(), verified: z.boolean(),
});
export type DishBookRow = z.infer<typeof dishBookRow>;
/** GET /api/v1/nutrition/dishes */
export const dishBookAnswer = z.object({ rows: z.array(dishBookRow), total: z.int() });
export type DishBookAnswer = z.infer<typeof dishBookAnswer>;
/** GET /api/v1/nutrition/dishes/:dishId */
export const dishRecipeAnswer = z.object({
  dish: z.object({
    id, name: z.string(), kind: z.enum(DISH_KINDS), dietTags: z.array(z.string()), allergens: z.array(z.enum(ALLERGENS)), texture: dishTexture.nullable(),
    hazards: z.array(z.enum(DISH_HAZARDS)), fenPer100g: z.int().nullable(), picture: z.string(), substituteIds: z.array(id),
    servedRaw: z.boolean(),
    /** Changes with whatever is declared of the dish. */
    declaration: z.string(),
  }),
  recipe: z.object({ ...recipeFields, version: z.int(), writtenByName: z.string().nullable(), writtenAt: instant }).nullable(),
  analysis: analysisAnswer.nullable(),
});
export type DishRecipeAnswer = z.infer<typeof dishRecipeAnswer>;

/** PUT /api/v1/nutrition/meals/:mealId/taken: what was really taken where it was not one portion of each dish. */
export const recordTakenRequest = z.strictObject({
  dishes: z.array(z.union([z.strictObject({ dishId: id, portions: z.number().min(0).max(5) }), z.strictObject({ dishId: id, grams: z.number().min(0).max(5000) })])).min(1).max(12),
});
export type RecordTakenRequest = z.infer<typeof recordTakenRequest>;

/** GET /api/v1/nutrition/meals/:mealId/taken: the dishes of a meal, one portion where nothing else was recorded. */
export const takenDishesAnswer = z.object({ dishes: z.array(z.object({ dishId: id, name: z.string(), portions: z.number().nullable(), grams: z.number().nullable() })) });
export type TakenDishesAnswer = z.infer<typeof takenDishesAnswer>;

/** PUT /api/v1/nutrition/dishes/:dishId/retired */
export const retireDishRequest = z.strictObject({ retired: z.boolean(), reason: z.string().trim().min(2).max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u) });
export type RetireDishRequest = z.infer<typeof retireDishRequest>;
/** GET /api/v1/nutrition/dishes */
export const dishBookQuery = z.strictObject({ retired: z.enum(['no', 'yes']).default('no') });
export type DishBookQuery = z.infer<typeof dishBookQuery>;

/** Nutrients that a family is shown. */
export const FAMILY_NUTRIENTS = ['energyKCal', 'protein', 'Ca', 'Na'] as const;
export type FamilyNutrient = (typeof FAMILY_NUTRIENTS)[number];
/** One meal that was taken. `dishes`: what of it, in portions. amounts null: unknown. */
export const takenMeal = z.object({
  day, period: mealPeriod, name: z.string(), dishes: z.array(z.object({ name: z.string(), portions: z.number().nullable() })),
  amounts: z.record(z.enum(FAMILY_NUTRIENTS), z.number().nullable()), verified: z.boolean(),
});
export type TakenMeal = z.infer<typeof takenMeal>;
/**
 * GET /api/v1/family/nutrition: the lunches (or another period) of the last 30 days. `least` and `most`: the meal's share
 * of the day for this person. `cautions`: advice with its reason, on how many of the meals; never a block, never a diagnosis.
 */
export const takenNutritionAnswer = z.object({
  maskedName: z.string(), period: mealPeriod, standard: z.string(), from: day, to: day,
  meals: z.array(takenMeal),
  nutrients: z.array(z.object({
    nutrient: z.enum(FAMILY_NUTRIENTS), least: z.number().nullable(), most: z.number().nullable(), average: z.number().nullable(), known: z.int(),
    verdict: z.enum(['unknown', 'low', 'within', 'high']),
  })),
  cautions: z.array(z.object({ reason: z.enum(['salt', 'carbohydrate', 'potassium', 'purine', 'unknown-salt', 'unknown-carbohydrate', 'unknown-potassium', 'unknown-purine']), meals: z.int(), most: z.number().nullable(), unverified: z.boolean() })),
});
export type TakenNutritionAnswer = z.infer<typeof takenNutritionAnswer>;

/** GET and PUT /api/v1/nutrition/dishes/:dishId/photo: a data address of a JPEG or PNG; null: none. */
export const setDishPhotoRequest = z.strictObject({ photo: z.string().max(240_000).nullable() });
export type SetDishPhotoRequest = z.infer<typeof setDishPhotoRequest>;
export const dishPhotoAnswer = z.object({ photo: z.string().nullable() });
export type DishPhotoAnswer = z.infer<typeof dishPhotoAnswer>;

/** The same list as domain/nutrition; a test keeps both equal. */
export const REFERENCE_STANDARDS = ['WS/T 556-2017', 'DRIs 2023'] as const;
/** GET /api/v1/nutrition/menus: `days` days from `from` on, against the reference table `standard`. */
export const menuNutritionQuery = z.strictObject({ from: day, days: z.coerce.number().int().min(1).max(28).default(7), period: mealPeriod.default('lunch'), standard: z.enum(REFERENCE_STANDARDS).default('WS/T 556-2017') });
export type MenuNutritionQuery = z.infer<typeof menuNutritionQuery>;
export const MENU_NUTRIENTS = ['energyKCal', 'protein', 'fat', 'CHO', 'dietaryFiber', 'Ca', 'K', 'Na'] as const;
/** amount null: unknown, because a main ingredient or a whole recipe is missing. Verdicts against the meal's share of the day; none where the standard names nothing. */
export const menuFigure = z.object({
  nutrient: z.enum(MENU_NUTRIENTS), amount: z.number().nullable(), missing: z.array(z.string()), verified: z.boolean(),
  verdicts: z.array(mealVerdict.pick({ group: true, verdict: true, least: true, most: true, referenceVerified: true })),
});
export type MenuFigure = z.infer<typeof menuFigure>;
/** `ofDays`: the mean of a day's set meals; `cycle`: the mean of the days, null without a menu. */
export const menuNutritionAnswer = z.object({
  from: day, days: z.int(), period: mealPeriod, standard: z.string(),
  sets: z.array(z.object({ day, code: z.string(), name: z.string(), withoutRecipe: z.array(z.string()), figures: z.array(menuFigure) })),
  ofDays: z.array(z.object({ day, figures: z.array(menuFigure) })), cycle: z.array(menuFigure).nullable(),
});
export type MenuNutritionAnswer = z.infer<typeof menuNutritionAnswer>;
