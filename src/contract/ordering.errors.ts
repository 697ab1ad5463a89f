import type { ErrorCatalogue } from './error-words.js';

export const orderingErrors = {
  'ORDER.NOT_SUITABLE': { zh: '没有下单，没有扣钱。这份餐里有不适合这位老人的菜，请换菜或换一份。', en: 'Nothing was ordered, no money moved. A dish of this meal does not suit this person; choose a substitute or another meal.' },
  'CLASH.DISH_NOT_ASKED': { zh: '没有保存。这位老人那一餐没有这道菜。', en: 'Nothing was saved. This dish is not part of that meal of this person.' },
  'CLASH.SUBSTITUTE_UNKNOWN': { zh: '没有保存。厨房没有这道换的菜。', en: 'Nothing was saved. The kitchen has no such substitute.' },
  'CLASH.STILL_UNSUITABLE': { zh: '没有保存。换的菜也不适合这位老人。', en: 'Nothing was saved. The substitute does not suit this person either.' },
  'CLASH.CANNOT_PREPARE': { zh: '没有保存。有过敏原，另外做软也不行，要换菜。', en: 'Nothing was saved. An allergen stays however it is prepared; choose another dish.' },
  'CLASH.DAY_PAST': { zh: '没有保存。这一天已经过去。', en: 'Nothing was saved. This day is over.' },
  'ORDER.SENIOR_AWAY': { zh: '没有下单。这一天老人在医院或养老机构。', en: 'Nothing was ordered. On this day the senior is in a hospital or a nursing home.' },
  'ORDER.CUTOFF_PASSED': { zh: '没有扣钱。订餐已经截止,请打电话给助餐点。', en: 'No money moved. Orders for this meal are closed; please call the point.' },
  'ORDER.NOT_SERVED': { zh: '没有扣钱。这个助餐点那天不供这一餐。', en: 'No money moved. The point does not serve this meal on that day.' },
  'ORDER.NOT_ON_MENU': { zh: '没有扣钱。那天的菜单里没有这个套餐。', en: 'No money moved. This set meal is not on the menu of that day.' },
  'ORDER.ALREADY_ORDERED': { zh: '没有扣钱。这一餐已经订过了。', en: 'No money moved. This meal is already ordered.' },
  'ORDER.DAY_PAST': { zh: '没有扣钱。这一天已经过去。', en: 'No money moved. This day is over.' },
  'ORDER.TOO_FAR_AHEAD': { zh: '没有扣钱。最多提前30天订餐。', en: 'No money moved. Meals can be ordered at most 30 days ahead.' },
  'ORDER.NOT_OPEN': { zh: '没有扣钱。这份订单不能再改。', en: 'No money moved. This order can no longer be changed.' },
  'ORDER.SENIOR_NOT_ACTIVE': { zh: '没有扣钱。这位老人的登记已停用。', en: 'No money moved. The registration of this senior is not active.' },
  'PLAN.DAYS_EMPTY': { zh: '没有保存。结束日期要晚于开始日期。', en: 'Nothing was saved. The end must lie after the beginning.' },
  'PLAN.NOT_ON_MENU': { zh: '没有保存。厨房这一餐没有这个套餐。', en: 'Nothing was saved. The kitchen has no such set meal for this meal.' },
  'PLAN.OVERLAP': { zh: '没有保存。这位老人这一餐已有长期订餐,请先修改原来的。', en: 'Nothing was saved. A standing plan for this meal already covers some of these days.' },
  'PLAN.ENDED': { zh: '没有保存。这份长期订餐已经结束。', en: 'Nothing was saved. This standing plan has ended.' },
} as const satisfies ErrorCatalogue;
