import fc from 'fast-check';
import { impossibleDoors, type ServedDoor } from '../../../src/domain/delivery/index.js';

const at = (...seconds: number[]): ServedDoor[] => seconds.map((second, index) => ({ stopId: `stop-${String(index).padStart(2, '0')}`, seniorId: `senior-${index}`, at: second * 1000 }));

describe('doors that cannot all have been served', () => {
  it('are the whole span from the first to the last, not those from the tenth on', () => {
    expect(impossibleDoors(at(0, 5, 10, 15, 20, 25, 30, 35, 40, 45), 10, 60_000)).toHaveLength(10);
    expect(impossibleDoors(at(0, 5, 10, 15, 20, 25, 30, 35, 40), 10, 60_000)).toEqual([]);
  });

  it('leave out what lies before and behind the span', () => {
    const doors = at(0, 300, 305, 310, 315, 320, 325, 330, 335, 340, 345, 700);
    expect(impossibleDoors(doors, 10, 60_000)).toEqual(doors.slice(1, 11).map(({ stopId }) => stopId));
  });

  it('count people: a couple’s two meals are one door', () => {
    const doors = at(0, 5, 10, 15, 20, 25, 30, 35, 40, 45).map((door, index) => ({ ...door, seniorId: index === 9 ? 'senior-0' : door.seniorId }));
    expect(impossibleDoors(doors, 10, 60_000)).toEqual([]);
  });

  it('are exactly those that a slow look at every span finds, in whatever order they arrive', () => {
    const doorsOf = fc.array(fc.record({ second: fc.integer({ min: 0, max: 400 }), senior: fc.integer({ min: 0, max: 30 }) }), { maxLength: 40 })
      .map((all): ServedDoor[] => all.map(({ second, senior }, index) => ({ stopId: `stop-${String(index).padStart(2, '0')}`, seniorId: `s${senior}`, at: second * 1000 })));
    fc.assert(fc.property(doorsOf, fc.integer({ min: 2, max: 8 }), fc.integer({ min: 10, max: 120 }), (doors, most, withinS) => {
      const slow = doors.filter((door) => doors.some((begin) => {
        const span = doors.filter((one) => one.at >= begin.at && one.at <= begin.at + withinS * 1000);
        return span.includes(door) && new Set(span.map(({ seniorId }) => seniorId)).size >= most;
      })).map(({ stopId }) => stopId);
      expect([...impossibleDoors(doors.toReversed(), most, withinS * 1000)].sort()).toEqual(slow.sort());
    }));
  });
});
