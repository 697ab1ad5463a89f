import fc from 'fast-check';
import { COOKING_QUANTILES, cookingQuantiles, steeredQuantile } from '../../../src/domain/kitchen/index.js';

describe('what goes with a share of days', () => {
  it('is the default at the default share, and lets a sparing kitchen run out without steering it back', () => {
    expect(cookingQuantiles(0.9)).toEqual(COOKING_QUANTILES);
    const sparing = cookingQuantiles(0.69);
    expect([sparing.first, sparing.second, sparing.keep, sparing.aimedRunOuts].map((one) => Math.round(one * 1e9) / 1e9)).toEqual([0.69, 0.6, 0.65, 0.58]);
  });

  it('moves one way with the share, within bounds', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 0.97, noNaN: true }), (share) => {
      const [less, more] = [cookingQuantiles(share), cookingQuantiles(share + 0.01)];
      expect(more.second).toBeGreaterThanOrEqual(less.second);
      expect(more.keep).toBeGreaterThanOrEqual(less.keep);
      expect(more.aimedRunOuts).toBeLessThanOrEqual(less.aimedRunOuts);
      for (const one of [less.second, less.keep, less.aimedRunOuts]) expect(one > 0 && one < 1).toBe(true);
    }));
  });
});

describe('a cooking quantile steered by its outcome', () => {
  it('stays where as many ran out as were meant to, and where too little is known', () => {
    expect(steeredQuantile(0.8, 0.2, { cells: 400, runOuts: 80 }, 84)).toBeCloseTo(0.8, 12);
    expect(steeredQuantile(0.8, 0.2, { cells: 83, runOuts: 83 }, 84)).toBe(0.8);
    expect(steeredQuantile(0.8, 0.2, { cells: 0, runOuts: 0 }, 0)).toBe(0.8);
  });

  it('cooks more after run-outs: twice as many as meant, from 0.8 to 1 / (1 + e^-(ln 4 + 0.5))', () => {
    expect(steeredQuantile(0.8, 0.2, { cells: 400, runOuts: 160 }, 84)).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(4) + 0.5))), 12);
    expect(steeredQuantile(0.8, 0.2, { cells: 400, runOuts: 0 }, 84)).toBeLessThan(0.8);
  });

  it('cooks less after waste beyond one in twenty: 15 % thrown away move 0.8 to 1 / (1 + e^-(ln 4 - 0.5)), 4 % nothing', () => {
    const lately = { cells: 400, runOuts: 80, arrived: 1_000 };
    expect(steeredQuantile(0.8, 0.2, { ...lately, unserved: 150 }, 84)).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(4) - 0.5))), 12);
    expect(steeredQuantile(0.8, 0.2, { ...lately, unserved: 40 }, 84)).toBeCloseTo(0.8, 12);
    // Both too many run out and too much is thrown away: 0.5 up for the run-outs, 0.5 down for the waste.
    expect(steeredQuantile(0.8, 0.2, { ...lately, runOuts: 160, unserved: 150 }, 84)).toBeCloseTo(0.8, 12);
  });

  it('grows with run-outs, stays a share, and never moves further than one in log-odds', () => {
    fc.assert(fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 100, max: 1_000 }), fc.nat(100), (quantile, aimed, cells, runOuts) => {
      const odds = (share: number): number => Math.log(share / (1 - share));
      const now = steeredQuantile(quantile, aimed, { cells, runOuts }, 84);
      const more = steeredQuantile(quantile, aimed, { cells, runOuts: runOuts + 1 }, 84);
      expect(now).toBeGreaterThan(0);
      expect(now).toBeLessThan(1);
      expect(more).toBeGreaterThanOrEqual(now - 1e-12);
      expect(Math.abs(odds(now) - odds(quantile))).toBeLessThanOrEqual(1 + 1e-9);
    }));
  });
});
