import type { ErrorCatalogue } from './error-words.js';

export const dispatchErrors = {
  'DISPATCH.NOT_SERVED': { zh: '这个出发点那天没有这一餐的配送。', en: 'This depot delivers no such meal on that day.' },
  'DISPATCH.DAY_OUT_OF_REACH': { zh: '只能排今天到7天内的路线。', en: 'Routes are planned from today to seven days ahead.' },
  'DISPATCH.UNDER_WAY': { zh: '路线已经出发,不能重排。', en: 'The trips have left; they cannot be planned again.' },
  'DISPATCH.NO_SUCH_DEPOT': { zh: '这个出发点不能接这份订单。', en: 'This depot cannot take the order.' },
} as const satisfies ErrorCatalogue;
