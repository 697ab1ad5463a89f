import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { fivePointsOf, inputOf, onnxEmbedder, type OnnxModel, type OnnxRuntime } from '../../../ui/face/onnx-embedder.js';
import { similarityBetween, type Point } from '../../../ui/face/chip.js';

const root = path.resolve(__dirname, '../../..');
const SIDE = 4;
const LENGTH = 64;

/** The five points of the usual 112 px chip, on a chip of 4 px. */
const model: OnnxModel = {
  modelId: 'test/linear-64/chip4', length: LENGTH, chipPx: SIDE,
  fivePoints: [[1.37, 1.85], [2.63, 1.84], [2, 2.56], [1.48, 3.3], [2.53, 3.29]],
  channels: 'bgr', layout: 'nchw', mean: [10, 20, 30], deviation: [2, 4, 8],
};

// Protocol buffers by hand: tag and length before each field.
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const bytesField = (field: number, bytes: readonly number[]): number[] => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const text = (field: number, value: string): number[] => bytesField(field, [...Buffer.from(value)]);
const int = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const floats = (values: readonly number[]): number[] => [...Buffer.from(Float32Array.from(values).buffer)];
const FLOAT = 1;
const INT64 = 7;

const tensor = (name: string, shape: readonly number[], type: number, raw: readonly number[]): number[] => (
  [...shape.flatMap((side) => int(1, side)), ...int(2, type), ...text(8, name), ...bytesField(9, raw)]
);
const valueInfo = (name: string, shape: readonly number[]): number[] => [
  ...text(1, name), ...bytesField(2, bytesField(1, [...int(1, FLOAT), ...bytesField(2, shape.flatMap((side) => bytesField(1, int(1, side))))])),
];
const node = (kind: string, inputs: readonly string[], output: string): number[] => (
  [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(4, kind)]
);
const weights = Array.from({ length: SIDE * SIDE * 3 * LENGTH }, (_, at) => Math.fround(Math.sin(at * 1.7) / 5));

/** picture -> Reshape to one row -> MatMul with `weights`. */
function linearModel(): Uint8Array {
  const row = SIDE * SIDE * 3;
  const shape = [...Buffer.from(BigInt64Array.from([1n, BigInt(row)]).buffer)];
  const graph = [
    ...bytesField(1, node('Reshape', ['picture', 'shape'], 'row')), ...bytesField(1, node('MatMul', ['row', 'weights'], 'face')), ...text(2, 'test'),
    ...bytesField(5, tensor('shape', [2], INT64, shape)), ...bytesField(5, tensor('weights', [row, LENGTH], FLOAT, floats(weights))),
    ...bytesField(11, valueInfo('picture', [1, 3, SIDE, SIDE])), ...bytesField(12, valueInfo('face', [1, LENGTH])),
  ];
  return Uint8Array.from([...int(1, 8), ...bytesField(7, graph), ...bytesField(8, int(2, 13))]);
}

const chip = { data: Uint8ClampedArray.from({ length: SIDE * SIDE * 4 }, (_, at) => (at * 37) % 256), width: SIDE, height: SIDE };
const landmarks: Point[] = Array.from({ length: 68 }, (_, at) => ({ x: 100 + 40 * Math.cos(at), y: 120 + 45 * Math.sin(at * 1.3) }));

test('a real ONNX file answers with the numbers that its weights give for the normalised chip', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rehufan-onnx-'));
  mkdirSync(path.join(folder, 'face'));
  for (const name of ['chip', 'onnx-embedder']) {
    const { code } = transformSync(readFileSync(path.join(root, `ui/face/${name}.ts`), 'utf8'), {
      module: { type: 'es6' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    writeFileSync(path.join(folder, `face/${name}.js`), code);
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'model.onnx'), linearModel());
  // In a process of its own: the runtime imports its own binary glue, which the test runner's module loader cannot.
  const runtime = createRequire(path.join(root, 'ui/package.json')).resolve('onnxruntime-web').replace(/\.js$/, '.mjs');
  writeFileSync(path.join(folder, 'run.js'), `
    import { readFileSync } from 'node:fs';
    import * as runtime from ${JSON.stringify(runtime)};
    import { onnxEmbedder } from './face/onnx-embedder.js';
    const embedder = await onnxEmbedder(runtime, readFileSync(new URL('model.onnx', import.meta.url)), ${JSON.stringify(model)});
    const chip = ${JSON.stringify({ ...chip, data: [...chip.data] })};
    const numbers = await embedder.embed({ ...chip, data: Uint8ClampedArray.from(chip.data) });
    console.log(JSON.stringify({ modelId: embedder.modelId, numbers: [...numbers] }));
  `);
  const told = JSON.parse(execFileSync(process.execPath, [path.join(folder, 'run.js')], { encoding: 'utf8' })) as { modelId: string; numbers: number[] };
  const input = inputOf(chip, model);
  expect(told.modelId).toBe(model.modelId);
  expect(told.numbers).toHaveLength(LENGTH);
  told.numbers.forEach((value, column) => {
    const expected = input.reduce((sum, one, at) => sum + one * weights[at * LENGTH + column], 0);
    expect(Math.abs(value - expected)).toBeLessThan(1e-3);
  });
});

test('channels, order and normalisation follow the settings', () => {
  const [red, green, blue] = [chip.data[0], chip.data[1], chip.data[2]];
  const planar = inputOf(chip, model);
  expect(planar[0]).toBeCloseTo((blue - 10) / 2, 5);
  expect(planar[SIDE * SIDE]).toBeCloseTo((green - 20) / 4, 5);
  expect(planar[2 * SIDE * SIDE]).toBeCloseTo((red - 30) / 8, 5);
  const packed = inputOf(chip, { ...model, channels: 'rgb', layout: 'nhwc' });
  expect(packed[0]).toBeCloseTo((red - 10) / 2, 5);
  expect(packed[2]).toBeCloseTo((blue - 30) / 8, 5);
});

test('the five points come to lie where the network wants them', () => {
  const five = fivePointsOf(landmarks);
  const target = five.map(({ x, y }) => ({ x: 0.03 * x + 0.01 * y - 1, y: -0.01 * x + 0.03 * y + 2 }));
  const { a, b, tx, ty } = similarityBetween(five, target);
  five.forEach((point, at) => {
    expect(a * point.x - b * point.y + tx).toBeCloseTo(target[at].x, 6);
    expect(b * point.x + a * point.y + ty).toBeCloseTo(target[at].y, 6);
  });
});

test('a network that answers otherwise than stated, or a chip of another size, is refused', async () => {
  const runtime: OnnxRuntime = {
    env: { wasm: {} },
    Tensor: class {},
    InferenceSession: { create: () => Promise.resolve({ inputNames: ['in'], outputNames: ['out'], run: () => Promise.resolve({ out: { data: new Float32Array(3) } }) }) },
  };
  const embedder = await onnxEmbedder(runtime, new Uint8Array(), model);
  expect(runtime.env.wasm.numThreads).toBe(1);
  await expect(embedder.embed(chip)).rejects.toThrow('other numbers');
  await expect(embedder.embed({ ...chip, width: 5, height: 5 })).rejects.toThrow('another size');
  await expect(onnxEmbedder(runtime, new Uint8Array(), { ...model, fivePoints: [[1, 1]] })).rejects.toThrow('five points');
});
