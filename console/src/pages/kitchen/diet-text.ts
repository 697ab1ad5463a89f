import { dictionary, t, type WordKey } from '../../../../ui/dictionary/index.js';

/** 软食+少盐 for "low-salt+soft"; 普通 for an ordinary portion. Unknown codes are shown as they are. */
export function dietText(diet: string): string {
  if (diet === '') return t('kitchen.ordinary');
  return diet.split('+').map((code) => {
    const key = `kitchen.diet.${code}`;
    return key in dictionary ? t(key as WordKey) : code;
  }).join('+');
}

/** Diets with their portions, ordinary first, then the largest. */
export function sortedDiets(diets: Readonly<Record<string, number>>): [diet: string, portions: number][] {
  return Object.entries(diets).sort(([a, x], [b, y]) => Number(b === '') - Number(a === '') || y - x || (a < b ? -1 : 1));
}

/** How many portions must meet one need; a portion with two needs counts for both. */
export function portionsByNeed(diets: Readonly<Record<string, number>>): [code: string, portions: number][] {
  const needs: Record<string, number> = {};
  for (const [diet, portions] of Object.entries(diets)) {
    for (const code of diet === '' ? [] : diet.split('+')) needs[code] = (needs[code] ?? 0) + portions;
  }
  return Object.entries(needs).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
