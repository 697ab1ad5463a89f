/** First match wins, so 豆腐 stands before 肉 (肉末豆腐 looks like tofu) and 汤 before what swims in it. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/汤|羹/, 'soup'], [/粥|糊(?!白)/, 'congee'], [/面条|拌面|汤面|炒面|米线|粉丝煲/, 'noodles'], [/馒头|包子|花卷|饼/, 'bun'], [/饭/, 'rice'],
  [/豆腐|豆干|香干|千张|素鸡/, 'tofu'], [/虾/, 'shrimp'], [/鱼|鳕|鲈|鲫|带鱼/, 'fish'], [/鸡蛋|炒蛋|蒸蛋|蛋羹/, 'egg'], [/鸡|鸭/, 'chicken'],
  [/牛/, 'beef'], [/肉|排骨|狮子头|蹄/, 'pork'], [/菇|木耳|蘑/, 'mushroom'], [/土豆|山药|芋|藕/, 'potato'], [/胡萝卜/, 'carrot'],
  [/瓜|萝卜|茄/, 'melon'], [/菜|芹|菠|西兰花|豆角|四季豆|莴笋|豆苗/, 'greens'], [/果|橙|香蕉|橘|枣/, 'fruit'], [/蛋/, 'egg'],
];

/** What stands first on a tray: the main dish, then vegetables, soup, staple. */
const ORDER = [
  'pork', 'beef', 'chicken', 'fish', 'shrimp', 'egg', 'tofu', 'mushroom', 'greens', 'melon', 'carrot', 'potato', 'other', 'soup', 'noodles', 'congee', 'bun', 'rice', 'fruit',
];

/** The picture key of a dish: as entered, else read from its name. */
export function pictureOfDish(dish: { readonly name: string; readonly picture: string }): string {
  if (dish.picture !== '') return dish.picture;
  return BY_NAME.find(([pattern]) => pattern.test(dish.name))?.[1] ?? 'other';
}

/** Up to four bowls that show a meal best: main dish and vegetables, then soup and staple. */
export function trayOf(dishes: readonly { readonly name: string; readonly picture: string }[]): string[] {
  const keys = dishes.map(pictureOfDish).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  if (keys.length <= 4) return keys;
  const staple = keys.filter((key) => ORDER.indexOf(key) >= ORDER.indexOf('soup'));
  const rest = keys.filter((key) => !staple.includes(key));
  return [...rest.slice(0, Math.max(2, 4 - staple.length)), ...staple].slice(0, 4);
}
