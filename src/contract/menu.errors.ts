/** Refusals around dishes, set meals and portions left. */
export const menuErrors = {
  'MENU.NOT_OFFERED': { zh: '没有扣钱。这个套餐今天在这里没有。', en: 'Nothing was charged. This set meal is not offered here today.' },
  'MENU.SOLD_OUT': { zh: '没有扣钱。这个套餐已经没有了，请换一个。', en: 'Nothing was charged. This set meal is sold out; please choose another.' },
  'MENU.NOTHING_TO_RETURN': { zh: '份数没有改。这里没有可以退回的这种餐。', en: 'Counts are unchanged. There is no sold portion of this kind to return here.' },
  'MENU.DISH_UNKNOWN': { zh: '没有保存。其中一道菜不在本厨房的菜单里。', en: 'Nothing was saved. One of the dishes does not belong to this kitchen.' },
  'MENU.SET_MEAL_FIXED': { zh: '没有保存。这个套餐已经送出或售出，不能再改。', en: 'Nothing was saved. Portions of this set meal were sent or sold; it can no longer be changed.' },
  'MENU.DAY_PAST': { zh: '没有保存。过去的日子不能再改。', en: 'Nothing was saved. A day that has passed cannot be changed.' },
  'MENU.KITCHEN_UNKNOWN': { zh: '没有找到这个厨房。', en: 'This kitchen was not found.' },
} as const;
