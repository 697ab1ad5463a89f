import { decideRadius, DEFAULT_DELIVERY_SETTINGS, doorHours, doorTimes, type DepotReach, type RadiusQuestion } from '../../../src/domain/routing/index.js';

const reach = (id: string, travelS: number, hasCrew = true, kind: 'point' | 'kitchen' = 'point'): DepotReach => ({ depot: { kind, id }, travelS, hasCrew });
const ask = (given: Partial<RadiusQuestion>) =>
  decideRadius({ radiusS: 900, travelS: 1000, mustServe: true, otherPoints: [], kitchen: null, kitchenCar: null, ...given });

describe('home radius', () => {
  it('fifteen minutes to the second are inside, one more is not', () => {
    expect(ask({ travelS: 900, mustServe: false })).toEqual({ decision: 'inside' });
    expect(ask({ travelS: 901, mustServe: false })).toEqual({ decision: 'listed', missingMin: 1 });
  });

  it('others are listed with the minutes missing, even with another depot at hand', () => {
    expect(ask({ travelS: 1261, mustServe: false, otherPoints: [reach('near', 60)] })).toEqual({ decision: 'listed', missingMin: 7 });
  });

  it('who must be served gets the nearest other point with a crew', () => {
    const otherPoints = [reach('no-crew', 100, false), reach('far', 901), reach('b', 400), reach('a', 400), reach('c', 500)];
    expect(ask({ otherPoints, kitchen: reach('k', 10, true, 'kitchen') }))
      .toEqual({ decision: 'other-depot', depot: { kind: 'point', id: 'a' }, travelS: 400, missingMin: 2 });
  });

  it('else the kitchen within the radius, else its car at any distance', () => {
    const kitchen = reach('k', 800, true, 'kitchen');
    const kitchenCar = reach('k', 1500, true, 'kitchen');
    expect(ask({ kitchen, kitchenCar })).toMatchObject({ decision: 'kitchen', travelS: 800 });
    expect(ask({ kitchen: reach('k', 901, true, 'kitchen'), kitchenCar })).toMatchObject({ decision: 'kitchen-car', travelS: 1500 });
    expect(ask({ kitchen: reach('k', 800, false, 'kitchen'), kitchenCar })).toMatchObject({ decision: 'kitchen-car' });
  });

  it('with nobody able to go, the order is listed rather than promised', () => {
    expect(ask({ kitchenCar: reach('k', 100, false, 'kitchen') })).toEqual({ decision: 'listed', missingMin: 2 });
  });
});

describe('door times', () => {
  const at = (floor: number, hasLift: boolean, boxes = 1) => doorTimes({ floor, hasLift, boxes }, DEFAULT_DELIVERY_SETTINGS);

  it('the ground floor takes no climbing, stairs grow by floor, a lift does not', () => {
    expect(at(1, false)).toEqual({ climbS: 0, doorS: 60 });
    expect(at(6, false)).toEqual({ climbS: 60, doorS: 120 });
    expect(at(6, true)).toEqual({ climbS: 40, doorS: 100 });
    expect(at(18, true)).toEqual({ climbS: 40, doorS: 100 });
    expect(at(-1, false)).toEqual({ climbS: 12, doorS: 72 });
  });

  it('a second box for the same door costs little', () => {
    expect(at(1, false, 2)).toEqual({ climbS: 0, doorS: 75 });
  });
});

describe('delivery hours', () => {
  it('lie within the service of the point', () => {
    const lunch = (startMin: number, endMin: number) => doorHours('lunch', { startMin, endMin }, DEFAULT_DELIVERY_SETTINGS);
    expect(lunch(0, 1440)).toEqual({ fromMin: 630, toMin: 750 });
    expect(lunch(660, 720)).toEqual({ fromMin: 660, toMin: 720 });
  });
});
