import fc from 'fast-check';
import {
  cosine, decideFace, galleryRiskPpm, normalise, templateOf, type FaceDecisionSettings, type UnitVector,
} from '../../../src/domain/identity/index.js';

const settings: FaceDecisionSettings = {
  minSimilarity: 0.9, minMargin: 0.04, framesNeeded: 3, falseMatchPpm: 400, maxRiskPpm: 200_000,
};

/** A face at `angle` radians from the axis of `person` towards a direction of its own. */
function face(person: number, angle = 0, towards = person + 1): UnitVector {
  const values = new Float64Array(128);
  values[person] = Math.cos(angle);
  values[towards % 128] = Math.sin(angle);
  return normalise(values);
}

const three = (make: (index: number) => UnitVector): UnitVector[] => [0, 1, 2].map(make);
const gallery = [0, 10, 20, 30].map((person) => ({ personCode: `p${person}`, template: face(person) }));

describe('the template', () => {
  test('is the direction of the mean, not of the longest descriptor', () => {
    const long = Float64Array.from(face(0), (value) => value * 9);
    const template = templateOf([long, face(10)]);
    expect(cosine(template, face(0))).toBeCloseTo(cosine(template, face(10)), 6);
  });

  test('has length one for any descriptors', () => {
    fc.assert(fc.property(
      fc.array(fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 128, maxLength: 128 }), { minLength: 1, maxLength: 5 }),
      (descriptors) => {
        const template = templateOf(descriptors);
        expect(cosine(template, template)).toBeCloseTo(1, 4);
      },
    ), { numRuns: 50 });
  });

  test('refuses what is not a face: another length, zeros, not-a-number', () => {
    expect(() => normalise([1, 2, 3])).toThrow();
    expect(() => normalise(new Float64Array(128))).toThrow();
    expect(() => normalise(new Float64Array(128).fill(Number.NaN))).toThrow();
    expect(() => templateOf([])).toThrow();
  });
});

describe('the decision', () => {
  test('names an enrolled person seen in enough steady frames', () => {
    const decision = decideFace(gallery, three((index) => face(10, 0.1 + index / 100)), settings);
    expect(decision).toEqual({ kind: 'identified', personCode: 'p10', frames: 3, band: 'clear', riskPpm: 1600 });
  });

  test('says nothing before enough frames are seen', () => {
    expect(decideFace(gallery, [face(10), face(10)], settings)).toEqual({ kind: 'looking', framesSeen: 2, framesNeeded: 3 });
    expect(decideFace(gallery, [], { ...settings, framesNeeded: 0 })).toMatchObject({ kind: 'looking' });
  });

  test('does not know a stranger', () => {
    expect(decideFace(gallery, three(() => face(77)), settings)).toEqual({ kind: 'unknown', steady: true });
    expect(decideFace([], three(() => face(10)), settings)).toEqual({ kind: 'unknown', steady: true });
  });

  test('does not merge two people who swap places between frames', () => {
    expect(decideFace(gallery, [face(10), face(10), face(20)], settings)).toEqual({ kind: 'unknown', steady: false });
  });

  test('never picks between look-alikes: both are named for the second factor, nearest first', () => {
    const twins = [
      { personCode: 'elder', template: face(0, 0.05, 1) },
      { personCode: 'younger', template: face(0, 0.05, 2) },
      { personCode: 'other', template: face(40) },
    ];
    const decision = decideFace(twins, three(() => face(0, 0.01, 2)), settings);
    expect(decision).toMatchObject({ kind: 'doubt', reason: 'margin', personCodes: ['younger', 'elder'] });
  });

  test('a look-alike just under the threshold still makes doubt', () => {
    const people = [
      { personCode: 'a', template: face(0, 0.40, 1) },
      { personCode: 'b', template: face(0, 0.46, 2) },
    ];
    const probe = three(() => face(0));
    expect(cosine(people[1].template, probe[0])).toBeLessThan(settings.minSimilarity);
    expect(decideFace(people, probe, settings)).toMatchObject({ kind: 'doubt', personCodes: ['a', 'b'] });
  });

  test('a gallery too large for a face alone asks for a second factor', () => {
    const small = { ...settings, maxRiskPpm: 1599 };
    expect(decideFace(gallery, three(() => face(10)), small)).toMatchObject({ kind: 'doubt', reason: 'risk', personCodes: ['p10'] });
    expect(galleryRiskPpm(20_000, 400)).toBe(1_000_000);
  });

  test('a match close to its runner-up is marked near', () => {
    const people = [{ personCode: 'a', template: face(0) }, { personCode: 'b', template: face(0, 0.33, 2) }];
    expect(decideFace(people, three(() => face(0)), settings)).toMatchObject({ kind: 'identified', band: 'near' });
  });

  test('does not depend on the order of the gallery', () => {
    const frames = three(() => face(20, 0.2));
    fc.assert(fc.property(fc.shuffledSubarray(gallery, { minLength: 4 }), (shuffled) => {
      expect(decideFace(shuffled, frames, settings)).toEqual(decideFace(gallery, frames, settings));
    }), { numRuns: 30 });
  });
});
