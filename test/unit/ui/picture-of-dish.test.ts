import { DISH_PICTURES } from '../../../src/contract/kiosk.js';
import { bowlOf } from '../../../ui/pictures/bowls.js';
import { pictureOfDish, trayOf } from '../../../ui/pictures/picture-of-dish.js';

test.each([
  ['白切鸡', 'chicken'], ['肉末豆腐', 'tofu'], ['紫菜蛋花汤', 'soup'], ['软米饭', 'rice'], ['黄瓜炒虾仁', 'shrimp'], ['清蒸鳕鱼泥', 'fish'],
  ['番茄炒蛋', 'egg'], ['手撕包菜', 'greens'], ['油焖茄子', 'melon'], ['红烧肉', 'pork'], ['萝卜丝汤', 'soup'], ['月光', 'other'],
])('%s looks like %s', (name, picture) => {
  expect(pictureOfDish({ name, picture: '' })).toBe(picture);
});

test('what was entered wins over the name', () => {
  expect(pictureOfDish({ name: '红烧肉', picture: 'fish' })).toBe('fish');
});

test('a tray shows the main dish first and keeps room for soup and rice', () => {
  const dishes = ['米饭', '紫菜蛋花汤', '油焖茄子', '手撕包菜', '红烧肉'].map((name) => ({ name, picture: '' }));
  expect(trayOf(dishes)).toEqual(['pork', 'greens', 'soup', 'rice']);
  expect(trayOf(dishes.slice(3))).toEqual(['pork', 'greens']);
});

test('every picture key has a bowl of its own', () => {
  const drawn = DISH_PICTURES.map((key) => JSON.stringify(bowlOf(key)));
  expect(new Set(drawn).size).toBe(DISH_PICTURES.length);
});
