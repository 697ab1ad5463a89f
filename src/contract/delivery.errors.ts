import type { ErrorCatalogue } from './error-words.js';

export const deliveryErrors = {
  'DELIVERY.NOT_SUITABLE': { zh: '没有出发。有 {stops} 份餐不适合要送的老人，先是第 {seq} 户；厨房在冲突单上换好后再出发。', en: 'Not left. {stops} meals do not suit the people they go to, first at stop {seq}; the kitchen decides on the clash sheet, then leave.' },
  'DELIVERY.ALREADY_DELIVERED': { zh: '没有再次扣钱。这一户已经记为送到。', en: 'No further money moved. This door is already recorded as delivered.' },
  'DELIVERY.ALREADY_RECORDED': { zh: '没有扣钱。这一户已经有结果。', en: 'No money moved. This door already has a result.' },
  'DELIVERY.ALREADY_POSTED': { zh: '没有再次扣钱。这一餐已经入账。', en: 'No further money moved. The meal of this door is already posted.' },
  'DELIVERY.GIVEN_FREE': { zh: '没有扣钱。这一餐已经记为免费送出。', en: 'No money moved. This meal is recorded as given free.' },
  'DELIVERY.NOT_DELIVERED': { zh: '没有扣钱。这一户没有记为送到。', en: 'No money moved. This door is not recorded as delivered.' },
  'DELIVERY.FREE_NOT_ASKED': { zh: '没有扣钱。还没有人提出免费送出。', en: 'No money moved. Nobody has asked for this meal to be given free.' },
  'DELIVERY.SAME_ROLE': { zh: '没有扣钱。需要另一个岗位的人同意。', en: 'No money moved. Somebody of another role has to agree.' },
  'DELIVERY.TRIP_CLOSED': { zh: '没有扣钱。这一趟已经结束。', en: 'No money moved. This trip is closed.' },
  'DELIVERY.STOPS_OPEN': { zh: '还有没有结果的住户,不能结束这一趟。', en: 'Some doors have no result yet; the trip cannot be closed.' },
  'DELIVERY.PROOF_WRONG': { zh: '没有扣钱。手机尾号后两位不对,请再问一次。', en: 'No money moved. The last two digits do not match; please ask again.' },
  'DELIVERY.BOXES_DIFFER': { zh: '餐盒数量不对,请清点后再出发。', en: 'The number of boxes differs from the sheet; count again before leaving.' },
  'DELIVERY.CURE_UNDECIDED': { zh: '还有必须送达的老人没有安排，请调度员先定好再出发。', en: 'Somebody who must be served is on no trip; the dispatcher decides before you leave.' },
  'DELIVERY.PHOTO_BAD': { zh: '没有扣钱。照片看不了，请重拍。', en: 'No money moved. The photo cannot be read; take it again.' },
  'DELIVERY.PHOTO_DIFFERS': { zh: '没有扣钱。这个编号已经有另一张照片。', en: 'No money moved. Another photo has this number already.' },
  'DELIVERY.PHOTO_GONE': { zh: '没有动钱。这张照片已过保留期，已经删除。', en: 'No money moved. This photo has served its time and was erased.' },
  'DELIVERY.SWAP_UNKNOWN': { zh: '没有扣钱。这一趟里没有这样的餐盒。', en: 'No money moved. There is no such box on this trip.' },
  'DELIVERY.REJECTED': { zh: '没有扣钱。这一户已经判定没有送到。', en: 'No money moved. This delivery was judged not to have been.' },
  'DELIVERY.NOT_IN_REVIEW': { zh: '没有扣钱。只有等待核对的送达才能判定没有送到。', en: 'No money moved. Only a delivery that is held for review can be rejected.' },
  'DELIVERY.NOTHING_OPEN': { zh: '这一箱里没有还没送的。', en: 'Nothing in this crate is left to deliver.' },
} as const satisfies ErrorCatalogue;
