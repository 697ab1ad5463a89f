import fc from 'fast-check';
import { buildingTimes, DEFAULT_DELIVERY_SETTINGS, inOneGo, retime, verifySheet, type RouteProblem, type RouteStop, type SheetTrip } from '../../../src/domain/routing/index.js';
import { crew, problem, roadOfMinutes, stop } from './instances.js';

const settings = DEFAULT_DELIVERY_SETTINGS;
const flat = (id: number, place: number, floor: number, hasLift: boolean): RouteStop => {
  const { climbS, doorS } = buildingTimes([{ floor, hasLift, boxes: 1, extraS: 0 }], settings);
  return { ...stop(id, { climbS, doorS, place, freshnessS: 7_200 }), building: { key: `house-${place}`, floor, hasLift, goBoxes: 3, stairs: settings } };
};
const house = fc.array(fc.record({ floor: fc.integer({ min: -1, max: 12 }).filter((floor) => floor !== 0), hasLift: fc.boolean() }), { minLength: 1, maxLength: 3 });
/** Doors of two houses, one after the other, as a change of the plan times them. */
const ridden = (first: { floor: number; hasLift: boolean }[], second: { floor: number; hasLift: boolean }[]): { given: RouteProblem; sheet: SheetTrip } => {
  const stops = [...first.map((door, index) => flat(index + 1, 1, door.floor, door.hasLift)), ...second.map((door, index) => flat(first.length + index + 1, 2, door.floor, door.hasLift))];
  const given = problem(roadOfMinutes([2, 5]), stops, [crew('a')]);
  const [trip] = retime(given, [{ key: 't', crewId: 'a', stopIds: stops.map((one) => one.id), fixed: false, departS: 38_000, backS: 38_000 }], 0);
  return { given, sheet: { ...trip, doors: trip.stopIds.map((stopId, index) => ({ stopId, doorAtS: trip.doorAtS[index] })) } };
};
const rules = (given: RouteProblem, sheet: SheetTrip): string[] => [...new Set(verifySheet(given, [sheet]).map((one) => one.rule))].sort();

describe('doors of a building that follow each other', () => {
  it('take together what the building takes in one go', () => {
    fc.assert(fc.property(house, (doors) => {
      const whole = buildingTimes(doors.map((door) => ({ ...door, boxes: 1, extraS: 0 })), settings);
      const joined = inOneGo(doors.map((door, index) => flat(index + 1, 1, door.floor, door.hasLift)));
      expect(joined[0].climbS).toBe(whole.climbS);
      expect(joined.reduce((sum, door, index) => sum + door.doorS + (index === 0 ? 0 : door.climbS), 0)).toBe(whole.doorS);
    }));
  });

  it('are two goes where one cannot carry them', () => {
    const doors = [1, 2, 3, 4].map((id) => flat(id, 1, 6, false));
    const joined = inOneGo(doors);
    expect(joined[3]).toEqual(doors[3]);
    expect(joined[2].doorS).toBe(doors[2].doorS);
  });
});

describe('a sheet is reckoned again before it is printed', () => {
  it('and agrees with what a change of the plan timed', () => {
    fc.assert(fc.property(house, house, (first, second) => {
      const { given, sheet } = ridden(first, second);
      expect(verifySheet(given, [sheet])).toEqual([]);
    }));
  });

  it('and says which rule each planted mistake breaks', () => {
    const { given, sheet } = ridden([{ floor: 6, hasLift: false }, { floor: 6, hasLift: false }], [{ floor: 1, hasLift: true }]);
    const doors = sheet.doors;
    const later = (index: number, seconds: number) => doors.map((door, at) => (at === index ? { ...door, doorAtS: door.doorAtS + seconds } : door));
    expect(rules(given, { ...sheet, doors: later(1, 30) })).toEqual(['door-time']);
    expect(rules(given, { ...sheet, backS: sheet.backS - 60 })).toEqual(['back-time']);
    expect(rules(given, { ...sheet, boxes: 2 })).toEqual(['totals']);
    expect(rules(given, { ...sheet, crewId: 'b' })).toEqual(['unknown-crew']);
    expect(rules(given, { ...sheet, doors: [...doors, { ...doors[0] }] })).toContain('stop-twice');
    const tight = { ...given, stops: given.stops.map((one, index) => (index === 2 ? { ...one, freshnessS: 60, windowEndS: one.windowStartS, needs: ['dialect'] } : one)) };
    expect(rules(tight, sheet)).toEqual(['freshness', 'skill', 'window']);
    expect(rules({ ...given, crews: [{ ...given.crews[0], capacityBoxes: 1, shiftEndS: sheet.departS }] }, sheet)).toEqual(['capacity', 'shift']);
  });
});
