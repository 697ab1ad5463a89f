import type { ErrorCatalogue } from './error-words.js';

/** Refusals of device enrolment and of signed requests. A refused signature never says which part was wrong. */
export const deviceErrors = {
  'DEVICE.CODE_REFUSED': { zh: '设备码不对、已用过或已过期。请在后台重新生成。', en: 'The code is wrong, used or expired. Issue a new one at the desk.' },
  'DEVICE.TOO_MANY_ATTEMPTS': { zh: '试的次数太多，请过几分钟再输。', en: 'Too many attempts. Wait a few minutes.' },
  'DEVICE.KEY_REFUSED': { zh: '设备密钥不能用，请重新开始登记。', en: 'The keys of the device cannot be used. Start the enrolment again.' },
  'DEVICE.NOT_FOUND': { zh: '没有找到这台设备。', en: 'This device was not found.' },
  'DEVICE.ALREADY_REVOKED': { zh: '这台设备已经停用。', en: 'This device is already revoked.' },
  'DEVICE.POINT_UNKNOWN': { zh: '没有这个助餐点，或不在您的范围内。', en: 'There is no such point in your scope.' },
} as const satisfies ErrorCatalogue;
