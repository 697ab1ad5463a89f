import { CHIP_SIZE_PX, chipTransform, similarityBetween, type Point } from '../../../ui/face/chip.js';
import { decodeDescriptor, encodeDescriptor } from '../../../ui/face/codec.js';
import { qualityOf, yawOf } from '../../../ui/face/quality.js';
import { faceDescriptor } from '../../../src/contract/faces.js';
import fc from 'fast-check';

const turn = (points: readonly Point[], angle: number, scale: number, dx: number, dy: number): Point[] => points.map(({ x, y }) => ({
  x: scale * (Math.cos(angle) * x - Math.sin(angle) * y) + dx,
  y: scale * (Math.sin(angle) * x + Math.cos(angle) * y) + dy,
}));

/** 68 landmarks of a plain frontal face, eyes 60 px apart. */
const frontal: Point[] = Array.from({ length: 68 }, (_, index) => {
  if (index >= 36 && index < 42) return { x: 70 + (index % 3), y: 100 + (index % 2) };
  if (index >= 42 && index < 48) return { x: 130 + (index % 3), y: 100 + (index % 2) };
  if (index === 30) return { x: 101, y: 135 };
  return { x: 80 + (index % 7) * 7, y: 90 + index };
});

test('the similarity undoes any turn, scale and shift', () => {
  fc.assert(fc.property(
    fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.2, max: 5, noNaN: true }), fc.integer({ min: -500, max: 500 }),
    (angle, scale, shift) => {
      const moved = turn(frontal, angle, scale, shift, -shift);
      const { a, b, tx, ty } = similarityBetween(moved, frontal);
      moved.forEach((point, index) => {
        expect(a * point.x - b * point.y + tx).toBeCloseTo(frontal[index].x, 3);
        expect(b * point.x + a * point.y + ty).toBeCloseTo(frontal[index].y, 3);
      });
    },
  ), { numRuns: 40 });
});

test('the eyes lie on the same place of the chip however the head is tilted', () => {
  const eye = (landmarks: readonly Point[]): { x: number; y: number } => {
    const { a, b, tx, ty } = chipTransform(landmarks);
    const point = landmarks[36];
    return { x: a * point.x - b * point.y + tx, y: b * point.x + a * point.y + ty };
  };
  const upright = eye(frontal);
  const tilted = eye(turn(frontal, 0.4, 2.5, 300, 40));
  expect(tilted.x).toBeCloseTo(upright.x, 3);
  expect(tilted.y).toBeCloseTo(upright.y, 3);
  expect(upright.x).toBeGreaterThan(0);
  expect(upright.x).toBeLessThan(CHIP_SIZE_PX);
});

test('a descriptor survives the wire bit for bit and fits the contract', () => {
  const descriptor = Float32Array.from({ length: 128 }, (_, index) => Math.fround(Math.sin(index) / 11));
  const text = encodeDescriptor(descriptor);
  expect(faceDescriptor.safeParse(text).success).toBe(true);
  expect(decodeDescriptor(text)).toEqual(descriptor);
  expect(faceDescriptor.safeParse(encodeDescriptor(descriptor.subarray(1))).success).toBe(false);
});

function chipOf(value: (x: number, y: number) => number): { data: Uint8ClampedArray; width: number } {
  const data = new Uint8ClampedArray(CHIP_SIZE_PX * CHIP_SIZE_PX * 4);
  for (let at = 0; at < CHIP_SIZE_PX * CHIP_SIZE_PX; at += 1) data.fill(value(at % CHIP_SIZE_PX, Math.floor(at / CHIP_SIZE_PX)), at * 4, at * 4 + 3);
  return { data, width: CHIP_SIZE_PX };
}

const lively = chipOf((x, y) => 130 + 45 * Math.sin(x / 2) + 25 * Math.sin(y / 2));

test('a near, bright, sharp, frontal face needs no advice', () => {
  expect(qualityOf({ faceWidthPx: 200, landmarks: frontal, chip: lively })).toMatchObject({ value: 1, hint: null });
});

test.each([
  ['closer', { faceWidthPx: 60, landmarks: frontal, chip: lively }],
  ['light', { faceWidthPx: 200, landmarks: frontal, chip: chipOf((x) => 30 + 9 * Math.sin(x / 3)) }],
  ['still', { faceWidthPx: 200, landmarks: frontal, chip: chipOf((x) => 130 + 60 * Math.sin(x / 14)) }],
] as const)('advice: %s', (hint, input) => {
  expect(qualityOf(input).hint).toBe(hint);
});

test('a turned head shows in the place of the nose', () => {
  expect(Math.abs(yawOf(frontal))).toBeLessThan(0.05);
  const turned = frontal.map((point, index) => (index === 30 ? { x: 128, y: 135 } : point));
  expect(yawOf(turned)).toBeGreaterThan(0.3);
  expect(qualityOf({ faceWidthPx: 200, landmarks: turned, chip: lively }).hint).toBe('straight');
});
