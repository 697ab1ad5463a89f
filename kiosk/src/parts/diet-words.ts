import { dictionary, t, type WordKey } from '../../../ui/dictionary/index.js';

/** What a set meal is marked with, in words; a mark of a newer server that this page has no word for is left out. */
export function dietWords(tags: readonly string[]): string[] {
  return tags.map((tag) => `kiosk.diet.${tag}`).filter((key) => key in dictionary).map((key) => t(key as WordKey));
}
