import type { FaceModel } from '../../src/contract/faces.js';
import type { Embedder } from './embedder.js';

/** Where the server keeps the files of other embedders, beside the built pages. */
const FILES = '/face-models/';

/**
 * The embedder that a setting names, or null for the bundled one. The second runtime is fetched only where it is wanted.
 *
 * @param assetBase the page's `face/` address
 */
export function embedderOf(model: FaceModel, assetBase: string): Promise<Embedder> | null {
  const { onnx } = model;
  if (onnx === undefined) return null;
  return import('./onnx-embedder.js').then(({ loadOnnxEmbedder }) => loadOnnxEmbedder(assetBase, `${FILES}${onnx.file}`, {
    modelId: model.id, length: model.length, chipPx: onnx.chipPx, fivePoints: onnx.fivePoints, channels: onnx.channels, layout: onnx.layout, mean: onnx.mean, deviation: onnx.deviation,
  }));
}
