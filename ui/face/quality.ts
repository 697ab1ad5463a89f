import type { Point } from './chip.js';

/** What would help most; null where the picture is good enough as it is. */
export type FaceHint = 'closer' | 'light' | 'straight' | 'still' | null;

/** Shares of an ideal picture, 0 to 1; `value` is the least of them, because one shaded photo spoils a template. */
export interface FaceQuality {
  readonly value: number;
  readonly size: number;
  readonly light: number;
  readonly sharpness: number;
  readonly pose: number;
  readonly hint: FaceHint;
}

const clamp = (value: number): number => Math.max(0, Math.min(1, value));

/** 0 at `none`, 1 at `full`, linear between. */
const ramp = (value: number, none: number, full: number): number => clamp((value - none) / (full - none));

const centre = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

/** Distance of the nose from the middle of the eyes along their line, as a share of the eyes' distance: 0 is frontal. */
export function yawOf(landmarks: readonly Point[]): number {
  const left = centre(landmarks.slice(36, 42));
  const right = centre(landmarks.slice(42, 48));
  const nose = landmarks[30] as Point;
  const [dx, dy] = [right.x - left.x, right.y - left.y];
  const squared = dx * dx + dy * dy;
  return ((nose.x - left.x) * dx + (nose.y - left.y) * dy) / squared - 0.5;
}

/** Mean (0-255), spread and second-difference energy of the grey middle of a chip (RGBA bytes, square). */
export function greyFacts(rgba: Uint8ClampedArray, side: number): { mean: number; deviation: number; detail: number } {
  const grey = new Float32Array(side * side);
  for (let index = 0; index < grey.length; index += 1) {
    const at = index * 4;
    grey[index] = 0.299 * (rgba[at] as number) + 0.587 * (rgba[at + 1] as number) + 0.114 * (rgba[at + 2] as number);
  }
  const from = Math.floor(side * 0.2);
  const to = Math.ceil(side * 0.8);
  let sum = 0;
  let squares = 0;
  let detail = 0;
  let count = 0;
  for (let y = from; y < to; y += 1) {
    for (let x = from; x < to; x += 1) {
      const at = y * side + x;
      const value = grey[at] as number;
      const bend = 4 * value - (grey[at - 1] as number) - (grey[at + 1] as number) - (grey[at - side] as number) - (grey[at + side] as number);
      sum += value;
      squares += value * value;
      detail += bend * bend;
      count += 1;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), detail: detail / count };
}

/**
 * How good a picture of a face is.
 *
 * @param input.faceWidthPx width of the box in the camera's pixels
 * @param input.landmarks the 68 points
 * @param input.chip the aligned picture, RGBA
 */
export function qualityOf(input: {
  faceWidthPx: number; landmarks: readonly Point[]; chip: { data: Uint8ClampedArray; width: number };
}): FaceQuality {
  const { mean, deviation, detail } = greyFacts(input.chip.data, input.chip.width);
  const size = ramp(input.faceWidthPx, 40, 130);
  const light = Math.min(ramp(mean, 25, 80), 1 - ramp(mean, 205, 245), ramp(deviation, 8, 28));
  const sharpness = ramp(Math.sqrt(detail / Math.max(deviation * deviation, 1)), 0.02, 0.14);
  const pose = 1 - ramp(Math.abs(yawOf(input.landmarks)), 0.12, 0.45);
  const shares = { size, light, sharpness, pose };
  const value = Math.min(size, light, sharpness, pose);
  return { value, ...shares, hint: value >= 0.6 ? null : hintOf(shares, value) };
}

function hintOf(shares: { size: number; light: number; sharpness: number; pose: number }, least: number): FaceHint {
  if (shares.size === least) return 'closer';
  if (shares.light === least) return 'light';
  return shares.pose === least ? 'straight' : 'still';
}
