import fc from 'fast-check';
import { buildingTimes, consequencesOf, DEFAULT_DELIVERY_SETTINGS, doorTimes, isClean, placeStops, planRoutes, retime, type RouteProblem, type StandingTrip } from '../../../src/domain/routing/index.js';
import { crew, problem, roadOfMinutes, stop } from './instances.js';

const standing = (given: RouteProblem): StandingTrip[] => planRoutes(given, { seed: 1, stop: { attempts: 2 } }).trips.map((trip, index) => ({
  key: `t${index}`, crewId: trip.crewId, stopIds: trip.visits.map((visit) => visit.stopId), fixed: false, departS: trip.departS, backS: trip.backS,
}));
const lunch = (minutes: readonly number[]): RouteProblem =>
  problem(roadOfMinutes([...minutes]), minutes.map((_, index) => stop(index + 1, { doorS: 60 })), [crew('a'), crew('b')]);

describe('a plan is changed on the day', () => {
  it('whatever is put in keeps every limit, nobody who was there is lost, and fixed trips stay as they are', () => {
    fc.assert(fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }).filter((minute) => minute !== 0), { minLength: 3, maxLength: 8 }), fc.nat(2), fc.boolean(),
      (minutes, extra, freeze) => {
        const given = lunch(minutes);
        const ids = given.stops.map((one) => one.id);
        const added = ids.slice(0, extra);
        const known = { ...given, stops: given.stops.filter((one) => !added.includes(one.id)) };
        const before = standing(known).map((trip, index) => ({ ...trip, fixed: freeze && index === 0 }));
        const { trips, left } = placeStops(given, before, added, 0);
        const timed = retime(given, trips, 0);
        expect(isClean(consequencesOf(given, timed))).toBe(true);
        const served = trips.flatMap((trip) => trip.stopIds);
        expect(new Set(served).size).toBe(served.length);
        expect([...served, ...left].sort()).toEqual([...before.flatMap((trip) => trip.stopIds), ...added].sort());
        for (const trip of before.filter((one) => one.fixed)) expect(trips.find((one) => one.key === trip.key)).toEqual(trip);
      },
    ), { numRuns: 40 });
  });

  it('says who becomes late when a door is put before them, and that an unknown face comes', () => {
    const given = problem(roadOfMinutes([2, 12]), [stop(1, { doorS: 900 }), stop(2, { knownCrewId: 'b' })], [crew('a'), crew('b')]);
    const trip = { key: 't', crewId: 'a', stopIds: ['door-1', 'door-2'], fixed: false, departS: 38_000, backS: 40_000 };
    const found = consequencesOf(given, retime(given, [trip], 0));
    expect(found).toMatchObject({ stale: ['door-2'], strangers: ['door-2'], late: [] });
    expect(isClean(found)).toBe(false);
  });

  it('a building is climbed once: two doors of it take less than twice one, and one door is as it was', () => {
    const settings = DEFAULT_DELIVERY_SETTINGS;
    fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), fc.boolean(), fc.integer({ min: 1, max: 3 }), (floor, hasLift, boxes) => {
      const one = buildingTimes([{ floor, hasLift, boxes, extraS: 0 }], settings);
      expect(one).toMatchObject(doorTimes({ floor, hasLift, boxes }, settings));
      const two = buildingTimes([{ floor, hasLift, boxes, extraS: 0 }, { floor, hasLift, boxes, extraS: 0 }], settings);
      expect(two.climbS + two.doorS).toBeLessThan(2 * (one.climbS + one.doorS));
      expect(two.afterS[1]).toBe(one.doorS - one.climbS);
    }));
  });
});
