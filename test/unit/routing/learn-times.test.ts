import fc from 'fast-check';
import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';
import { LEARNING, learnTimes, type TimedRide } from '../../../src/domain/routing/index.js';

const ride = fc.record({
  seniorId: fc.constantFrom('a', 'b', 'c', 'd'), travelS: fc.integer({ min: 0, max: 1_200 }), doorS: fc.integer({ min: 0, max: 400 }), gapS: fc.integer({ min: -500, max: 9_000 }),
});
const wild = fc.oneof(ride, fc.record({ seniorId: fc.constant('a'), travelS: fc.double(), doorS: fc.double(), gapS: fc.double() }));

/** Rides of a street where riding takes `pct` of the map and one door keeps the crew; every tenth crew chats. */
function street(seed: number, pct: number, slowS: number, rides = 400): TimedRide[] {
  const random = new SeededRandom(String(seed));
  return Array.from({ length: rides }, (_, index) => {
    const seniorId = `s${index % 20}`;
    const travelS = 60 + random.int(0, 239);
    const noiseS = random.int(-10, 10);
    const chatS = (index * 3 + Math.floor(index / 20)) % 10 === 3 ? 600 + random.int(0, 899) : 0;
    return { seniorId, travelS, doorS: 80, gapS: Math.round((travelS * pct) / 100) + 80 + (seniorId === 's7' ? slowS : 0) + noiseS + chatS };
  });
}

describe('learning from the crews’ own times', () => {
  it('knows nothing without rides, and little with few', () => {
    expect(learnTimes([])).toEqual({ legPct: 100, legObservations: 0, doors: [] });
    expect(learnTimes([{ seniorId: 'a', travelS: 100, doorS: 60, gapS: 260 }])).toEqual({ legPct: 105, legObservations: 1, doors: [] });
  });

  it.each([[1, 130, 120], [2, 85, 0], [3, 100, 200], [4, 160, 60]])('finds what was true though every tenth crew stopped to talk (seed %i)', (seed, pct, slowS) => {
    const { legPct, doors } = learnTimes(street(seed, pct, slowS));
    expect(Math.abs(legPct - pct)).toBeLessThanOrEqual(3 + pct * 0.05);
    const slow = doors.find((door) => door.seniorId === 's7');
    expect(Math.abs((slow?.extraS ?? 0) - slowS * (20 / (20 + LEARNING.doorWeight)))).toBeLessThanOrEqual(15);
    for (const door of doors.filter((one) => one.seniorId !== 's7')) expect(Math.abs(door.extraS)).toBeLessThanOrEqual(20);
    expect(doors.map((door) => door.observations)).toEqual(doors.map(() => 20));
  });

  it('never leaves its bounds and never answers anything but whole numbers, whatever the phones say', () => {
    fc.assert(fc.property(fc.array(wild, { maxLength: 60 }), (rides) => {
      const { legPct, doors, legObservations } = learnTimes(rides);
      expect(Number.isInteger(legPct) && legPct >= LEARNING.legPctMin && legPct <= LEARNING.legPctMax).toBe(true);
      expect(legObservations).toBeLessThanOrEqual(rides.length);
      for (const door of doors) {
        expect(Number.isInteger(door.extraS) && door.extraS >= LEARNING.extraMinS && door.extraS <= LEARNING.extraMaxS).toBe(true);
        expect(Number.isInteger(door.spreadS) && door.spreadS >= 0).toBe(true);
        expect(door.observations).toBeGreaterThanOrEqual(LEARNING.doorRides);
      }
    }));
  });

  it('answers the same in any order', () => {
    fc.assert(fc.property(fc.array(ride, { maxLength: 60 }), fc.integer(), (rides, seed) => {
      const random = new SeededRandom(String(seed));
      const shuffled = rides.map((one) => ({ one, key: random.int(0, 1_000_000) })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      expect(learnTimes(shuffled)).toEqual(learnTimes(rides));
    }));
  });

  it('is not moved beyond its neighbours by one ride that went wrong', () => {
    fc.assert(fc.property(fc.integer({ min: 5, max: 15 }), fc.integer({ min: LEARNING.gapMinS, max: LEARNING.gapMaxS }), (count, gapS) => {
      // Legs too short to say anything about riding: the door alone is learnt.
      const honest = Array.from({ length: count }, (_, index) => ({ seniorId: 'a', travelS: 20, doorS: 60, gapS: 100 + index }));
      const [door] = learnTimes([...honest, { seniorId: 'a', travelS: 20, doorS: 60, gapS }]).doors;
      const drawn = (count + 1) / (count + 1 + LEARNING.doorWeight);
      expect(door?.extraS).toBeGreaterThanOrEqual(Math.floor(20 * drawn));
      expect(door?.extraS).toBeLessThanOrEqual(Math.ceil((20 + count) * drawn));
    }));
  });
});
