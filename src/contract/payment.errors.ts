import type { ErrorCatalogue } from './error-words.js';

export const paymentErrors = {
  'PAYMENT.INSUFFICIENT_BALANCE': { zh: '没有扣钱。余额不够,请找工作人员充值或付现金。', en: 'No money moved. The balance is too low; staff can top it up or take cash.' },
  'PAYMENT.ALREADY_SERVED': { zh: '没有再次扣钱。这一餐已经取过了。', en: 'No further money moved. This meal was already taken.' },
  'PAYMENT.SOLD_OUT': { zh: '没有扣钱。这一份卖完了,请换一份。', en: 'No money moved. This meal is sold out; please choose another.' },
  'PAYMENT.PRICE_CHANGED': { zh: '没有扣钱。价格有变化,请再确认一次。', en: 'No money moved. The price has changed; please confirm again.' },
  'PAYMENT.NOT_SERVING': { zh: '没有扣钱。现在不是供餐时间。', en: 'No money moved. No meal is served now.' },
  'PAYMENT.MEAL_UNKNOWN': { zh: '没有扣钱。今天没有这一份餐。', en: 'No money moved. This meal is not on today’s menu here.' },
  'PAYMENT.SENIOR_UNKNOWN': { zh: '没有扣钱。没有认出来,请用手机尾号、卡,或找工作人员。', en: 'No money moved. The diner was not recognised; use the phone digits, a card, or ask staff.' },
  'PAYMENT.SENIOR_SUSPENDED': { zh: '没有扣钱。请找工作人员帮忙。', en: 'No money moved. Please ask staff for help.' },
  'PAYMENT.CONSENT_MISSING': { zh: '没有扣钱。没有人脸授权,请用手机尾号或卡。', en: 'No money moved. There is no consent for face use; use the phone digits or a card.' },
  'PAYMENT.IDENTITY_DOUBT': { zh: '没有扣钱。请输入手机号后四位。', en: 'No money moved. Please enter the last four digits of the phone number.' },
  'PAYMENT.SECOND_FACTOR': { zh: '没有扣钱。需要再核对一项(手机尾号、卡或证件)。', en: 'No money moved. A second proof is needed (phone digits, card or document).' },
  'PAYMENT.SECOND_FACTOR_WAIT': { zh: '没有扣钱。核对错误的次数太多，请过几分钟再试，或请别的工作人员帮忙。', en: 'No money moved. Too many wrong proofs; wait a few minutes, or let a colleague help.' },
  'PAYMENT.NOT_FOUND': { zh: '没有扣钱。找不到这一笔。', en: 'No money moved. There is no such payment.' },
  'PAYMENT.ALREADY_REFUNDED': { zh: '没有再次退钱。这一笔已经退过。', en: 'No further money moved. This payment was already refunded.' },
  'PAYMENT.REFUND_CLOSED': { zh: '没有退钱。这一餐已经结束,请走更正流程。', en: 'No money moved. The meal is over; a signed adjustment is needed.' },
  'PAYMENT.NO_POLICY': { zh: '没有扣钱。今天没有生效的补贴政策,请找工作人员。', en: 'No money moved. No subsidy policy is in force today.' },
  'PAYMENT.OPERATOR_NOT_LICENSED': { zh: '没有扣钱。本点的合同或许可证已过期,不能产生补贴。', en: 'No money moved. The operator’s contract or licence has run out, so no subsidy can arise here.' },
  'PAYMENT.TENDER': { zh: '没有扣钱。没有账户的客人请用现金或扫码付款。', en: 'No money moved. A diner without an account pays by cash or QR code.' },
  'PAYMENT.NOT_PUBLIC': { zh: '没有扣钱。本点只为登记的老人供餐。', en: 'No money moved. This point serves registered seniors only.' },
  'TOPUP.LIMIT': { zh: '没有充值。超过储值上限。', en: 'No money moved. The stored value would exceed its limit.' },
} as const satisfies ErrorCatalogue;
