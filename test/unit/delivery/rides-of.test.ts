import { ridesOf } from '../../../src/modules/dispatch/learn-from-crews.js';

const MIN = 60;
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 24, 2, 30) + minute * 60_000);
/** A door that was reached as planned; each house lies elsewhere. */
const door = (house: number, doorAtMin: number, given: Partial<Parameters<typeof ridesOf>[0][number]> = {}): Parameters<typeof ridesOf>[0][number] => ({
  tripId: 'trip', legPct: 100, seniorId: `senior-${house}-${doorAtMin}`, doorAtS: doorAtMin * MIN, climbS: 0, doorS: MIN, learntS: 0, windowStartS: 0,
  result: 'delivered', deviceAt: at(doorAtMin + 1), latitude: 30 + house / 100, longitude: 120, ...given,
});

describe('rides that crews have timed', () => {
  it('last from leaving one house to the door of the next', () => {
    expect(ridesOf([door(1, 10), door(2, 14)])).toEqual([{ seniorId: 'senior-2-14', travelS: 3 * MIN, doorS: MIN, gapS: 4 * MIN }]);
  });

  it('leave a house from its last door, however its doors were written', () => {
    // As one plan writes a building: each door at its time, each with the time of the whole building.
    const [together] = ridesOf([door(1, 10, { doorS: 3 * MIN }), door(1, 11, { doorS: 3 * MIN }), door(1, 12, { doorS: 3 * MIN }), door(2, 16)]);
    const [couple] = ridesOf([door(1, 10, { doorS: 3 * MIN, seniorId: 'a' }), door(1, 10, { doorS: 3 * MIN, seniorId: 'b' }), door(2, 16)]);
    const [apart] = ridesOf([door(1, 10), door(1, 11), door(1, 12), door(2, 16)]);
    expect(together.travelS).toBe(3 * MIN);
    expect(couple.travelS).toBe(3 * MIN);
    expect(apart.travelS).toBe(3 * MIN);
  });

  it('do not count where the crew went to another door of the trip in between', () => {
    expect(ridesOf([door(1, 10), door(2, 14), door(3, 18, { deviceAt: at(13) })])).toEqual([]);
  });

  it('do not lead from one trip to the next', () => {
    expect(ridesOf([door(1, 10), door(2, 14, { tripId: 'another' })])).toEqual([]);
  });
});
