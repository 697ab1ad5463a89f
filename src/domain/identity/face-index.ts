import { InvariantError } from '../kernel/domain-error.js';
import { RoundedRows } from './search/rounded-rows.js';
import type { UnitVector } from './template.js';

/** One enrolled person of the gallery that is searched. */
export interface GalleryEntry {
  readonly personCode: string;
  readonly template: UnitVector;
}

/** A person and the cosine of the own template with the probe. */
export interface FaceMatch {
  readonly personCode: string;
  readonly similarity: number;
}

/** Below this size walking all rows is faster than a second memory, and a server makes such indexes per request. */
const WALK_ALL_BELOW = 512;

/**
 * Exact nearest-neighbour search over templates of one model. The same gallery and probe give bit for bit the same
 * answer in a browser, on a server, with and without WebAssembly, whatever the order of the gallery: rows are compared
 * in float64 in one fixed order, and equal ones stand by person code.
 */
export class FaceIndex {
  private constructor(
    private readonly codes: readonly string[],
    private readonly rows: Float32Array,
    private readonly width: number,
    private readonly rounded: RoundedRows | null,
  ) {}

  /**
   * @param entries unit templates of one length; a person occurs at most once
   * @param walkAllBelow galleries smaller than this are compared row by row
   * @throws InvariantError for templates of different lengths
   */
  static of(entries: readonly GalleryEntry[], walkAllBelow = WALK_ALL_BELOW): FaceIndex {
    const sorted = [...entries].sort((a, b) => (a.personCode < b.personCode ? -1 : 1));
    const width = sorted[0]?.template.length ?? 0;
    const rows = new Float32Array(sorted.length * width);
    sorted.forEach(({ template }, row) => {
      if (template.length !== width) throw new InvariantError('templates of different models in one gallery');
      rows.set(template, row * width);
    });
    const rounded = sorted.length < walkAllBelow || width % 16 !== 0 ? null : RoundedRows.of(rows, width);
    return new FaceIndex(sorted.map((entry) => entry.personCode), rows, width, rounded);
  }

  get size(): number {
    return this.codes.length;
  }

  /** The `count` nearest people, nearest first; fewer where the gallery is smaller. */
  nearest(probe: UnitVector, count: number): FaceMatch[] {
    if (this.size === 0 || count < 1) return [];
    if (probe.length !== this.width) throw new InvariantError('a probe of another model than the gallery');
    return this.rounded === null
      ? this.best(probe, null, count)
      : this.best(probe, this.rounded.mayBeNearest(probe, count), count);
  }

  /** Everybody at least this near, nearest first. */
  atLeast(probe: UnitVector, similarity: number): FaceMatch[] {
    for (let count = 8; ; count *= 4) {
      const matches = this.nearest(probe, count);
      const last = matches.at(-1);
      if (matches.length < count || last === undefined || last.similarity < similarity || count >= this.size) {
        return matches.filter((match) => match.similarity >= similarity);
      }
    }
  }

  /** The template as it was put in; null for somebody who is not in the gallery. */
  templateOf(personCode: string): UnitVector | null {
    let from = 0;
    let to = this.codes.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.codes[middle]) < personCode) from = middle + 1;
      else to = middle;
    }
    return this.codes[from] === personCode ? this.rows.slice(from * this.width, (from + 1) * this.width) as UnitVector : null;
  }

  /** Compares the given rows, or all of them, and keeps the best; equal ones stay in the order of rows. */
  private best(probe: UnitVector, among: readonly number[] | null, count: number): FaceMatch[] {
    const kept: { row: number; similarity: number }[] = [];
    const total = among === null ? this.size : among.length;
    for (let index = 0; index < total; index += 1) {
      const row = among === null ? index : among[index];
      const similarity = this.productOf(row, probe);
      if (kept.length === count && similarity <= (kept[count - 1] as { similarity: number }).similarity) continue;
      let place = kept.length;
      while (place > 0 && similarity > (kept[place - 1] as { similarity: number }).similarity) place -= 1;
      kept.splice(place, 0, { row, similarity });
      if (kept.length > count) kept.pop();
    }
    return kept.map(({ row, similarity }) => ({ personCode: this.codes[row], similarity }));
  }

  private productOf(row: number, probe: UnitVector): number {
    const at = row * this.width;
    let product = 0;
    for (let column = 0; column < this.width; column += 1) product += (probe[column]) * (this.rows[at + column]);
    return product;
  }
}
