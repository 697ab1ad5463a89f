import type { ErrorCatalogue } from './error-words.js';

export const deliveryErrors = {
  'DELIVERY.ALREADY_DELIVERED': { zh: '没有再次扣钱。这一户已经记为送到。', en: 'No further money moved. This door is already recorded as delivered.' },
  'DELIVERY.ALREADY_RECORDED': { zh: '没有扣钱。这一户已经有结果。', en: 'No money moved. This door already has a result.' },
  'DELIVERY.TRIP_CLOSED': { zh: '没有扣钱。这一趟已经结束。', en: 'No money moved. This trip is closed.' },
  'DELIVERY.STOPS_OPEN': { zh: '还有没有结果的住户,不能结束这一趟。', en: 'Some doors have no result yet; the trip cannot be closed.' },
  'DELIVERY.PROOF_WRONG': { zh: '没有扣钱。手机尾号后两位不对,请再问一次。', en: 'No money moved. The last two digits do not match; please ask again.' },
  'DELIVERY.BOXES_DIFFER': { zh: '餐盒数量不对,请清点后再出发。', en: 'The number of boxes differs from the sheet; count again before leaving.' },
} as const satisfies ErrorCatalogue;
