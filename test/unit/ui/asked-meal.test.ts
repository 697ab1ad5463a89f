import { askedMeal } from '../../../console/src/parts/asked-meal.js';

describe('the meal that an address asks for', () => {
  it.each([['dinner', 'dinner'], ['breakfast', 'breakfast'], ['lunch', 'lunch'], [undefined, 'lunch'], ['supper', 'lunch'], [['dinner'], 'lunch']])('is for %j %s', (asked, meal) => {
    expect(askedMeal(asked)).toBe(meal);
  });
});
