/** Refusals around dishes, set meals and portions left. */
export const menuErrors = {
  'MENU.DISH_UNKNOWN': { zh: '没有保存。其中一道菜不在本厨房的菜单里。', en: 'Nothing was saved. One of the dishes does not belong to this kitchen.' },
  'MENU.FIXED_FIGURES': { zh: '没有排菜。您定下的“{dish}”缺数据（菜谱、价格或营养），算不进去。请先补全，或放开这道菜。', en: 'Nothing was planned. A figure of “{dish}”, which you decided on, is unknown (recipe, price or nutrition). Complete it first, or let the dish go.' },
  'MENU.FIXED_PLACE': { zh: '没有排菜。您定下的“{dish}”没有位置：那一天不在所排的日子里，或套餐里它这类菜已满。请改天数或菜数，或放开这道菜。', en: 'Nothing was planned. “{dish}”, which you decided on, has no place: its day is not among those planned, or that set meal has no place of its kind left. Change the days or the number of dishes, or let it go.' },
  'MENU.SET_MEAL_UNKNOWN': { zh: '没有保存。没有找到这个套餐。', en: 'Nothing was saved. This set meal was not found.' },
  'MENU.SET_MEAL_FIXED': { zh: '没有保存。这个套餐已经送出或售出，不能再改。', en: 'Nothing was saved. Portions of this set meal were sent or sold; it can no longer be changed.' },
  'MENU.DISH_CHANGE_NEEDED': { zh: '没有保存。今天的套餐（或明天已有人订的）要换上别的菜，请到“换菜”：先看谁不能吃，再由另一个人确认。', en: 'Nothing was saved. A new dish in a set meal of today, or of tomorrow once it is ordered, goes through “Change a dish”: who cannot eat it is seen first, and another person confirms.' },
  'MENU.FESTIVAL_TAKEN': { zh: '没有保存。这个节日已有另一份菜单。', en: 'Nothing was saved. This festival has another menu already.' },
  'MENU.DAY_PAST': { zh: '没有保存。过去的日子不能再改。', en: 'Nothing was saved. A day that has passed cannot be changed.' },
  'MENU.KITCHEN_UNKNOWN': { zh: '没有找到这个厨房。', en: 'This kitchen was not found.' },
} as const;
