import type { Embedder } from './embedder.js';
import type { FaceEngine } from './engine.js';

export { type FaceEngine, type FaceView, type FrameSource } from './engine.js';
export type { ChipPicture, Embedder } from './embedder.js';
export { SECOND_LOOK, SECOND_LOOKS, type DetectorLook } from '../../src/domain/identity/index.js';
export { embedderOf } from './models.js';
export { decodeDescriptor, encodeDescriptor } from './codec.js';
export { type FaceHint, type FaceQuality } from './quality.js';
export { templateOf, cosine, framesAreOnePerson, normalise, type UnitVector } from '../../src/domain/identity/index.js';

/** The bundled embedder, for a page whose engine runs another one. */
export const bundledEmbedder = (assetBase: string): Promise<Embedder> => import('./engine.js').then(({ loadLibraryEmbedder }) => loadLibraryEmbedder(assetBase));

let loading: Promise<FaceEngine> | null = null;

/**
 * Loads library, models and WebAssembly from `assetBase` (where the build step put them, `…/face/`) and runs each
 * network once, because the first call takes up to a second. Loaded once per page, whoever asks, and not before.
 *
 * @param embedder in place of the bundled one; see onnx-embedder.ts, a door of its own so that pages without it carry no second runtime
 */
export function loadFaceEngine(assetBase: string, embedder: Promise<Embedder> | null = null): Promise<FaceEngine> {
  loading ??= Promise.all([import('./engine.js'), embedder]).then(([{ load }, other]) => load(assetBase, other)).catch((reason: unknown) => {
    loading = null;
    throw reason;
  });
  return loading;
}
