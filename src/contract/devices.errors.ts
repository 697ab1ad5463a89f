import type { ErrorCatalogue } from './error-words.js';

/** Refusals of device enrolment and of signed requests. A refused signature never says which part was wrong. */
export const deviceErrors = {
  'DEVICE.CODE_REFUSED': { zh: '设备码不对、已用过或已过期。请在后台重新生成。', en: 'The code is wrong, used or expired. Issue a new one at the desk.' },
  'DEVICE.TOO_MANY_ATTEMPTS': { zh: '试的次数太多，请过几分钟再输。', en: 'Too many attempts. Wait a few minutes.' },
  'DEVICE.KEY_REFUSED': { zh: '设备密钥不能用，请重新开始登记。', en: 'The keys of the device cannot be used. Start the enrolment again.' },
  'DEVICE.NOT_FOUND': { zh: '没有找到这台设备。', en: 'This device was not found.' },
  'DEVICE.ALREADY_REVOKED': { zh: '这台设备已经停用。', en: 'This device is already revoked.' },
  'DEVICE.WAITING': { zh: '没有扣钱。这台机器还没有人在现场确认，暂时不能用。', en: 'No money moved. Nobody has confirmed on site yet where this machine stands, so it does nothing.' },
  'DEVICE.NOT_WAITING': { zh: '这台机器已经不在等确认：已确认、已停用或已过期。', en: 'This machine no longer waits: it was confirmed, revoked or has lapsed.' },
  'DEVICE.PLACE_SAME_PERSON': { zh: '设备码是您生成的，要由另一位同事在机器前确认。', en: 'You drew its code. Another colleague must confirm it, standing before the machine.' },
  'DEVICE.PLACE_PASSWORD_WRONG': { zh: '您的密码不对，没有确认。', en: 'Your password is wrong; nothing was confirmed.' },
  'DEVICE.PLACE_NUMBER_WRONG': { zh: '数字和机器屏幕上的不一样，没有确认。看着机器再输一次；错五次这台机器就停用。', en: 'That is not the number on the machine; nothing was confirmed. Read it off its screen again: after five wrong ones the machine is revoked.' },
  'DEVICE.PLACE_GUESSED': { zh: '数字错了五次，这台机器已停用。要用它，请重新生成设备码登记。', en: 'Five wrong numbers: the machine was revoked. Enrol it anew with a new code.' },
  'DEVICE.PLACE_BRAKED': { zh: '刚输错过，请稍等再输，没有确认。', en: 'A wrong number was typed just now. Wait a little; nothing was confirmed.' },
  'DEVICE.HELP_NOT_FOUND': { zh: '没有这个呼叫，或不在您的助餐点。', en: 'There is no such call at your point.' },
  'DEVICE.HELP_TAKEN': { zh: '同事已经过去了。', en: 'A colleague is already on the way.' },
  'DEVICE.POINT_UNKNOWN': { zh: '没有这个助餐点，或不在您的范围内。', en: 'There is no such point in your scope.' },
} as const satisfies ErrorCatalogue;
