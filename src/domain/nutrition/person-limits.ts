import type { DeclaredAllergen, PersonLimits } from './restrictions.js';

const ALLERGEN_OF: Readonly<Record<string, DeclaredAllergen>> = {
  'no-peanut': 'peanut', 'no-egg': 'egg', 'no-milk': 'milk', 'no-fish': 'fish', 'no-shrimp': 'crustacean', 'no-soy': 'soy', 'no-gluten': 'gluten',
  'no-nut': 'nut', 'no-sesame': 'sesame',
};
/** IDDSI: 6 soft and bite-sized, 5 minced and moist, 4 puréed. */
const TEXTURE_OF: Readonly<Record<string, number>> = { soft: 6, minced: 5, puree: 4 };

/**
 * What the codes on a person's file mean for a dish: what they must not eat counts as an allergy whether it is one or
 * not, the finest texture named is the highest they can take, and the rest are wishes.
 */
export function limitsOf(codes: readonly string[]): PersonLimits {
  const textures = codes.flatMap((code) => TEXTURE_OF[code] ?? []);
  return {
    allergens: codes.flatMap((code) => ALLERGEN_OF[code] ?? []),
    textureMax: textures.length === 0 ? null : Math.min(...textures),
    diets: codes.filter((code) => !(code in ALLERGEN_OF) && !(code in TEXTURE_OF)),
  };
}

/** Whether anything on the file can forbid a dish at all. */
export function hasHardLimit({ allergens, textureMax }: PersonLimits): boolean {
  return allergens.length > 0 || textureMax !== null;
}
