import type { ErrorCatalogue } from './error-words.js';

/** Refusals around money on its way to the bank and what operators get of it. */
export const treasuryErrors = {
  'TRANSIT.NOTHING': { zh: '没有入账。到这一天为止没有在途资金。', en: 'Nothing was booked. Up to that day no money is on its way.' },
  'TRANSIT.DAY_NOT_OVER': { zh: '没有入账。这一天还没有过完。', en: 'Nothing was booked. That day is not over.' },
  'TRANSIT.CHANGED': { zh: '没有入账。在途金额刚刚变了，请刷新后重填。', en: 'Nothing was booked. The amount on its way has changed; reload and enter it again.' },
  'TRANSIT.WAITING': { zh: '没有入账。同一来源还有一笔到账差额等复核。', en: 'Nothing was booked. A receipt of this source with a difference waits for a second person.' },
  'TRANSIT.NOTE_NEEDED': { zh: '没有入账。到账与在途不一致，或手续费超过百分之一，请写明原因，由另一人复核。', en: 'Nothing was booked. What arrived differs from what was on its way, or the fee is more than one per cent: give the reason, another person confirms.' },
  'TRANSIT.SAME_PERSON': { zh: '没有入账。登记的人不能自己复核，请换一个人。', en: 'Nothing was booked. Whoever entered it cannot confirm it; another person has to.' },
  'TRANSIT.DECIDED': { zh: '没有改动。这一笔已经复核过。', en: 'Nothing changed. This receipt has been decided already.' },
  'TRANSIT.REFERENCE_USED': { zh: '没有入账。这个银行流水号已经用过。', en: 'Nothing was booked. This bank reference has been used.' },
  'OWNPART.NOTHING': { zh: '没有付款。到这个月为止没有该付的自付款。', en: 'Nothing was paid. Up to that month no own parts are due.' },
  'OWNPART.MONTH_NOT_OVER': { zh: '没有付款。这个月还没有结束。', en: 'Nothing was paid. That month is not over.' },
  'OWNPART.DAY_OPEN': { zh: '没有付款。还有日子没有结账。', en: 'Nothing was paid. Some days are not closed yet.' },
  'OWNPART.DRAFTED': { zh: '没有付款。这家餐厅已有一份待付的自付款单。', en: 'Nothing was paid. A settlement of this operator waits for its payment.' },
  'OWNPART.CHANGED': { zh: '没有付款。金额在制单后变了，请撤回重做。', en: 'Nothing was paid. The amount has changed since it was drafted; withdraw it and draft it again.' },
  'OWNPART.SAME_PERSON': { zh: '没有付款。制单的人不能自己付款，请换一个人。', en: 'Nothing was paid. Whoever drafted it cannot pay it; another person has to.' },
  'OWNPART.DECIDED': { zh: '没有改动。这份单据已经付款或撤回。', en: 'Nothing changed. This settlement was paid or withdrawn already.' },
  'OWNPART.UNFIT': { zh: '没有付款。餐厅最后供餐那天的合同、许可证或账户无效。', en: 'Nothing was paid. The operator’s contract, licence or account did not hold on the last day it served.' },
  'OWNPART.REFERENCE_USED': { zh: '没有付款。这个银行流水号已经用过。', en: 'Nothing was paid. This bank reference has been used.' },
  'OWNPART.PAYMENT_DAY': { zh: '没有付款。付款日不能晚于今天，也不能早于制单日。', en: 'Nothing was paid. The day of payment is neither after today nor before the draft.' },
} as const satisfies ErrorCatalogue;
