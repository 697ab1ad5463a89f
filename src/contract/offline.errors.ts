import type { ErrorCatalogue } from './error-words.js';

/** Why a sale that was made without network waits for a person, and refusals around deciding on it. */
export const offlineErrors = {
  'OFFLINE.NOT_ALLOWED': { zh: '没有网络时本机不售餐：财务没有签离线限额，或今天已不供餐。', en: 'This device sells nothing without network: finance has signed no limits, or nothing more is served today.' },
  'OFFLINE.SIGNATURE': { zh: '没有扣钱。记录的签名不对，可能被改过。', en: 'No money moved. The record’s signature is wrong; it may have been altered.' },
  'OFFLINE.UNREADABLE': { zh: '没有扣钱。记录读不懂：来自不认识的版本。', en: 'No money moved. The record cannot be read: it comes from an unknown version.' },
  'OFFLINE.GAP': { zh: '还没有扣钱。这台机器前面有一笔没有到。', en: 'No money has moved yet. An earlier sale of this device has not arrived.' },
  'OFFLINE.SEQ_REPEATED': { zh: '没有扣钱。同一个序号来过另一笔。', en: 'No money moved. Another sale came under the same number.' },
  'OFFLINE.CHAIN_BROKEN': { zh: '没有扣钱。这一笔接不上前一笔。', en: 'No money moved. This sale does not follow the one before it.' },
  'OFFLINE.KEY_REUSED': { zh: '没有扣钱。同一个付款号用在了另一笔上。', en: 'No money moved. The same key was used for another sale.' },
  'OFFLINE.DEVICE_REVOKED': { zh: '还没有扣钱。机器已停用，这一笔在停用之前卖出。', en: 'No money has moved yet. The device is revoked; this was sold before.' },
  'OFFLINE.AFTER_REVOCATION': { zh: '没有扣钱。机器停用之后卖出的。', en: 'No money moved. Sold after the device was revoked.' },
  'OFFLINE.ENVELOPE_UNKNOWN': { zh: '没有扣钱。没有给这台机器发过这份离线授权。', en: 'No money moved. This allowance was never issued to this device.' },
  'OFFLINE.NOT_OFFERED': { zh: '没有扣钱。离线授权里没有这个人、这份餐、这个价。', en: 'No money moved. The allowance holds no such person, meal and price.' },
  'OFFLINE.CLOCK': { zh: '还没有扣钱。这一笔的时间不可信。', en: 'No money has moved yet. The time of this sale cannot be trusted.' },
  'OFFLINE.EXPIRED': { zh: '还没有扣钱。离线授权过期之后卖出的。', en: 'No money has moved yet. Sold after the allowance had run out.' },
  'OFFLINE.TOO_LATE': { zh: '还没有扣钱。这一笔到得太晚。', en: 'No money has moved yet. This sale arrived too late.' },
  'OFFLINE.LIMIT': { zh: '还没有扣钱。超过了离线限额。', en: 'No money has moved yet. Beyond the limits for selling without network.' },
  'OFFLINE.TOO_FAST': { zh: '还没有扣钱。两笔之间快得不像真人。', en: 'No money has moved yet. Faster after the one before than a person can be.' },
  'OFFLINE.IDENTITY_DOUBT': { zh: '还没有扣钱。认人的依据不够。', en: 'No money has moved yet. The person was not identified well enough.' },
  'OFFLINE.DAY_CLOSED': { zh: '还没有扣钱。那一天已经结账；同意后记到今天。', en: 'No money has moved yet. That day is closed; if accepted it is booked today.' },
  'OFFLINE.PRICE_DIFFERS': { zh: '还没有扣钱。应付比当时说的多，差额由谁承担须由财务决定。', en: 'No money has moved yet. More is due than was shown; finance decides who bears the difference.' },
  'OFFLINE.NOT_OPEN': { zh: '没有改动。这一笔已经处理过。', en: 'Nothing changed. This sale has been decided already.' },
  'OFFLINE.PROPOSED': { zh: '没有改动。已有别人提出处理意见，请复核或退回。', en: 'Nothing changed. Somebody else has proposed a decision; confirm it or send it back.' },
  'OFFLINE.NOT_PROPOSED': { zh: '没有改动。还没有人提出处理意见。', en: 'Nothing changed. Nobody has proposed a decision yet.' },
  'OFFLINE.SAME_PERSON': { zh: '没有扣钱。提出的人不能自己复核，请换一个人。', en: 'No money moved. Whoever proposed it cannot confirm it; another person has to.' },
  'OFFLINE.NEVER_POSTED': { zh: '没有扣钱。签名不对或读不懂的记录只能作废，不能入账。', en: 'No money moved. A record with a wrong signature, or one that cannot be read, can only be set aside.' },
} as const satisfies ErrorCatalogue;
