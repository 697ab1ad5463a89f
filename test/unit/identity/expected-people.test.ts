import fc from 'fast-check';
import {
  chooseExpected, decideIdentity, FaceIndex, falseMatchPpmAt, galleryRiskPpm, mostExpected, normalise, type ExpectedPerson, type IdentityDecision, type IdentitySettings, type UnitVector,
} from '../../../src/domain/identity/index.js';

/** As installed. */
const settings: IdentitySettings = { minSimilarity: 0.935, minMargin: 0.015, framesNeeded: 1, minQuality: 0.4, falseMatchPpm: 400, falseMatchTail: [], maxRiskPpm: 50_000 };

/** Any number of people who resemble nobody: two axes of their own, at most one of them shared with another. */
function face(person: number): UnitVector {
  const values = new Float64Array(128);
  values[person % 64] = 1;
  values[64 + (person + Math.floor(person / 64)) % 64] = 1;
  return normalise(values);
}
const code = (person: number): string => `p${String(person).padStart(3, '0')}`;
const galleryOf = (size: number): FaceIndex => FaceIndex.of(Array.from({ length: size }, (_, person) => ({ personCode: code(person), template: face(person) })));
/** The first `count` come as a rule, the first of them most often. */
const regulars = (count: number): ExpectedPerson[] => Array.from({ length: count }, (_, person) => ({ personCode: code(person), hasOrder: false, days: 28 - Math.floor(person / 10) }));
const see = (size: number, person: number, expected: readonly string[]): IdentityDecision => (
  decideIdentity(galleryOf(size), [{ descriptor: face(person), quality: 1 }], settings, { expected: new Set(expected), elsewhere: new Set() })
);

describe('the expected people of a gallery that is too large', () => {
  it('one face more than the bound allows: regulars are named as the day before, though they are more than half', () => {
    expect(see(125, 0, [])).toMatchObject({ kind: 'identified', riskPpm: 50_000 });
    const all = regulars(63);
    expect(see(126, 0, all.map(({ personCode }) => personCode))).toMatchObject({ kind: 'confirm', reason: 'risk', riskPpm: 50_400 }); // uncut, nobody would be
    const expected = chooseExpected(all, settings);
    expect(expected).toHaveLength(62);
    expect(see(126, 0, expected)).toMatchObject({ kind: 'identified', personCode: code(0), riskPpm: 49_600 });
    expect(see(126, 62, expected)).toMatchObject({ kind: 'confirm', reason: 'risk', personCodes: [code(62)] });
  });

  it('many regulars: those who come most often are named, and whoever hardly ever comes is not instead of them', () => {
    const expected = chooseExpected(regulars(80), settings);
    const kinds = [0, 61, 62, 79, 129].map((person) => see(130, person, expected).kind);
    expect(kinds).toEqual(['identified', 'identified', 'confirm', 'confirm', 'confirm']);
  });

  it('whoever ordered for today comes before whoever comes every day', () => {
    const seldom = { personCode: 'z', hasOrder: true, days: 0 };
    expect(chooseExpected([...regulars(80), seldom], settings).slice(0, 2)).toEqual(['z', code(0)]);
  });

  it('measured rates let more of them share the bound, from the least match on that a face alone may name', () => {
    const tail = (similarity: number) => mostExpected({ ...settings, falseMatchTail: [{ similarity, falseMatchPpm: 40 }] });
    expect([mostExpected(settings), tail(0.94), tail(0.97)]).toEqual([62, 625, 62]);
    expect(mostExpected({ ...settings, falseMatchPpm: 0 })).toBe(Infinity);
  });

  const person = fc.record({ personCode: fc.uuid(), hasOrder: fc.boolean(), days: fc.integer({ min: 0, max: 28 }) });
  it('are as many as the bound allows, in an order that nothing but orders, days and codes decides', () => {
    const some = fc.uniqueArray(person, { maxLength: 60, selector: (one) => one.personCode });
    const bounds = fc.record({ falseMatchPpm: fc.integer({ min: 0, max: 2_000 }), tailPpm: fc.integer({ min: 0, max: 2_000 }), maxRiskPpm: fc.integer({ min: 0, max: 60_000 }) });
    fc.assert(fc.property(some, bounds, fc.infiniteStream(fc.nat()), (people, { falseMatchPpm, tailPpm, maxRiskPpm }, lots) => {
      const own = { ...settings, falseMatchPpm, maxRiskPpm, falseMatchTail: [{ similarity: 0.94, falseMatchPpm: tailPpm }] };
      const chosen = chooseExpected(people, own);
      const shuffled = people.map((one) => ({ one, lot: lots.next().value as number })).sort((one, other) => one.lot - other.lot).map(({ one }) => one);
      expect(chooseExpected(shuffled, own)).toEqual(chosen);
      const ratePpm = falseMatchPpmAt(own, own.minSimilarity + own.minMargin);
      if (chosen.length > 0) expect(galleryRiskPpm(2 * chosen.length, ratePpm)).toBeLessThanOrEqual(maxRiskPpm);
      if (chosen.length < people.length) expect(2 * (chosen.length + 1) * ratePpm).toBeGreaterThan(maxRiskPpm);
      const rank = ({ hasOrder, days }: ExpectedPerson): number => (hasOrder ? 100 : 0) + days;
      const [taken, left] = [true, false].map((kept) => people.filter(({ personCode }) => chosen.includes(personCode) === kept).map(rank));
      expect(Math.min(...taken ?? [], 200)).toBeGreaterThanOrEqual(Math.max(...left ?? [], 0));
    }), { numRuns: 200 });
  });
});
