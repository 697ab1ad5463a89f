import type { CaptureFrames } from '../../../../src/contract/faces.js';

export type Frame = CaptureFrames[number];
/** The same frames as one model describes them. */
export interface Capture { readonly modelId: string; readonly frames: CaptureFrames }

/**
 * The captures with one more frame: only where every model could describe it, so that all have the same number at the end
 * and the sitting is kept as a whole.
 */
export function withFrame(captures: readonly Capture[], described: readonly { readonly modelId: string; readonly descriptor: string | null }[], quality: number): readonly Capture[] {
  if (described.some(({ descriptor }) => descriptor === null)) return captures;
  return described.reduce<readonly Capture[]>((sum, { modelId, descriptor }) => (descriptor === null ? sum : added(sum, modelId, { descriptor, quality })), captures);
}

/** One more frame of a model; those of the first model come first. */
function added(captures: readonly Capture[], modelId: string, frame: Frame): Capture[] {
  const own = captures.find((one) => one.modelId === modelId) ?? { modelId, frames: [] };
  const grown = { modelId, frames: [...own.frames, frame] };
  return captures.includes(own) ? captures.map((one) => (one === own ? grown : one)) : [...captures, grown];
}
