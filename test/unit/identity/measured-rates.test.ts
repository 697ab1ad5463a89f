import fc from 'fast-check';
import { countImpostors, countsAt, falseMatchPpmAt, measuredFrom, MEASURED_SIMILARITIES, normalise, ratesOfGalleries } from '../../../src/domain/identity/index.js';

/** People whose faces come near each other here and there: around a few directions. */
const people = (count: number, spread: number) => Array.from({ length: count }, (_, person) => normalise(
  Float64Array.from({ length: 128 }, (__, at) => (at === person % 7 ? 1 : spread * Math.sin((person + 1) * (at + 1) * 12.9898))),
));

describe('the similarities at which people are counted', () => {
  it('begin at the threshold of the model, rise, and end below one', () => {
    fc.assert(fc.property(fc.double({ min: -1, max: 0.99, noNaN: true }), (minSimilarity) => {
      const levels = measuredFrom(minSimilarity);
      expect(levels).toHaveLength(14);
      expect(levels[0]).toBeCloseTo(minSimilarity, 4);
      expect(levels.every((level, at) => at === 0 || level > levels[at - 1])).toBe(true);
      expect(levels.at(-1)).toBeLessThan(1);
    }));
  });

  it('of a model with a threshold of 0.45 tell its matches apart, which the list of the shipped model cannot', () => {
    const faces = people(210, 0.12);
    const rates = (own: readonly number[]) => ({ minSimilarity: 0.45, falseMatchPpm: 400_000, falseMatchTail: ratesOfGalleries([countImpostors(faces, own)], own) });
    expect(falseMatchPpmAt(rates(measuredFrom(0.45)), 0.75)).toBeLessThan(400_000);
    expect(falseMatchPpmAt(rates(MEASURED_SIMILARITIES), 0.75)).toBe(400_000);
  });

  it('may be others than were asked for: what was counted lower is a bound, what was counted higher says nothing', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0, max: 0.9, noNaN: true }), (counted, asked) => {
      const faces = people(24, 0.1);
      const [own, similarities] = [measuredFrom(counted), measuredFrom(asked)];
      const bound = countsAt(countImpostors(faces, own), own, similarities);
      expect(bound === null).toBe(own[0] > similarities[0]);
      countImpostors(faces, similarities).counts.forEach((row, level) => { row.forEach((near, person) => { expect(bound?.counts[level][person] ?? near).toBeGreaterThanOrEqual(near); }); });
    }), { numRuns: 40 });
    const same = countImpostors(people(24, 0.1), MEASURED_SIMILARITIES);
    expect(countsAt(same, MEASURED_SIMILARITIES, MEASURED_SIMILARITIES)).toEqual(same);
  });
});
