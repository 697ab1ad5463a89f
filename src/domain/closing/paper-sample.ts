/**
 * Whether a line of a paper list is called back by phone. Chosen by its number alone, before anybody knows what will be
 * entered, and the same however often it is asked: nobody can pick the lines that are checked.
 *
 * @param percent 0 to 100
 */
export function isSampled(listNo: string, lineNo: number, percent: number): boolean {
  // FNV-1a over the text, then a mixing step: short texts that differ in one digit must spread.
  let hash = 0x811c9dc5;
  for (const character of `${listNo}/${lineNo}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % 10_000 < percent * 100;
}
