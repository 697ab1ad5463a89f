import type { ErrorCatalogue } from './error-words.js';

export const dispatchErrors = {
  'DISPATCH.NOT_SERVED': { zh: '这个出发点那天没有这一餐的配送。', en: 'This depot delivers no such meal on that day.' },
  'DISPATCH.DAY_OUT_OF_REACH': { zh: '只能排今天到7天内的路线。', en: 'Routes are planned from today to seven days ahead.' },
  'DISPATCH.UNDER_WAY': { zh: '路线已经出发,不能重排。', en: 'The trips have left; they cannot be planned again.' },
  'DISPATCH.NO_SUCH_DEPOT': { zh: '这个出发点不能接这份订单。', en: 'This depot cannot take the order.' },
  'DISPATCH.CREW_BUSY': { zh: '这个配送组这一餐在别处有路线。', en: 'This crew rides elsewhere for this meal.' },
  'DISPATCH.CREW_AWAY': { zh: '这个配送组这一餐来不了（缺勤、停用或已退出），请选别的组。', en: 'This crew cannot come for this meal: absent, not in use or gone. Choose another.' },
  'DISPATCH.PLAN_CHANGED': { zh: '路线刚被别人改过或已出发，请再看一遍。', en: 'The plan changed or a crew left meanwhile; look again.' },
  'DISPATCH.TRIP_FIXED': { zh: '这一趟已经出发或被锁定，不能改。', en: 'This trip has left or is held fast.' },
  'DISPATCH.BLOCK_PAST': { zh: '封路的最后一天已经过去。', en: 'The last day of the block is over.' },
  'DISPATCH.MEAL_UNDER_WAY': { zh: '没有改：送这份餐的那一趟已经出发、被锁定，或这一户已有结果。', en: 'Nothing was changed: the trip with this meal has left or is held fast, or its door has a result.' },
  'DISPATCH.CREW_THERE': { zh: '没有改：这组这一餐既没有缺席，也没有借出。', en: 'Nothing was changed: that crew is neither absent nor lent for this meal.' },
  'DISPATCH.DAY_OVER': { zh: '没有改：这一天已经过去。', en: 'Nothing was changed: that day is over.' },
  'DISPATCH.BLOCK_NO_ROAD': { zh: '这里没有路，没有封。请点在路上，或把半径放大。', en: 'No road passes here; nothing was blocked. Click on a road or widen the radius.' },
  'DISPATCH.NO_MAP': { zh: '没有可用的地图文件，路线画成线图。', en: 'There is no usable map file; routes are drawn as lines.' },
  'DISPATCH.MAP_RANGE': { zh: '地图文件只能分段读取。', en: 'The map file is read by ranges of bytes.' },
} as const satisfies ErrorCatalogue;
