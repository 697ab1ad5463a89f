import { servedNowOrNext } from '../../../src/domain/kernel/meal-period.js';

describe('the meal of a minute', () => {
  const services = [{ period: 'dinner', endMin: 1110 }, { period: 'lunch', endMin: 780 }, { period: 'lunch', endMin: 810 }, { period: 'breakfast', endMin: 540 }] as const;

  it.each([[300, 'breakfast'], [539, 'breakfast'], [540, 'lunch'], [809, 'lunch'], [810, 'dinner'], [1400, 'dinner']])('is at minute %i the one served now or next: %s', (minute, period) => {
    expect(servedNowOrNext(services, minute)).toBe(period);
  });

  it('is lunch where nothing is served', () => expect(servedNowOrNext([], 600)).toBe('lunch'));
});
