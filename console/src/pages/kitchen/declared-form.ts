/** What a cook declares of a dish, as the form holds it. */
export interface DeclaredForm {
  allergens: string[]; level: string; testedBy: string; testedOn: string; hazards: string[]; yuan: string; picture: string; substituteIds: string[]; servedRaw: boolean;
}
/** A test of the texture: by whom, on which day, with which outcome. Its parts are of one test, or say nothing. */
export type TextureTest = Pick<DeclaredForm, 'level' | 'testedBy' | 'testedOn'>;

const GROUPS: readonly (readonly (keyof DeclaredForm)[])[] = [['level', 'testedBy', 'testedOn'], ['yuan'], ['picture'], ['substituteIds'], ['servedRaw']];

/**
 * The form after a colleague may have written: what was not touched since `before` follows what is fetched anew, what was
 * touched stays. A test of the texture stays or follows as a whole. What a colleague ticked is put in beside what is ticked here.
 */
export function mergedForm(form: DeclaredForm, before: DeclaredForm, fetched: DeclaredForm): DeclaredForm {
  const merged: DeclaredForm = { ...fetched };
  for (const group of GROUPS) {
    if (group.some((key) => !isSame(form[key], before[key]))) Object.assign(merged, Object.fromEntries(group.map((key) => [key, form[key]])));
  }
  for (const key of ['allergens', 'hazards'] as const) {
    if (!isSame(form[key], before[key])) merged[key] = [...new Set([...form[key], ...fetched[key].filter((name) => !before[key].includes(name))])];
  }
  return merged;
}

/** The test that a colleague wrote down meanwhile, where the form keeps another one. */
export function theirTest(form: DeclaredForm, before: DeclaredForm, fetched: DeclaredForm): TextureTest | null {
  const testOf = ({ level, testedBy, testedOn }: DeclaredForm): TextureTest => ({ level, testedBy, testedOn });
  const theirs = testOf(fetched);
  return isSame(theirs, testOf(before)) || isSame(theirs, testOf(form)) || isSame(testOf(form), testOf(before)) ? null : theirs;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
