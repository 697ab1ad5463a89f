import type { ErrorCatalogue } from './error-words.js';

/** Refusals around operators and their papers. */
export const operatorErrors = {
  'OPERATOR.NOT_FOUND': { zh: '没有保存。没有找到这个运营方。', en: 'Nothing was saved. This operator was not found.' },
  'OPERATOR.NAME_TAKEN': { zh: '没有保存。已有同名的运营方。', en: 'Nothing was saved. An operator of this name is registered.' },
  'PAPER.NOT_FOUND': { zh: '没有保存。没有找到这份证件。', en: 'Nothing was saved. This paper was not found.' },
  'PAPER.DAYS_EMPTY': { zh: '没有保存。截止日期要晚于开始日期。', en: 'Nothing was saved. The end must come after the beginning.' },
  'PAPER.OVERLAPS': { zh: '没有保存。同类证件的日期重叠；如果是更正，请选明要替换的那一份。', en: 'Nothing was saved. A paper of this kind covers these days; name the one this replaces.' },
  'PAPER.NAME_DIFFERS': { zh: '没有保存。户名必须与合同乙方一致。', en: 'Nothing was saved. The account’s name must equal the contract party.' },
  'PAPER.SAME_PERSON': { zh: '没有保存。变更账户要由另一个人确认。', en: 'Nothing was saved. Another person must confirm a change of account.' },
  'PAPER.ALREADY_DECIDED': { zh: '没有保存。这份账户变更已有结论。', en: 'Nothing was saved. This change is decided already.' },
} as const satisfies ErrorCatalogue;
