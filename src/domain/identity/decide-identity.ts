import type { FaceIndex, FaceMatch } from './face-index.js';
import { falseMatchPpmAt, type FalseMatchRates } from './false-match.js';
import { cosine, templateOf, type UnitVector } from './template.js';

/** Data of the site and the model; see `recognitionSettings` in the contract for the meaning of each. */
export interface IdentitySettings extends FalseMatchRates {
  readonly minMargin: number;
  readonly framesNeeded: number;
  readonly minQuality: number;
  /** The wished bound: how often, in a million, somebody who is not in the gallery may be taken for somebody in it. */
  readonly maxRiskPpm: number;
}

/** One look of the camera at one person. `quality`: share of an ideal picture, 0 to 1. */
export interface FaceFrame {
  readonly descriptor: UnitVector;
  readonly quality: number;
}

/** What is known beside the picture. Codes that are not in the gallery mean nothing. */
export interface SightingContext {
  /** Those who have an order here today or come as a rule: a small group that a face alone may be searched in. */
  readonly expected: ReadonlySet<string>;
  /** Those who were served at another point so shortly before that they can hardly stand here. */
  readonly elsewhere: ReadonlySet<string>;
}

/** Nothing is known beside the picture. */
export const NO_CONTEXT: SightingContext = { expected: new Set(), elsewhere: new Set() };

/**
 * Why a face that is near enough does not suffice.
 * - `margin`: another person is about as near.
 * - `look-alike`: another enrolled person is so like the nearest one that a face never tells them apart for certain, or
 *   the match lies just above the threshold.
 * - `risk`: among so many people a stranger would come as near too often.
 * - `elsewhere`: the person was served at another point minutes ago.
 */
export type ConfirmReason = 'margin' | 'look-alike' | 'risk' | 'elsewhere';

/**
 * What the frames allow to say.
 * - `looking`: too few good frames, nothing is compared.
 * - `identified`: one person, by the face alone, within the wished bound.
 * - `confirm`: the last four digits decide between `personCodes`, nearest first; the face alone never does.
 * - `unknown`: nobody is near enough, or the frames show different people (`steady` false).
 *
 * `riskPpm`: bound of the chance, in parts per million, that a stranger is taken for somebody of this gallery at a match
 * like this one.
 */
export type IdentityDecision =
  | { readonly kind: 'looking'; readonly framesSeen: number; readonly framesNeeded: number }
  | { readonly kind: 'identified'; readonly personCode: string; readonly frames: number; readonly band: 'clear'; readonly riskPpm: number }
  | { readonly kind: 'confirm'; readonly reason: ConfirmReason; readonly personCodes: readonly string[]; readonly frames: number; readonly riskPpm: number }
  | { readonly kind: 'unknown'; readonly steady: boolean };

const CERTAIN_PPM = 1_000_000;

/** Union bound over the people who could be mistaken for, capped at certainty. */
export function galleryRiskPpm(people: number, falseMatchPpm: number): number {
  return Math.min(CERTAIN_PPM, Math.ceil(people * falseMatchPpm));
}

/** Two frames of one capture differ more than two captures of one person only if somebody else stepped in. */
export function framesAreOnePerson(frames: readonly UnitVector[], minSimilarity: number): boolean {
  return frames.every((frame, index) => frames.slice(index + 1).every((other) => cosine(frame, other) >= minSimilarity));
}

/**
 * How many people share the bound with this one. A gallery that keeps the bound as a whole is searched as a whole.
 * Of a larger one the expected people get one half of the bound and all others the other half, so that a stranger's
 * chances sum up to the bound at most, whichever group the false match is in. Which of the two holds depends on the
 * gallery alone and never on the probe.
 */
function sharersOf(personCode: string, index: FaceIndex, settings: IdentitySettings, expected: ReadonlySet<string>): number {
  const whole = galleryRiskPpm(index.size, settings.falseMatchPpm) <= settings.maxRiskPpm;
  const known = whole ? 0 : [...expected].filter((code) => index.templateOf(code) !== null).length;
  if (known === 0 || known === index.size) return index.size;
  return 2 * (expected.has(personCode) ? known : index.size - known);
}

/** Everybody but the nearest whom a face does not keep apart from the nearest for certain. */
function lookAlikesOf(first: FaceMatch, near: readonly FaceMatch[], index: FaceIndex, settings: IdentitySettings): string[] {
  const template = index.templateOf(first.personCode);
  const alike = template === null ? [] : index.atLeast(template, settings.minSimilarity + settings.minMargin);
  const close = near.filter((match) => first.similarity - match.similarity < 2 * settings.minMargin);
  return [...new Set([...close, ...alike].map((match) => match.personCode))].filter((code) => code !== first.personCode);
}

/**
 * Decides who stands in front from several frames, the gallery of this place and what is known beside the picture.
 * Pure, and the only such decision of the product: a kiosk and the server that compares a visitor of another point
 * answer the same question with the same function.
 *
 * @param index templates of one model
 * @param frames unit descriptors by the same model; those below the least quality are not used
 */
export function decideIdentity(
  index: FaceIndex, frames: readonly FaceFrame[], settings: IdentitySettings, context: SightingContext = NO_CONTEXT,
): IdentityDecision {
  const good = frames.filter((frame) => frame.quality >= settings.minQuality).map((frame) => frame.descriptor);
  if (good.length === 0 || good.length < settings.framesNeeded) {
    return { kind: 'looking', framesSeen: good.length, framesNeeded: settings.framesNeeded };
  }
  if (!framesAreOnePerson(good, settings.minSimilarity)) return { kind: 'unknown', steady: false };
  const near = index.atLeast(templateOf(good), settings.minSimilarity - settings.minMargin);
  const [first] = near;
  if (first === undefined || first.similarity < settings.minSimilarity) return { kind: 'unknown', steady: true };

  const sharers = sharersOf(first.personCode, index, settings, context.expected);
  const riskPpm = galleryRiskPpm(sharers, falseMatchPpmAt(settings, first.similarity));
  const confirm = (reason: ConfirmReason, others: readonly string[]): IdentityDecision => (
    { kind: 'confirm', reason, personCodes: [first.personCode, ...others], frames: good.length, riskPpm }
  );
  const rivals = near.slice(1).filter((match) => first.similarity - match.similarity < settings.minMargin);
  if (rivals.length > 0) return confirm('margin', rivals.map((match) => match.personCode));
  if (context.elsewhere.has(first.personCode)) return confirm('elsewhere', []);
  const alike = lookAlikesOf(first, near, index, settings);
  if (alike.length > 0 || first.similarity < settings.minSimilarity + settings.minMargin) return confirm('look-alike', alike);
  if (riskPpm > settings.maxRiskPpm) return confirm('risk', []);
  return { kind: 'identified', personCode: first.personCode, frames: good.length, band: 'clear', riskPpm };
}

/**
 * The same decision where the digits of the phone are typed already and the gallery holds only those who have them: a
 * match just above the threshold then suffices. Of two who both come near nobody is named, digits or not.
 */
export function verifyWithDigits(
  index: FaceIndex, frames: readonly FaceFrame[], settings: IdentitySettings,
): { readonly personCode: string; readonly riskPpm: number } | null {
  const decision = decideIdentity(index, frames, settings);
  if (decision.kind !== 'identified' && decision.kind !== 'confirm') return null;
  const personCode = decision.kind === 'identified' ? decision.personCode : decision.personCodes[0];
  if (decision.kind === 'confirm' && (decision.personCodes.length > 1 || decision.riskPpm > settings.maxRiskPpm)) return null;
  const good = frames.filter((frame) => frame.quality >= settings.minQuality).map((frame) => frame.descriptor);
  const near = index.atLeast(templateOf(good), settings.minSimilarity);
  return near.length === 1 && personCode !== undefined ? { personCode, riskPpm: decision.riskPpm } : null;
}
