import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import wabt from 'wabt';
import { FaceIndex, normalise, type GalleryEntry, type UnitVector } from '../../../src/domain/identity/index.js';
import { SIFT_BYTES } from '../../../src/domain/identity/search/sift-bytes.js';

/** Deterministic numbers in -1..1. */
function numbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Faces of one embedder lie near each other: `spread` 0 makes all the same, 1 nearly unrelated ones. */
function crowd(size: number, seed: number, spread = 0.5): GalleryEntry[] {
  const next = numbers(seed);
  const middle = Array.from({ length: 128 }, next);
  return Array.from({ length: size }, (_, index) => ({
    personCode: `p${String(index).padStart(6, '0')}`,
    template: normalise(middle.map((value) => (1 - spread) * value + spread * next())),
  }));
}

/** The same question asked row by row. */
function plainly(entries: readonly GalleryEntry[], probe: UnitVector, count: number): { personCode: string; similarity: number }[] {
  return entries
    .map(({ personCode, template }) => ({ personCode, similarity: template.reduce((sum, value, at) => sum + value * (probe[at]), 0) }))
    .sort((a, b) => b.similarity - a.similarity || (a.personCode < b.personCode ? -1 : 1))
    .slice(0, count);
}

test('the assembled bytes are those of the source', async () => {
  const assembler = await wabt();
  const source = readFileSync(path.resolve(__dirname, '../../../src/domain/identity/search/sift.wat'), 'utf8');
  const assembled = assembler.parseWat('sift.wat', source, { simd: true });
  assembled.validate();
  expect(Buffer.from(assembled.toBinary({}).buffer).toString('base64')).toBe(SIFT_BYTES);
});

describe('the search', () => {
  test('gives bit for bit what comparing row by row gives, for any gallery, probe and number wanted', () => {
    fc.assert(fc.property(
      fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(0.001, 0.05, 0.5, 1), fc.integer({ min: 1, max: 40 }),
      (size, seed, spread, count) => {
        const entries = crowd(size, seed, spread);
        const [probe] = crowd(1, seed + 1, spread) as [GalleryEntry];
        const expected = plainly(entries, probe.template, count);
        expect(FaceIndex.of(entries, 1).nearest(probe.template, count)).toEqual(expected);
        expect(FaceIndex.of(entries, Infinity).nearest(probe.template, count)).toEqual(expected);
      },
    ), { numRuns: 25 });
  });

  test('keeps exact ties, in the order of person codes, whatever the order of the gallery', () => {
    const [one, two] = crowd(2, 5) as [GalleryEntry, GalleryEntry];
    const entries = Array.from({ length: 900 }, (_, index) => ({
      personCode: `p${String(index).padStart(6, '0')}`, template: index % 3 === 0 ? one.template : two.template,
    }));
    const expected = plainly(entries, one.template, 7);
    expect(expected.map(({ personCode }) => personCode)).toEqual([0, 3, 6, 9, 12, 15, 18].map((index) => `p${String(index).padStart(6, '0')}`));
    expect(FaceIndex.of(entries, 1).nearest(one.template, 7)).toEqual(expected);
    expect(FaceIndex.of([...entries].reverse(), 1).nearest(one.template, 7)).toEqual(expected);
    expect(FaceIndex.of(entries, 1).atLeast(one.template, 0.999)).toHaveLength(300);
  });

  test('survives numbers that rounding treats worst: one large value, all small, opposite signs', () => {
    const shapes: UnitVector[] = [
      normalise(Float32Array.from({ length: 128 }, (_, at) => (at === 3 ? 1 : 1e-7))),
      normalise(new Float32Array(128).fill(-1)),
      normalise(Float32Array.from({ length: 128 }, (_, at) => (at % 2 === 0 ? 1e-20 : -1e-20) * (1 + at))),
    ];
    const entries = shapes.flatMap((template, shape) => Array.from({ length: 200 }, (_, index) => ({
      personCode: `${shape}-${String(index).padStart(3, '0')}`,
      template: normalise(template.map((value, at) => value * (1 + (index * (at % 5)) / 1e4))),
    })));
    const index = FaceIndex.of(entries, 1);
    for (const probe of shapes) expect(index.nearest(probe, 12)).toEqual(plainly(entries, probe, 12));
  });

  test('finds who is near enough however many they are, and nobody in an empty gallery', () => {
    const entries = crowd(600, 9, 0.2);
    const probe = (entries[17]).template;
    const expected = plainly(entries, probe, 600);
    const floor = (expected[99] as { similarity: number }).similarity;
    expect(FaceIndex.of(entries, 1).atLeast(probe, floor)).toEqual(expected.slice(0, 100));
    expect(FaceIndex.of([]).nearest(probe, 3)).toEqual([]);
    expect(FaceIndex.of([]).atLeast(probe, -1)).toEqual([]);
  });

  test('gives a template back by its person, and refuses another model', () => {
    const entries = crowd(40, 3);
    const index = FaceIndex.of(entries);
    expect(index.templateOf('p000012')).toEqual((entries[12]).template);
    expect(index.templateOf('nobody')).toBeNull();
    expect(() => index.nearest(Float32Array.of(1, 0) as UnitVector, 1)).toThrow();
  });
});
