import fc from 'fast-check';
import {
  cosine, decideIdentity, FaceIndex, falseMatchPpmAt, galleryRiskPpm, measureFalseMatches, NO_CONTEXT, normalise, templateOf, verifyWithDigits,
  type FaceFrame, type GalleryEntry, type IdentityDecision, type IdentitySettings, type SightingContext, type UnitVector,
} from '../../../src/domain/identity/index.js';

const settings: IdentitySettings = {
  minSimilarity: 0.9, minMargin: 0.04, framesNeeded: 3, minQuality: 0.4, falseMatchPpm: 400, falseMatchTail: [], maxRiskPpm: 200_000,
};

/** A face at `angle` radians from the axis of `person` towards a direction of its own. */
function face(person: number, angle = 0, towards = person + 1): UnitVector {
  const values = new Float64Array(128);
  values[person] = Math.cos(angle);
  values[towards % 128] = Math.sin(angle);
  return normalise(values);
}

const three = (make: (index: number) => UnitVector): UnitVector[] => [0, 1, 2].map(make);
const decide = (people: readonly GalleryEntry[], frames: readonly UnitVector[], chosen = settings, context: SightingContext = NO_CONTEXT): IdentityDecision => (
  decideIdentity(FaceIndex.of(people), frames.map((descriptor): FaceFrame => ({ descriptor, quality: 0.9 })), chosen, context)
);
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
    expect(() => templateOf([new Float32Array(128).fill(1), new Float32Array(512).fill(1)])).toThrow();
    expect(() => cosine(normalise(new Float32Array(128).fill(1)), normalise(new Float32Array(512).fill(1)))).toThrow();
  });
});

describe('the decision', () => {
  test('names an enrolled person seen in enough steady frames', () => {
    const decision = decide(gallery, three((index) => face(10, 0.1 + index / 100)));
    expect(decision).toEqual({ kind: 'identified', personCode: 'p10', frames: 3, band: 'clear', riskPpm: 1600 });
  });

  test('says nothing before enough good frames are seen', () => {
    expect(decide(gallery, [face(10), face(10)])).toEqual({ kind: 'looking', framesSeen: 2, framesNeeded: 3 });
    expect(decide(gallery, [], { ...settings, framesNeeded: 0 })).toMatchObject({ kind: 'looking' });
    const shaded = three(() => face(10)).map((descriptor, index) => ({ descriptor, quality: index === 0 ? 0.39 : 0.9 }));
    expect(decideIdentity(FaceIndex.of(gallery), shaded, settings)).toEqual({ kind: 'looking', framesSeen: 2, framesNeeded: 3 });
  });

  test('does not know a stranger', () => {
    expect(decide(gallery, three(() => face(77)))).toEqual({ kind: 'unknown', steady: true });
    expect(decide([], three(() => face(10)))).toEqual({ kind: 'unknown', steady: true });
  });

  test('does not merge two people who swap places between frames', () => {
    expect(decide(gallery, [face(10), face(10), face(20)])).toEqual({ kind: 'unknown', steady: false });
  });

  test('never picks between look-alikes: both are named for the second factor, nearest first', () => {
    const twins = [
      { personCode: 'elder', template: face(0, 0.05, 1) },
      { personCode: 'younger', template: face(0, 0.05, 2) },
      { personCode: 'other', template: face(40) },
    ];
    expect(decide(twins, three(() => face(0, 0.01, 2)))).toMatchObject({ kind: 'confirm', reason: 'margin', personCodes: ['younger', 'elder'] });
  });

  test('twins are asked for the digits even where the picture seems to keep them apart', () => {
    const twins = [{ personCode: 'elder', template: face(0, 0.14, 1) }, { personCode: 'younger', template: face(0, 0.14, 2) }];
    const probe = three(() => face(0, 0.45, 1));
    const [near, far] = twins.map(({ template }) => cosine(template, probe[0]));
    expect(near - far).toBeGreaterThan(settings.minMargin);
    expect(cosine(twins[0].template, twins[1].template)).toBeGreaterThan(settings.minSimilarity + settings.minMargin);
    expect(decide(twins, probe)).toMatchObject({ kind: 'confirm', reason: 'look-alike', personCodes: ['elder', 'younger'] });
    expect(decide(twins.slice(0, 1), probe)).toMatchObject({ kind: 'identified', personCode: 'elder' });
  });

  test('a look-alike just under the threshold still makes doubt', () => {
    const people = [{ personCode: 'a', template: face(0, 0.40, 1) }, { personCode: 'b', template: face(0, 0.46, 2) }];
    const probe = three(() => face(0));
    expect(cosine(people[1].template, probe[0])).toBeLessThan(settings.minSimilarity);
    expect(decide(people, probe)).toMatchObject({ kind: 'confirm', reason: 'margin', personCodes: ['a', 'b'] });
  });

  test('a match close to its runner-up, or just above the threshold, is never named by the face alone', () => {
    const people = [{ personCode: 'a', template: face(0) }, { personCode: 'b', template: face(0, 0.33, 2) }];
    expect(decide(people, three(() => face(0)))).toMatchObject({ kind: 'confirm', reason: 'look-alike', personCodes: ['a', 'b'] });
    expect(decide(gallery, three(() => face(10, 0.42)))).toMatchObject({ kind: 'confirm', reason: 'look-alike', personCodes: ['p10'] });
  });

  test('a gallery too large for a face alone asks for a second factor', () => {
    const small = { ...settings, maxRiskPpm: 1599 };
    expect(decide(gallery, three(() => face(10)), small)).toMatchObject({ kind: 'confirm', reason: 'risk', personCodes: ['p10'], riskPpm: 1600 });
    expect(galleryRiskPpm(20_000, 400)).toBe(1_000_000);
  });

  test('whoever was served elsewhere minutes ago is asked, and nobody else is named instead', () => {
    const context = { expected: new Set<string>(), elsewhere: new Set(['p10']) };
    expect(decide(gallery, three(() => face(10)), settings, context)).toMatchObject({ kind: 'confirm', reason: 'elsewhere', personCodes: ['p10'] });
    expect(decide(gallery, three(() => face(20)), settings, context)).toMatchObject({ kind: 'identified', personCode: 'p20' });
  });

  test('does not depend on the order of the gallery', () => {
    const frames = three(() => face(20, 0.2));
    fc.assert(fc.property(fc.shuffledSubarray(gallery, { minLength: 4 }), (shuffled) => {
      expect(decide(shuffled, frames)).toEqual(decide(gallery, frames));
    }), { numRuns: 30 });
  });

  /** People around a few directions, so that some are alike and some are not. */
  const people = fc.uniqueArray(fc.record({ person: fc.integer({ min: 0, max: 9 }), angle: fc.double({ min: 0, max: 0.7, noNaN: true }), towards: fc.integer({ min: 20, max: 27 }) }), {
    minLength: 1, maxLength: 12, selector: (one) => `${one.person}/${one.angle}/${one.towards}`,
  }).map((all) => all.map((one, index) => ({ personCode: `p${index}`, template: face(one.person, one.angle, one.towards) })));
  const look = fc.record({ person: fc.integer({ min: 0, max: 9 }), angle: fc.double({ min: 0, max: 0.7, noNaN: true }), towards: fc.integer({ min: 20, max: 27 }) })
    .map((one) => face(one.person, one.angle, one.towards));

  test('whom the face alone names is near, alone, without an enrolled look-alike, not elsewhere, and within the bound', () => {
    fc.assert(fc.property(people, look, fc.subarray(['p0', 'p1', 'p2', 'p3']), fc.subarray(['p0', 'p1', 'p2', 'p3']), fc.integer({ min: 400, max: 6000 }), (all, seen, expected, elsewhere, maxRiskPpm) => {
      const decision = decide(all, [seen, seen, seen], { ...settings, maxRiskPpm }, { expected: new Set(expected), elsewhere: new Set(elsewhere) });
      if (decision.kind !== 'identified') return;
      const own = all.find((one) => one.personCode === decision.personCode) as GalleryEntry;
      const others = all.filter((one) => one !== own);
      expect(decision.riskPpm).toBeLessThanOrEqual(maxRiskPpm);
      expect(cosine(own.template, seen)).toBeGreaterThanOrEqual(settings.minSimilarity + settings.minMargin - 1e-6);
      for (const other of others) {
        expect(cosine(own.template, seen) - cosine(other.template, seen)).toBeGreaterThan(2 * settings.minMargin - 1e-6);
        expect(cosine(own.template, other.template)).toBeLessThan(settings.minSimilarity + settings.minMargin + 1e-6);
      }
      expect(elsewhere).not.toContain(own.personCode);
    }), { numRuns: 300 });
  });

  test('one more person in the gallery never turns a question into a name', () => {
    fc.assert(fc.property(people, look, (all, seen) => {
      const fewer = decide(all.slice(0, -1), [seen, seen, seen]);
      const more = decide(all, [seen, seen, seen]);
      const newcomer = (all.at(-1) as GalleryEntry).personCode;
      if (more.kind === 'identified' && more.personCode !== newcomer) expect(fewer).toMatchObject({ kind: 'identified', personCode: more.personCode });
    }), { numRuns: 200 });
  });
});

describe('the bound', () => {
  const many = Array.from({ length: 100 }, (_, person) => ({ personCode: `p${person}`, template: face(person, 0, 120) }));
  const bound = { ...settings, falseMatchPpm: 400, maxRiskPpm: 10_000 };
  const riskOf = (person: number, expected: readonly string[]): number => {
    const decision = decide(many, three(() => face(person, 0, 120)), bound, { expected: new Set(expected), elsewhere: new Set() });
    if (decision.kind !== 'identified' && decision.kind !== 'confirm') throw new Error('nobody was near');
    return decision.riskPpm;
  };

  test('is kept among the expected where the whole gallery is too large, and others are asked', () => {
    const expected = many.slice(0, 10).map((one) => one.personCode);
    expect(decide(many, three(() => face(3, 0, 120)), bound)).toMatchObject({ kind: 'confirm', reason: 'risk', riskPpm: 40_000 });
    const context = { expected: new Set(expected), elsewhere: new Set<string>() };
    expect(decide(many, three(() => face(3, 0, 120)), bound, context)).toMatchObject({ kind: 'identified', personCode: 'p3', riskPpm: 8_000 });
    expect(decide(many, three(() => face(50, 0, 120)), bound, context)).toMatchObject({ kind: 'confirm', reason: 'risk', personCodes: ['p50'] });
  });

  test('shares sum up to one however many are expected: a stranger gains nothing by the split', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), (known) => {
      const expected = many.slice(0, known).map((one) => one.personCode);
      const inside = known === 0 ? 0 : known / (riskOf(0, expected) / bound.falseMatchPpm);
      const outside = known === 100 ? 0 : (100 - known) / (riskOf(99, expected) / bound.falseMatchPpm);
      expect(inside + outside).toBeCloseTo(1, 6);
    }), { numRuns: 20 });
  });

  test('a measured tail lowers the risk of a nearer match only', () => {
    const measured = { ...bound, falseMatchTail: [{ similarity: 0.97, falseMatchPpm: 60 }, { similarity: 0.85, falseMatchPpm: 1 }] };
    expect(falseMatchPpmAt(measured, 0.95)).toBe(400);
    expect(falseMatchPpmAt(measured, 0.98)).toBe(60);
    expect(decide(many, three(() => face(3, 0, 120)), measured)).toMatchObject({ kind: 'identified', riskPpm: 6_000 });
    expect(decide(many, three(() => face(3, 0.3, 121)), measured)).toMatchObject({ kind: 'confirm', reason: 'risk', riskPpm: 40_000 });
  });
});

describe('rates of a site’s own people', () => {
  const strangers = Array.from({ length: 200 }, (_, person) => {
    const values = Float64Array.from({ length: 128 }, (__, at) => Math.sin((person + 1) * (at + 1) * 12.9898) * 43.5 % 1);
    return normalise(values);
  });

  test('never promise more than so many people can show', () => {
    const [low, high] = measureFalseMatches(strangers, [0.9, 0.99]);
    expect(low.falseMatchPpm).toBe(Math.ceil(3_000_000 / (200 * 199 / 2)));
    expect(high.falseMatchPpm).toBe(low.falseMatchPpm);
    expect(() => measureFalseMatches(strangers.slice(1), [0.9])).toThrow();
  });

  test('one confusable person weighs more than as many unrelated pairs', () => {
    const one = strangers.map((template, index) => (index > 0 && index <= 20 ? templateOf([strangers[0], strangers[0], strangers[0], strangers[0], strangers[0], template]) : template));
    const pairs = strangers.map((template, index) => (index % 2 === 1 && index < 40 ? templateOf([strangers[index - 1], strangers[index - 1], strangers[index - 1], template]) : template));
    const [clustered] = measureFalseMatches(one, [0.9]);
    const [scattered] = measureFalseMatches(pairs, [0.9]);
    expect(clustered.falseMatchPpm).toBeGreaterThan(scattered.falseMatchPpm);
  });

  test('fall with rising similarity', () => {
    const near = strangers.map((template, index) => templateOf([template, strangers[(index * 7) % 11], strangers[(index * 7) % 11]]));
    const rates = measureFalseMatches(near, [0.5, 0.7, 0.8, 0.9, 0.95]).map((point) => point.falseMatchPpm);
    expect([...rates].sort((a, b) => b - a)).toEqual(rates);
  });
});

describe('digits typed already', () => {
  const verify = (people: readonly GalleryEntry[], probe: UnitVector, chosen = settings): unknown => (
    verifyWithDigits(FaceIndex.of(people), [{ descriptor: probe, quality: 1 }], { ...chosen, framesNeeded: 1 })
  );

  test('let a match just above the threshold pass, and nobody below it', () => {
    expect(verify(gallery, face(10, 0.42))).toEqual({ personCode: 'p10', riskPpm: 1600 });
    expect(verify(gallery, face(10, 0.5))).toBeNull();
    expect(verify(gallery, face(10), { ...settings, maxRiskPpm: 1000 })).toBeNull();
  });

  test('never decide between two who both come near', () => {
    const twins = [{ personCode: 'elder', template: face(0, 0.05, 1) }, { personCode: 'younger', template: face(0, 0.05, 2) }];
    expect(verify(twins, face(0, 0.05, 1))).toBeNull();
    expect(verify([{ personCode: 'a', template: face(0) }, { personCode: 'b', template: face(0, 0.44, 2) }], face(0))).toBeNull();
  });
});
