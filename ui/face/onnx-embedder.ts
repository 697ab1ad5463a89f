import { similarityBetween, type Point } from './chip.js';
import type { ChipPicture, Embedder } from './embedder.js';

/** What is used of onnxruntime-web. */
export interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: unknown } };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => unknown;
  readonly InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: unknown }>>;
    }>;
  };
}

/** How a network in ONNX form wants its faces. */
export interface OnnxModel {
  readonly modelId: string;
  /** Numbers that come out. */
  readonly length: number;
  readonly chipPx: number;
  /** Where right eye, left eye, nose tip and both corners of the mouth (as seen from the left) lie on the chip, in pixels. */
  readonly fivePoints: readonly (readonly [x: number, y: number])[];
  readonly channels: 'rgb' | 'bgr';
  readonly layout: 'nchw' | 'nhwc';
  /** Taken from each channel of 0 to 255, and what is then divided by, in the order of `channels`. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Eye centres, nose tip and corners of the mouth among the 68 landmarks. */
export function fivePointsOf(landmarks: readonly Point[]): Point[] {
  const middle = (from: number, to: number): Point => {
    const points = landmarks.slice(from, to);
    return { x: points.reduce((sum, point) => sum + point.x, 0) / points.length, y: points.reduce((sum, point) => sum + point.y, 0) / points.length };
  };
  return [middle(36, 42), middle(42, 48), landmarks[30] as Point, landmarks[48] as Point, landmarks[54] as Point];
}

/** The network's input of one chip. */
export function inputOf(chip: ChipPicture, model: OnnxModel): Float32Array {
  const pixels = chip.width * chip.height;
  const input = new Float32Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const byte = chip.data[pixel * 4 + (model.channels === 'rgb' ? channel : 2 - channel)] as number;
      const at = model.layout === 'nchw' ? channel * pixels + pixel : pixel * 3 + channel;
      input[at] = (byte - (model.mean[channel] as number)) / (model.deviation[channel] as number);
    }
  }
  return input;
}

/**
 * An embedder from an ONNX file, in one thread: the threaded build would start workers that the page's content
 * security policy forbids.
 *
 * @param file the bytes of the model
 * @throws Error for a model whose alignment is not five points or whose answer has another length than stated
 */
export async function onnxEmbedder(runtime: OnnxRuntime, file: Uint8Array, model: OnnxModel): Promise<Embedder> {
  if (model.fivePoints.length !== 5) throw new Error('an ONNX embedder is aligned by five points');
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(file, { executionProviders: ['wasm'] });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (input === undefined || output === undefined) throw new Error('an ONNX embedder takes one picture and gives one row of numbers');
  const target = model.fivePoints.map(([x, y]) => ({ x, y }));
  const shape = model.layout === 'nchw' ? [1, 3, model.chipPx, model.chipPx] : [1, model.chipPx, model.chipPx, 3];
  return {
    modelId: model.modelId,
    chipPx: model.chipPx,
    length: model.length,
    alignment: (landmarks) => similarityBetween(fivePointsOf(landmarks), target),
    async embed(chip) {
      if (chip.width !== model.chipPx || chip.height !== model.chipPx) throw new Error('a chip of another size than the network takes');
      const answer = await session.run({ [input]: new runtime.Tensor('float32', inputOf(chip, model), shape) });
      const numbers = answer[output]?.data;
      if (!(numbers instanceof Float32Array) || numbers.length !== model.length) throw new Error('the network gave other numbers than stated');
      return numbers;
    },
  };
}

/**
 * Fetches runtime and model when they are first wanted; a page that uses the bundled embedder loads neither.
 *
 * @param assetBase the page's `face/` address, under which the runtime's own binaries lie in `onnx/`
 */
export async function loadOnnxEmbedder(assetBase: string, address: string, model: OnnxModel): Promise<Embedder> {
  const [runtime, answer] = await Promise.all([import('onnxruntime-web/wasm'), fetch(address)]);
  if (!answer.ok) throw new Error(`the face model answers ${answer.status}`);
  runtime.env.wasm.wasmPaths = `${assetBase}onnx/`;
  return onnxEmbedder(runtime as unknown as OnnxRuntime, new Uint8Array(await answer.arrayBuffer()), model);
}
