import type { GalleryEntry } from './face-index.js';
import { cosine, templateOf, type UnitVector } from './template.js';

/** Data of the site and the model; see `recognitionSettings` in the contract for the meaning of each. */
export interface FaceDecisionSettings {
  readonly minSimilarity: number;
  readonly minMargin: number;
  readonly framesNeeded: number;
  readonly falseMatchPpm: number;
  readonly maxRiskPpm: number;
}

/**
 * What the frames allow to say.
 * - `looking`: too few frames, nothing is compared.
 * - `identified`: one person is near enough and clearly nearer than anybody else, in a gallery small enough for a face
 *   alone. `band` is `near` in the lower half of the accepted range of margins.
 * - `doubt`: near enough, but not alone enough (`margin`), or in too large a gallery (`risk`); a second factor decides
 *   between `personCodes`, nearest first, and the face alone never does.
 * - `unknown`: nobody is near enough, or the frames show different people (`steady` false).
 *
 * `riskPpm`: bound of the chance, in parts per million, that a stranger matches somebody in this gallery.
 */
export type FaceDecision =
  | { readonly kind: 'looking'; readonly framesSeen: number; readonly framesNeeded: number }
  | { readonly kind: 'identified'; readonly personCode: string; readonly frames: number; readonly band: 'clear' | 'near'; readonly riskPpm: number }
  | { readonly kind: 'doubt'; readonly reason: 'margin' | 'risk'; readonly personCodes: readonly string[]; readonly frames: number; readonly riskPpm: number }
  | { readonly kind: 'unknown'; readonly steady: boolean };

/** Union bound over the gallery, capped at certainty. */
export function galleryRiskPpm(gallerySize: number, falseMatchPpm: number): number {
  return Math.min(1_000_000, Math.ceil(gallerySize * falseMatchPpm));
}

/** Two frames of one capture differ more than two captures of one person only if somebody else stepped in. */
function framesAreOnePerson(frames: readonly UnitVector[], minSimilarity: number): boolean {
  return frames.every((frame, index) => frames.slice(index + 1).every((other) => cosine(frame, other) >= minSimilarity));
}

/**
 * Compares several frames of whoever stands in front with a gallery. Pure: the same gallery, frames and settings give
 * the same decision on a kiosk and on the server, whatever the order of the gallery.
 *
 * @param gallery templates of one model; a person occurs at most once
 * @param frames unit descriptors by the same model
 */
export function decideFace(
  gallery: readonly GalleryEntry[], frames: readonly UnitVector[], settings: FaceDecisionSettings,
): FaceDecision {
  if (frames.length === 0 || frames.length < settings.framesNeeded) {
    return { kind: 'looking', framesSeen: frames.length, framesNeeded: settings.framesNeeded };
  }
  if (!framesAreOnePerson(frames, settings.minSimilarity)) return { kind: 'unknown', steady: false };
  const probe = templateOf(frames);
  const nearest = gallery
    .map((entry) => ({ personCode: entry.personCode, similarity: cosine(probe, entry.template) }))
    .filter((match) => match.similarity >= settings.minSimilarity - settings.minMargin)
    .sort((a, b) => b.similarity - a.similarity || (a.personCode < b.personCode ? -1 : 1));
  const [first, second] = nearest;
  if (first === undefined || first.similarity < settings.minSimilarity) return { kind: 'unknown', steady: true };

  const riskPpm = galleryRiskPpm(gallery.length, settings.falseMatchPpm);
  const rivals = nearest.filter((match) => first.similarity - match.similarity < settings.minMargin);
  const doubt = (reason: 'margin' | 'risk'): FaceDecision => (
    { kind: 'doubt', reason, personCodes: rivals.map((match) => match.personCode), frames: frames.length, riskPpm }
  );
  if (rivals.length > 1) return doubt('margin');
  if (riskPpm > settings.maxRiskPpm) return doubt('risk');
  const lead = first.similarity - Math.max(second?.similarity ?? -1, settings.minSimilarity - settings.minMargin);
  const band = lead >= 2 * settings.minMargin ? 'clear' : 'near';
  return { kind: 'identified', personCode: first.personCode, frames: frames.length, band, riskPpm };
}
