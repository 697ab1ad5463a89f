import { fromGcj02, toGcj02 } from '../../../src/infra/maps/gcj02.js';

const METRES_A_DEGREE = 111_195;

describe('the datum of Chinese maps', () => {
  it('lies some 500 metres beside ours at Hangzhou, and comes back to within a metre', () => {
    const door = { latitude: 30.31, longitude: 120.35 };
    const shifted = toGcj02(door);
    const shiftM = Math.hypot((shifted.latitude - door.latitude) * METRES_A_DEGREE, (shifted.longitude - door.longitude) * METRES_A_DEGREE * Math.cos(door.latitude * Math.PI / 180));
    expect(shiftM).toBeGreaterThan(400);
    expect(shiftM).toBeLessThan(600);
    const back = fromGcj02(shifted);
    expect(Math.abs(back.latitude - door.latitude) * METRES_A_DEGREE).toBeLessThan(1);
    expect(Math.abs(back.longitude - door.longitude) * METRES_A_DEGREE).toBeLessThan(1);
  });

  it('is ours outside of China', () => {
    expect(toGcj02({ latitude: 48.2, longitude: 16.37 })).toEqual({ latitude: 48.2, longitude: 16.37 });
  });
});
