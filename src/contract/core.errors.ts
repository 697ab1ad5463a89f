import type { ErrorCatalogue } from './error-words.js';

export const coreErrors = {
  'REQUEST.INVALID': { zh: '没有扣钱。填写的内容不对,请检查后再试。', en: 'No money moved. The request is not valid; please check it.' },
  'REQUEST.NOT_FOUND': { zh: '没有扣钱。找不到这一项。', en: 'No money moved. There is no such thing here.' },
  'REQUEST.METHOD': { zh: '没有扣钱。这个操作不存在。', en: 'No money moved. This operation does not exist.' },
  'REQUEST.TOO_LARGE': { zh: '没有扣钱。内容太大。', en: 'No money moved. The request is too large.' },
  'REQUEST.MEDIA_TYPE': { zh: '没有扣钱。只接受 JSON。', en: 'No money moved. Only JSON is accepted.' },
  'REQUEST.TOO_MANY': { zh: '没有扣钱。操作太频繁,请稍等一会儿。', en: 'No money moved. Too many requests; please wait a little.' },
  'SERVER.FAILED': { zh: '系统出错,正在核对,请不要重复付款。请把编号告诉工作人员。', en: 'The system failed. Do not pay again; give the number to the staff, who will check.' },
  'DATABASE.BUSY': { zh: '没有扣钱。系统正忙,请再试一次。', en: 'No money moved. The system is busy; please try again.' },
  'DAY.INVALID': { zh: '没有扣钱。日期不对。', en: 'No money moved. The date does not exist.' },
  'IDEMPOTENCY.KEY_MISSING': { zh: '没有扣钱。缺少请求编号。', en: 'No money moved. The Idempotency-Key header is missing or malformed.' },
  'IDEMPOTENCY.KEY_CLOSED': { zh: '没有扣钱。这一笔已经放弃,不会再扣。', en: 'No money moved. This request was given up; nothing will be charged under it.' },
  'IDEMPOTENCY.KEY_REUSED': { zh: '没有再次扣钱。同一编号用于不同的请求,已拒绝。', en: 'No further money moved. The same key was used for a different request.' },
  'ACCESS.NOT_SIGNED_IN': { zh: '没有扣钱。请先登录。', en: 'No money moved. Please sign in.' },
  'ACCESS.DENIED': { zh: '没有扣钱。您的岗位不能做这一步。', en: 'No money moved. Your role may not do this.' },
  'ACCESS.CSRF': { zh: '没有扣钱。页面已过期,请刷新后再试。', en: 'No money moved. The page has expired; reload it and try again.' },
  'DEVICE.NOT_TRUSTED': { zh: '没有扣钱。这台设备未登记或已停用,请找工作人员。', en: 'No money moved. This device is not enrolled or was revoked.' },
} as const satisfies ErrorCatalogue;
