import type { ErrorCatalogue } from './error-words.js';

export const financeErrors = {
  'FINANCE.EXPORT_TOO_LONG': { zh: '没有导出。明细太多,请缩短日期或加条件。', en: 'Nothing was exported. There are too many meals; choose fewer days or more filters.' },
} as const satisfies ErrorCatalogue;
