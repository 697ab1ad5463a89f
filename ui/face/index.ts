import type { FaceEngine } from './engine.js';

export { type FaceEngine, type FaceView, type FrameSource } from './engine.js';
export { decodeDescriptor, encodeDescriptor } from './codec.js';
export { type FaceHint, type FaceQuality } from './quality.js';
export { templateOf, cosine, normalise, type UnitVector } from '../../src/domain/identity/index.js';

let loading: Promise<FaceEngine> | null = null;

/**
 * Loads library, models and WebAssembly from `assetBase` (where the build step put them, `…/face/`) and runs each
 * network once, because the first call takes up to a second. Loaded once per page, whoever asks, and not before.
 */
export function loadFaceEngine(assetBase: string): Promise<FaceEngine> {
  loading ??= import('./engine.js').then(({ load }) => load(assetBase)).catch((reason: unknown) => {
    loading = null;
    throw reason;
  });
  return loading;
}
