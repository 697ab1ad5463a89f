import type { UnitVector } from '../template.js';
import { newSift, type Sift } from './sift.js';

/** Bound of what the kernel's own float32 steps can move a product of unit vectors by. */
const KERNEL_SLACK = 4e-6;

/** Nothing a unit vector is multiplied with exceeds this length by rounding. */
const LONGEST = 1.05;

const INT8 = 127;
const INT16 = 32_767;

/** Rounds `values` to whole steps of at most `most`; returns step and length of what was rounded away. */
function round(values: Float32Array, from: number, width: number, most: number, into: Int8Array | Int16Array, at: number): { step: number; lost: number } {
  let greatest = 0;
  for (let column = 0; column < width; column += 1) greatest = Math.max(greatest, Math.abs(values[from + column]));
  const step = Math.fround(greatest / most) || 1;
  let squares = 0;
  for (let column = 0; column < width; column += 1) {
    const value = values[from + column];
    const whole = Math.max(-most, Math.min(most, Math.round(value / step)));
    into[at + column] = whole;
    squares += (value - whole * step) ** 2;
  }
  return { step, lost: Math.sqrt(squares) };
}

/**
 * A gallery's rows, rounded to bytes beside a bound of the rounding. A walk over a quarter of the memory tells which
 * rows can be among the nearest; those few are then compared in full by the caller, so that the answer is exact.
 */
export class RoundedRows {
  private constructor(
    private readonly memory: ArrayBuffer,
    private readonly sift: Sift,
    private readonly count: number,
    private readonly width: number,
    private readonly at: { bounds: number; probe: number; best: number; found: number },
  ) {}

  /** @returns null where this machine's WebAssembly lacks SIMD. `width` is a multiple of 16. */
  static of(rows: Float32Array, width: number): RoundedRows | null {
    const count = rows.length / width;
    const fours = Math.ceil(count / 4);
    const bounds = fours * 4 * width;
    const probe = bounds + fours * 32;
    const found = probe + width * 2;
    const best = found + count * 8;
    const made = newSift(best + count * 4);
    if (made === null) return null;
    const whole = new Int8Array(made.memory, 0, fours * 4 * width);
    const limits = new Float32Array(made.memory, bounds, fours * 8);
    for (let row = 0; row < count; row += 1) {
      const { step, lost } = round(rows, row * width, width, INT8, whole, row * width);
      const place = Math.floor(row / 4) * 8 + (row % 4);
      limits[place] = step;
      limits[place + 4] = lost * LONGEST + KERNEL_SLACK;
    }
    return new RoundedRows(made.memory, made.sift, count, width, { bounds, probe, best, found });
  }

  /** Every row that can be among the `wanted` nearest to the probe, ties included, in rising order. */
  mayBeNearest(probe: UnitVector, wanted: number): number[] {
    const kept = Math.min(wanted, this.count);
    const { step, lost } = round(probe, 0, this.width, INT16, new Int16Array(this.memory, this.at.probe, this.width), 0);
    const best = new Float32Array(this.memory, this.at.best, kept).fill(-Infinity);
    const found = this.sift(
      0, this.at.bounds, this.count, this.width, this.at.probe, step, lost * LONGEST, this.at.best, kept, this.at.found,
    );
    const rows = new Int32Array(this.memory, this.at.found, found * 2);
    const uppers = new Float32Array(this.memory, this.at.found, found * 2);
    const least = best[kept - 1];
    const result: number[] = [];
    for (let index = 0; index < found; index += 1) if ((uppers[index * 2 + 1]) >= least) result.push(rows[index * 2]);
    return result;
  }
}
