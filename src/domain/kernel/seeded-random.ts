import { InvariantError } from './domain-error.js';

/**
 * Repeatable chance: the same seed text gives the same numbers on every machine (small fast counter generator, sfc32,
 * 128 bits of state, integer operations only). For plans and generated data; never for keys, codes or tokens.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: string) {
    this.a = hash32(seed, 0x9e3779b9);
    this.b = hash32(seed, 0x243f6a88);
    this.c = hash32(seed, 0xb7e15162);
    for (let round = 0; round < 15; round += 1) this.uint32();
  }

  /** An independent stream: drawing from it leaves this one untouched, so that adding a generator moves no other data. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${label}`);
  }

  /** Integer in [0, 2^32). */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Real number in [0, 1). */
  next(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** Integer in [min, max], both included. */
  int(min: number, max: number): number {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min) throw new InvariantError(`no integer in [${min}, ${max}]`);
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** Real number in [min, max). */
  real(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** True with probability `share` (0 never, 1 always). */
  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new InvariantError('pick from an empty list');
    return item;
  }

  /** One of the values, in proportion to its non-negative weight. */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T {
    const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [value, weight] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    const last = choices.at(-1);
    if (!last || !(total > 0)) throw new InvariantError('weights need a positive sum');
    return last[0];
  }

  /** Normally distributed number (polar rejection, one value per accepted pair). */
  normal(mean: number, deviation: number): number {
    for (;;) {
      const u = this.real(-1, 1);
      const v = this.real(-1, 1);
      const square = u * u + v * v;
      if (square > 0 && square < 1) return mean + deviation * u * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  /** A new list with the same items in chance order. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = this.int(0, last);
      [result[last], result[other]] = [result[other], result[last]];
    }
    return result;
  }
}

/** 32-bit mix of a text with a start value: multiply and shift per UTF-16 unit, then a final avalanche. */
function hash32(text: string, start: number): number {
  let hash = start | 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}
