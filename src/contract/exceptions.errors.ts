import type { ErrorCatalogue } from './error-words.js';

export const exceptionErrors = {
  'EXCEPTION.CLOSED': { zh: '没有改动，也没有动钱。这条异常已经办结，请刷新。', en: 'Nothing changed and no money moved. This exception is closed already; please refresh.' },
  'EXCEPTION.OWNER_UNFIT': { zh: '没有分派，也没有动钱。这个人不能办理本街道的异常。', en: 'Not assigned, and no money moved. This person cannot work on exceptions of this street.' },
  'EXCEPTION.MEALS_UNFIT': { zh: '没有办结，也没有动钱。要追回的餐不在这条异常里，或已经冲销、已经提过追回。', en: 'Not closed, and no money moved. A meal to be taken back is not part of this exception, is reversed, or was asked for already.' },
  'EXCEPTION.SCAN_RUNS': { zh: '没有动钱。正在检查，请等它做完。', en: 'No money moved. A check is running; please wait until it is done.' },
  'EXCEPTION.SETTING_WILD': { zh: '没有保存，也没有动钱。有一个数超出了允许的范围。', en: 'Not saved, and no money moved. A number lies outside its bounds.' },
} as const satisfies ErrorCatalogue;
