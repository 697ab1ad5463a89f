import type { BusinessDay } from '../kernel/business-day.js';
import type { Nutrition } from './recipe-nutrition.js';
import { saltG } from './recipe-nutrition.js';

/** Eight groups that GB 7718 asks to declare, and sesame. */
export const DECLARED_ALLERGENS = ['gluten', 'crustacean', 'fish', 'egg', 'peanut', 'soy', 'milk', 'nut', 'sesame'] as const;
export type DeclaredAllergen = (typeof DECLARED_ALLERGENS)[number];

/** A level of the IDDSI framework for food, 3 to 7, as tested by someone on a day. */
export interface TestedTexture { level: 3 | 4 | 5 | 6 | 7; testedBy: string; testedOn: BusinessDay }
export const TEXTURE_HAZARDS = ['bones', 'skins', 'glutinous-rice', 'jelly'] as const;

export interface CheckedDish {
  id: string;
  name: string;
  kind: string;
  allergens: readonly DeclaredAllergen[];
  texture: TestedTexture | null;
  hazards: readonly (typeof TEXTURE_HAZARDS)[number][];
  /** Needs it was made for, in the codes of a person's file: low-salt, vegetarian … */
  dietTags: readonly string[];
}

/** What must not be served to a person, and what they asked for. */
export interface PersonLimits {
  allergens: readonly DeclaredAllergen[];
  /** Highest texture level they can swallow; null is any. */
  textureMax: number | null;
  diets: readonly string[];
}

export type Block =
  | { kind: 'allergen'; allergen: DeclaredAllergen }
  | { kind: 'texture'; level: number; most: number }
  | { kind: 'texture-untested'; most: number }
  | { kind: 'hazard'; hazard: (typeof TEXTURE_HAZARDS)[number] };

/**
 * Why a dish may not be served to a person: at order, kiosk, packing and substitution alike. Rests on what the kitchen
 * declared and tested alone, never on composition tables. For who has a texture limit, an untested dish is blocked.
 */
export function blocksOf(person: PersonLimits, dish: CheckedDish): Block[] {
  const blocks: Block[] = person.allergens.filter((allergen) => dish.allergens.includes(allergen)).map((allergen) => ({ kind: 'allergen', allergen }));
  const most = person.textureMax;
  if (most === null || most >= 7) return blocks;
  if (dish.texture === null) blocks.push({ kind: 'texture-untested', most });
  else if (dish.texture.level > most) blocks.push({ kind: 'texture', level: dish.texture.level, most });
  return [...blocks, ...dish.hazards.map((hazard): Block => ({ kind: 'hazard', hazard }))];
}

export interface Caution {
  reason: 'salt' | 'carbohydrate' | 'potassium' | 'unknown-salt' | 'unknown-carbohydrate' | 'unknown-potassium';
  amount: number | null;
  most: number;
  /** The figure rests on unverified rows. */
  unverified: boolean;
}

/** A third of the day for one meal: 5 g salt, and of carbohydrate half of 2000 kcal; advice for a dietitian to change. */
const MOST_SALT_G = 2;
const MOST_CARBOHYDRATE_G = 90;
const MOST_POTASSIUM_MG = 800;

/** Advice with its reason, never a block. Purine stands in no composition table, so nothing is said of it. */
export function cautionsOf(diets: readonly string[], { amounts }: Nutrition): Caution[] {
  const asked = [
    { diet: 'low-salt', reason: 'salt', most: MOST_SALT_G, found: { ...amounts.Na, amount: amounts.Na.amount === null ? null : saltG(amounts.Na.amount) } },
    { diet: 'diabetic', reason: 'carbohydrate', most: MOST_CARBOHYDRATE_G, found: amounts.CHO },
    { diet: 'low-potassium', reason: 'potassium', most: MOST_POTASSIUM_MG, found: amounts.K },
  ] as const;
  return asked.filter(({ diet }) => diets.includes(diet)).flatMap(({ reason, most, found: { amount, missing, verified } }): Caution[] => {
    if (amount !== null && amount > most) return [{ reason, amount, most, unverified: !verified }];
    // What lacks a figure may hold the rest: silence would read as "fits".
    return amount === null || missing.length > 0 ? [{ reason: `unknown-${reason}`, amount: null, most, unverified: !verified }] : [];
  });
}

/** One person's ordered dish that does not suit them. */
export interface Clash {
  personId: string;
  dishId: string;
  blocks: readonly Block[];
  /** Diets of theirs that the dish was not made for; a wish, not a block. */
  unmet: readonly string[];
  /** A dish of the same kind without a block that meets the most of their diets; null: somebody must decide. */
  substituteId: string | null;
}

/**
 * The clash sheet: whose order does not suit them, dish by dish, with a substitute where one is in the house.
 *
 * @param inHouse dishes of the day that can be cooked or are there
 */
export function clashSheet(
  meals: readonly { personId: string; limits: PersonLimits; dishes: readonly CheckedDish[] }[], inHouse: readonly CheckedDish[],
): Clash[] {
  return meals.flatMap(({ personId, limits, dishes }) => dishes.flatMap((dish): Clash[] => {
    const blocks = blocksOf(limits, dish);
    const unmet = limits.diets.filter((diet) => !dish.dietTags.includes(diet));
    if (blocks.length === 0 && unmet.length === 0) return [];
    return [{ personId, dishId: dish.id, blocks, unmet, substituteId: substituteFor(limits, dish, dishes, inHouse) }];
  }));
}

function substituteFor(limits: PersonLimits, dish: CheckedDish, meal: readonly CheckedDish[], inHouse: readonly CheckedDish[]): string | null {
  return substitutesFor(limits, dish, meal, inHouse).at(0)?.id ?? null;
}

/**
 * What a person could get instead of one dish of their meal: the same kind, nothing against it, not on the tray already,
 * and nearer to their wishes where the dish itself is allowed. Best first; what the kitchen named as a substitute goes before others.
 *
 * @param inHouse dishes that are cooked that day, and those named as substitutes of this dish
 * @param named ids of dishes that the kitchen named as substitutes of this dish
 */
export function substitutesFor(
  limits: PersonLimits, dish: CheckedDish, meal: readonly CheckedDish[], inHouse: readonly CheckedDish[], named: ReadonlySet<string> = new Set(),
): CheckedDish[] {
  const missed = (one: CheckedDish): number => limits.diets.filter((diet) => !one.dietTags.includes(diet)).length;
  const now = blocksOf(limits, dish).length > 0 ? Infinity : missed(dish);
  return inHouse
    .filter((one) => (one.kind === dish.kind || named.has(one.id)) && !meal.some(({ id }) => id === one.id) && blocksOf(limits, one).length === 0 && missed(one) < now)
    .sort((a, b) => missed(a) - missed(b) || Number(named.has(b.id)) - Number(named.has(a.id)) || (a.id < b.id ? -1 : 1));
}

/** What preparing takes out of a dish; what sticks or slides (glutinous rice, jelly) does so at any size. */
const REMOVABLE: readonly (typeof TEXTURE_HAZARDS)[number][] = ['bones', 'skins'];

/**
 * Whether the kitchen can make this very dish fit: it is its tested texture that is against it, or what can be taken out,
 * and nothing else. A dish that nobody has tested is not made safe by a word.
 */
export function canBePrepared(blocks: readonly Block[]): boolean {
  return blocks.length > 0 && blocks.every((block) => block.kind === 'texture' || (block.kind === 'hazard' && REMOVABLE.includes(block.hazard)));
}

/**
 * What was decided for one dish of one person's meal: another dish, or (null) the same, prepared to their texture.
 * `preparedLevel`: what the prepared portion was tested to be; absent while nobody has tested it.
 */
export interface Adjustment { readonly dishId: string; readonly substitute: CheckedDish | null; readonly preparedLevel?: number }

/**
 * The dishes of a meal that a person still must not get, adjustments counted in. Asked anew at each door, because a cook
 * may have changed the dish or the file of the person since the decision.
 */
export function blockedDishes(limits: PersonLimits, dishes: readonly CheckedDish[], adjustments: readonly Adjustment[]): { dish: CheckedDish; blocks: Block[] }[] {
  return dishes.flatMap((dish) => {
    const blocks = blocksOf(limits, dish);
    if (blocks.length === 0) return [];
    const decided = adjustments.find(({ dishId }) => dishId === dish.id);
    if (decided === undefined) return [{ dish, blocks }];
    if (decided.substitute === null) return canBePrepared(blocks) && (decided.preparedLevel ?? 0) <= (limits.textureMax ?? Infinity) ? [] : [{ dish, blocks }];
    return blocksOf(limits, decided.substitute).length === 0 ? [] : [{ dish, blocks }];
  });
}

/** Allergens of a new dish that at least one of these trays does not hold yet: what labels and people have to learn. */
export function broughtAllergens(trays: readonly (readonly CheckedDish[])[], dish: CheckedDish): DeclaredAllergen[] {
  return dish.allergens.filter((allergen) => trays.some((dishes) => !dishes.some(({ allergens }) => allergens.includes(allergen))));
}
