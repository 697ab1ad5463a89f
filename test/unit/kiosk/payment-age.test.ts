import { mayRepeat, REPEAT_WITHIN_MS } from '../../../kiosk/src/device/payment-age.js';

const START = 1_795_489_200_000;

describe('a payment without an answer', () => {
  it('may be sent again while the person can still stand there', () => {
    for (const ageMs of [0, 1, 60_000, REPEAT_WITHIN_MS - 1]) expect(mayRepeat(START, START + ageMs)).toBe(true);
  });

  it('is only asked about from two minutes on, however old', () => {
    for (const ageMs of [REPEAT_WITHIN_MS, 180_000, 86_400_000, 400 * 86_400_000]) expect(mayRepeat(START, START + ageMs)).toBe(false);
  });

  it('bears clocks that differ by seconds, and distrusts a payment of the future', () => {
    expect(mayRepeat(START, START - 4_000)).toBe(true);
    expect(mayRepeat(START, START - 60_000)).toBe(false);
    expect(mayRepeat(Number.NaN, START)).toBe(false);
  });
});
