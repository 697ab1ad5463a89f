import type { ErrorCatalogue } from './error-words.js';

export const financeErrors = {
  'FINANCE.EXPORT_TOO_LONG': { zh: '没有导出。明细太多,请缩短日期或加条件。', en: 'Nothing was exported. There are too many meals; choose fewer days or more filters.' },
  'CLAIM.MONTH_OPEN': { zh: '没有出账。这个月还没有过完。', en: 'Nothing was claimed. The month has not ended yet.' },
  'CLAIM.ALREADY_BOOKED': { zh: '没有出账。这一方这个月的结算单已经有了，不会再出一次。', en: 'Nothing was claimed. This party’s claim of the month is there already; it is never made twice.' },
  'CLAIM.OUT_OF_ORDER': { zh: '没有出账。请先把前面月份的结算单签完。', en: 'Nothing was claimed. Sign the claims of earlier months first.' },
  'CLAIM.NOTHING': { zh: '没有出账。这一方这个月没有可结算的用餐或配送。', en: 'Nothing was claimed. This party has no meals or deliveries in the month.' },
  'CLAIM.DAY_OPEN': { zh: '没有出账。还有 {days} 个点日没有日结，先是 {day}。', en: 'Nothing was claimed. {days} days of points are not closed, first {day}.' },
  'CLAIM.ADVANCE_OPEN': { zh: '没有出账，钱没有动。这个月及以前的预付还有 {advances} 笔没有批准或没有登记付款，或起草后又有变化；处理好后重新起草。', en: 'Nothing was claimed, no money moved. {advances} advances through this month wait for approval or payment, or changed since the draft; settle them and draft anew.' },
  'CLAIM.CREDIT': { zh: '没有登记收款，钱没有动。这张单是退给出资方的余额，补贴的钱不能从这里付出去；它会单列一行，抵在下一张结算单里。', en: 'No payment was recorded, no money moved. This claim is a credit of the payer; public money is never paid out here. It is a line of its own in the next claim.' },
  'CLAIM.CARRIED': { zh: '没有登记收款，钱没有动。这张单的余额已经抵在后面的结算单里。', en: 'No payment was recorded, no money moved. A later claim has taken this credit in.' },
  'CLAIM.OPERATOR_UNFIT': { zh: '没有出账。运营方的合同、许可证或收款账户在要付的 {days} 天里无效，先是 {day}。', en: 'Nothing was claimed. On {days} of the days that would be paid for the operator lacks a valid contract, licence or bank account, first {day}.' },
  'CLAIM.UNFIT_MEALS': { zh: '没有签字，钱没有动。单上有 {meals} 份餐，当天运营方没有有效的合同或许可证；仍要结算请写明原因。', en: 'Not signed, no money moved. {meals} meals on this claim are of days on which their operator had no valid contract or licence; say why they are claimed all the same.' },
  'CLAIM.OWN_PART': { zh: '没有出账，钱没有动。餐厅自己承担的部分是它的让利，不向任何人结算。', en: 'Nothing was claimed, no money moved. What the caterer bears itself is its own discount; it is asked of nobody.' },
  'CLAIM.PAYMENT_DAY': { zh: '没有登记付款，钱没有动。付款日期要在第二人签字之后、今天之前（含今天）。', en: 'No payment was recorded, no money moved. The day lies between the second signature and today.' },
  'CLAIM.DIFFERS': { zh: '没有复核，钱没有动。汇总与用餐记录或账本不一致：{differences} 处。', en: 'Not checked, no money moved. The sums differ from meals or ledger in {differences} places.' },
  'CLAIM.OUTDATED': { zh: '没有改动，钱没有动。这张单上的数与现在的用餐记录不同，或者起草时前面的月份还没有签完；请退回并重新起草。', en: 'Nothing changed, no money moved. The claim’s figures are not what the meals say now, or it was drafted before an earlier month was signed. Send it back and draft it anew.' },
  'CLAIM.WRONG_STATE': { zh: '没有改动，钱没有动。结算单现在不能做这一步，请刷新。', en: 'Nothing changed, no money moved. The claim cannot take this step now; refresh.' },
  'CLAIM.SAME_PERSON': { zh: '没有改动，钱没有动。这一步要由另一个人来做。', en: 'Nothing changed, no money moved. Another person has to take this step.' },
  'CLAIM.SNAPSHOT_CHANGED': { zh: '没有改动，钱没有动。结算单刚刚重新起草过，请刷新后再看。', en: 'Nothing changed, no money moved. The claim was drafted anew meanwhile; refresh and look again.' },
  'CLAIM.ALREADY_PAID': { zh: '没有再次登记。这张结算单已经付过。', en: 'Not recorded again. This claim was paid before.' },
  'CLAIM.REFERENCE_USED': { zh: '没有登记付款。这个银行流水号已经用在另一张结算单上。', en: 'No payment was recorded. This bank reference stands on another claim.' },
} as const satisfies ErrorCatalogue;
