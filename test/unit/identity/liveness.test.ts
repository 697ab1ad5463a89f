import fc from 'fast-check';
import { demandLiveness, headYaw, judgeMotion, judgeTurn, type FacePoint, type HeadFrame, type LivenessRisk } from '../../../src/domain/identity/index.js';

interface SolidPoint extends FacePoint { readonly z: number }

/** 68 points of a head 160 px wide, the nose 60 px before the ears. */
const head: SolidPoint[] = Array.from({ length: 68 }, (_, at) => {
  if (at >= 36 && at < 42) return { x: -32 + (at % 3) * 2, y: -20 + (at % 2) * 3, z: 30 };
  if (at >= 42 && at < 48) return { x: 28 + (at % 3) * 2, y: -20 + (at % 2) * 3, z: 30 };
  if (at >= 27 && at < 36) return { x: ((at % 3) - 1) * 3, y: -15 + (at - 27) * 4, z: 60 };
  if (at < 17) return { x: -80 + at * 10, y: 10 + 60 * Math.sin((at / 16) * Math.PI), z: 30 - 30 * Math.abs(at - 8) / 8 };
  return { x: -30 + (at % 10) * 6, y: 40 + (at % 4) * 3, z: 45 };
});

/** The head turned by `degrees` to the right of the picture, from straight ahead, seen from afar. */
const turned = (degrees: number): FacePoint[] => {
  const angle = (degrees * Math.PI) / 180;
  return head.map(({ x, y, z }) => ({ x: 320 + x * Math.cos(angle) + z * Math.sin(angle), y: 240 + y }));
};
/** A photo of the straight head, held in the hand: slanted, turned, shifted and scaled as a whole. */
const photo = (slant: number, roll: number, scale: number, shift: number): FacePoint[] => turned(0).map(({ x, y }) => {
  const [u, v] = [(x - 320) * Math.cos(slant), y - 240];
  return { x: 320 + shift + scale * (u * Math.cos(roll) - v * Math.sin(roll)), y: 240 + scale * (u * Math.sin(roll) + v * Math.cos(roll)) };
});
const film = (pictures: readonly FacePoint[][], stepMs = 120, fromMs = 1000): HeadFrame[] => pictures.map((landmarks, at) => ({ atMs: fromMs + at * stepMs, landmarks }));
const sweep = (degrees: number): FacePoint[][] => [0, 0, 0.3, 0.6, 0.8, 1].map((share) => turned(degrees * share));

test('yaw grows with the turn and changes sign with its side', () => {
  expect(Math.abs(headYaw(turned(0)))).toBeLessThan(0.05);
  expect(headYaw(turned(35))).toBeGreaterThan(0.25);
  expect(headYaw(turned(-35))).toBeLessThan(-0.25);
});

describe('a head turn', () => {
  test('is accepted the way that was asked, and only that way', () => {
    expect(judgeTurn(film(sweep(40)), 'right', 1000)).toBe('turned');
    expect(judgeTurn(film(sweep(-40)), 'left', 1000)).toBe('turned');
    expect(judgeTurn(film(sweep(-40)), 'right', 1000)).toBe('wrong-way');
  });

  test('is waited for, not for ever, and counts only after the question', () => {
    expect(judgeTurn(film([turned(0), turned(10)]), 'right', 1000)).toBe('waiting');
    expect(judgeTurn(film(sweep(40)), 'right', 5000)).toBe('waiting');
    expect(judgeTurn(film(sweep(40), 2000), 'right', 1000)).toBe('turned'); // ten seconds: a voice that speaks for four of them, and somebody of ninety
    expect(judgeTurn(film(sweep(40), 4000), 'right', 1000)).toBe('late');
  });

  test('is not a second picture held up, nor one that was turned from the start', () => {
    expect(judgeTurn(film([turned(0), turned(0), turned(40)]), 'right', 1000)).toBe('jumped');
    expect(judgeTurn(film([turned(40), turned(40)]), 'right', 1000)).toBe('jumped');
    expect(judgeTurn(film(sweep(40), 20), 'right', 1000)).toBe('jumped');
  });

  test('is never seen in a straight photo, however it is moved', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -0.6, max: 0.6, noNaN: true }), fc.double({ min: 0.6, max: 1.6, noNaN: true }), fc.integer({ min: -200, max: 200 })), { minLength: 2, maxLength: 12 }),
      fc.constantFrom('left' as const, 'right' as const),
      (moves, direction) => {
        expect(judgeTurn(film(moves.map((move) => photo(...move))), direction, 1000)).not.toBe('turned');
      },
    ), { numRuns: 100 });
  });
});

describe('motion across frames', () => {
  test('of a photo is never deep however it is held, of a turning head it is', () => {
    fc.assert(fc.property(fc.double({ min: 0.3, max: 1, noNaN: true }), fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: 0.7, max: 1.4, noNaN: true }), (slant, roll, scale) => {
      expect(judgeMotion(film([turned(0), photo(slant, roll, scale, 40)]))).not.toBe('deep');
    }), { numRuns: 50 });
    expect(judgeMotion(film([turned(0), photo(0.8, 0.2, 1.1, 40)]))).toBe('flat');
    expect(judgeMotion(film([turned(0), turned(12), turned(25)]))).toBe('deep');
  });

  test('says nothing about whoever holds still or walks past', () => {
    expect(judgeMotion([])).toBe('still');
    expect(judgeMotion(film([turned(0), photo(0, 0, 1, 90)]))).toBe('still');
  });
});

describe('what is asked for', () => {
  const calm: LivenessRisk = { riskPpm: 400, maxRiskPpm: 50_000, motion: 'deep', antiSpoof: null, doubtsToday: 0 };

  test.each([
    ['nothing of most people', {}, 'none'],
    ['nothing of somebody who holds still', { motion: 'still' as const }, 'none'],
    ['a turn where a flat picture moves', { motion: 'flat' as const }, 'turn'],
    ['a turn after a doubt', { doubtsToday: 1 }, 'turn'],
    ['a turn where a model suspects a picture', { antiSpoof: 0.2 }, 'turn'],
    ['nothing near the bound: a turn says nothing about who it is', { riskPpm: 30_000 }, 'none'],
    ['a second factor above the bound', { riskPpm: 50_001 }, 'second-factor'],
    ['a second factor after three doubts, however live it looks', { doubtsToday: 3, antiSpoof: 1 }, 'second-factor'],
  ] as const)('%s', (_, changes, demand) => {
    expect(demandLiveness({ ...calm, ...changes })).toBe(demand);
  });

  test('a high score of a model never lowers the demand', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom('still' as const, 'flat' as const, 'deep' as const), fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), (riskPpm, motion, doubtsToday, antiSpoof) => {
      const order = ['none', 'turn', 'second-factor'];
      const without = demandLiveness({ ...calm, riskPpm, motion, doubtsToday });
      expect(order.indexOf(demandLiveness({ ...calm, riskPpm, motion, doubtsToday, antiSpoof }))).toBeGreaterThanOrEqual(order.indexOf(without));
    }), { numRuns: 100 });
  });
});
