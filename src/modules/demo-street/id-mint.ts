import type { SeededRandom } from '../../domain/kernel/seeded-random.js';

const HEX = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));

/**
 * Ids in the layout of UUIDv7 from a seed instead of clock and chance: the same street gets the same ids, and rows
 * land in the index in the order in which they are made.
 */
export class IdMint {
  private count = 0;

  /** @param startMs ms since the epoch that the first id carries; each 4096 ids move it on by 1 ms. */
  constructor(private readonly random: SeededRandom, private readonly startMs: number) {}

  next<T extends string>(): T {
    const ms = this.startMs + Math.floor(this.count / 4096);
    const sequence = this.count % 4096;
    this.count += 1;
    const high = Math.floor(ms / 65_536);
    const chance = this.random.uint32();
    const more = this.random.uint32();
    return `${part(high >>> 16)}${part(high)}-${part(ms % 65_536)}-7${part(sequence).slice(1)}-${part(0x8000 | (chance >>> 18))}-${
      part(chance)}${part(more >>> 16)}${part(more)}` as T;
  }
}

function part(value: number): string {
  return HEX[value & 0xffff];
}
