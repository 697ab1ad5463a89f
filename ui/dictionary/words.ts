/** One wording in both languages. `{name}` marks a place that `t` fills from its parameters. */
export interface Wording {
  readonly zh: string;
  readonly en: string;
}

/** The words of one capability; keys start with the capability's name so that merged dictionaries cannot collide. */
export type Words = Readonly<Record<string, Wording>>;

export type Language = 'zh' | 'en';

/** Fills `{name}` places; a place without a parameter stays visible, so that a missing one is noticed in tests. */
export function fillWording(text: string, parameters: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = parameters[name];
    return value === undefined ? place : String(value);
  });
}
