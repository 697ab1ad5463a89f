import fc from 'fast-check';
import { decideSecondWave, livePoint, portionsFor, proposeTransfers, remainingDemand, shareByMinute } from '../../../src/domain/kitchen/index.js';

const point = (pointId: string, leftPortions: number, mean: number, spread = Math.sqrt(mean)) => ({ pointId, leftPortions, remaining: { mean, spread } });

describe('what is still to come', () => {
  it('is the rest of the expectation while sales run as expected, more when they run ahead, less when they lag', () => {
    const asked = { expected: 100, relativeSpread: 0.3, share: 0.5 };
    expect(remainingDemand({ ...asked, sold: 50 }).mean).toBeCloseTo(50);
    const ahead = remainingDemand({ ...asked, sold: 70 }).mean;
    expect(ahead).toBeGreaterThan(64);
    expect(ahead).toBeLessThan(70); // a morning that was unsure follows the sales, not wholly
    expect(remainingDemand({ ...asked, sold: 20 }).mean).toBeLessThan(30);
    expect(remainingDemand({ ...asked, relativeSpread: 0.05, sold: 70 }).mean).toBeLessThan(56);
  });

  it('takes a sold-out counter as the least that was asked for', () => {
    const asked = { expected: 100, relativeSpread: 0.3, sold: 30, share: 0.5 };
    expect(remainingDemand({ ...asked, soldOut: true }).mean).toBeCloseTo(50);
    expect(remainingDemand(asked).mean).toBeLessThan(40);
  });

  it('ends with the day and never asks for less than nothing', () => {
    fc.assert(fc.property(fc.nat(500), fc.nat(500), fc.float({ min: 0, max: 1, noNaN: true }), (expected, sold, share) => {
      const remaining = remainingDemand({ expected, relativeSpread: 0.25, sold, share });
      expect(remaining.mean).toBeGreaterThanOrEqual(0);
      expect(portionsFor(remaining, 0.9)).toBeGreaterThanOrEqual(0);
    }));
    expect(remainingDemand({ expected: 100, relativeSpread: 0.3, sold: 50, share: 0.5, shareUntil: 0.7 }).mean).toBeCloseTo(20);
    expect(portionsFor(remainingDemand({ expected: 80, relativeSpread: 0.3, sold: 90, share: 1 }), 0.95)).toBe(0);
  });

  it('learns the course of a lunch from when meals were sold', () => {
    const share = shareByMinute([640, 650, 660, 700]);
    expect([600, 650, 700].map(share)).toEqual([0, 0.5, 1]);
  });
});

describe('a counter at this minute', () => {
  // 80 expected, 30 of them boxes that left at 10:45, when 2 % of the walk-ins have come; 50 portions are there.
  const now = { pointId: '1', expectedWalkIns: 50, relativeSpread: 0.3, soldToWalkIns: 1, there: 50, openOrders: 0, soldOut: false };

  it('expects no rush because crates left: only people without an order move the expectation', () => {
    const { leftPortions, remaining } = livePoint(now, 0.02);
    expect(remaining.mean).toBeGreaterThan(47);
    expect(remaining.mean).toBeLessThan(53);
    expect(leftPortions).toBe(50);
    expect(remainingDemand({ expected: 80, relativeSpread: 0.3, sold: 31, share: 0.02 }).mean).toBeGreaterThan(200); // boxes taken for walk-ins
  });

  it('sets aside what is ordered', () => expect(livePoint({ ...now, openOrders: 12 }, 0.02).leftPortions).toBe(38));
});

describe('the second wave', () => {
  it('cooks what all lack together, for those who lack most', () => {
    const { portions, byPoint } = decideSecondWave([point('1', 5, 25), point('2', 40, 20), point('3', 0, 15)], 0.5);
    expect(portions).toBe(15);
    expect(byPoint.map(({ pointId }) => pointId).sort()).toEqual(['1', '3']);
    expect(byPoint.reduce((sum, one) => sum + one.portions, 0)).toBe(15);
  });

  it('cooks nothing where enough is there', () => expect(decideSecondWave([point('1', 30, 20)], 0.9)).toEqual({ portions: 0, byPoint: [] }));
});

describe('transfers of the last minutes', () => {
  it('moves what one will not sell to where it is missing', () => {
    expect(proposeTransfers([point('12', 40, 6), point('3', 2, 12), point('9', 0, 6)], 0.9)).toEqual([
      { fromPointId: '12', toPointId: '3', portions: 10 }, { fromPointId: '12', toPointId: '9', portions: 6 },
    ]);
  });

  it('takes from nobody what it needs itself', () => {
    const points = fc.array(fc.record({ pointId: fc.uuid(), leftPortions: fc.nat(60), remaining: fc.record({ mean: fc.nat(40), spread: fc.nat(8) }) }), { maxLength: 14 });
    fc.assert(fc.property(points, (all) => {
      for (const { pointId, leftPortions, remaining } of all) {
        const moved = proposeTransfers(all, 0.9).filter(({ fromPointId }) => fromPointId === pointId).reduce((sum, { portions }) => sum + portions, 0);
        expect(moved === 0 || leftPortions - moved >= portionsFor(remaining, 0.9)).toBe(true);
      }
    }));
  });
});
