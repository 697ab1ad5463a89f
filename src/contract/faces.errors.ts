import type { ErrorCatalogue } from './error-words.js';

/** Refusals around faces. None says how near a face was: an answer with a score is a ladder for whoever guesses. */
export const faceErrors = {
  'FACE.CONSENT_MISSING': { zh: '没有刷脸同意记录，不能采集。老人可以用卡或手机尾号，价格一样。', en: 'There is no consent to face use, so nothing was captured. Card or phone digits work at the same price.' },
  'FACE.UNDER_AGE': { zh: '未满 14 周岁，不采集人脸。', en: 'Faces of people under 14 are never enrolled.' },
  'FACE.QUALITY_LOW': { zh: '照片不够清楚，请对着光、摘下口罩再拍一次。', en: 'The pictures are not clear enough. Face the light, take off the mask and try again.' },
  'FACE.FRAMES_DIFFER': { zh: '几张照片不像同一个人，请只让老人一个人站在镜头前。', en: 'The pictures seem to show different people. Only the senior should be in view.' },
  'FACE.MODEL_UNKNOWN': { zh: '页面版本太旧，请刷新后再试。', en: 'The page is out of date. Reload it and try again.' },
  'FACE.DESCRIPTOR_INVALID': { zh: '采集的数据不完整，请再拍一次。', en: 'The captured data is incomplete. Capture again.' },
  'FACE.RECEIPT_AHEAD': { zh: '设备确认了不存在的变更，请重新同步。', en: 'The device confirmed a change that does not exist; synchronise again.' },
  'FACE.NOT_VERIFIED': { zh: '没有扣钱。没有认出来，请用卡或请工作人员帮忙，价格一样。', en: 'No money moved. Not recognised; use the card or ask staff, at the same price.' },
  'FACE.PROBE_REPEATED': { zh: '没有扣钱。请再看一次镜头。', en: 'No money moved. Please look at the camera again.' },
  'FACE.TOO_MANY_PROBES': { zh: '没有扣钱。请用卡或请工作人员帮忙，价格一样。', en: 'No money moved. Use the card or ask staff, at the same price.' },
  'FACE.SEALING_OFF': { zh: '这个助餐点还没有启用人脸封存。', en: 'Sealing has not begun at this point.' },
  'FACE.KEY_EXISTS': { zh: '另一台设备已经生成了新钥匙，请稍候再同步。', en: 'Another device has made a new key; synchronise again.' },
  'FACE.KEY_NOT_HELD': { zh: '这台设备没有当前的人脸钥匙。', en: 'This device does not hold the current gallery key.' },
  'FACE.HOLDER_REFUSED': { zh: '对方未经批准，不能持有人脸钥匙。', en: 'The other one has not been approved and may not hold the gallery key.' },
  'FACE.KEY_UNKNOWN': { zh: '找不到这把人脸钥匙。', en: 'There is no such gallery key.' },
  'FACE.KEY_CHANGED': { zh: '人脸没有保存：这个点的人脸钥匙刚刚更换，请刷新页面再采集一次。', en: 'The face was not kept: the gallery key of this point has just changed. Reload the page and capture again.' },
  'FACE.KEY_STILL_HELD': { zh: '还有设备持有这把钥匙，不能放弃。', en: 'A device still holds this key; it cannot be given up.' },
  'FACE.NO_RECOVERY': { zh: '这把钥匙没有存入恢复钥匙。', en: 'There is no copy of this key for the recovery key.' },
  'FACE.NO_STREET': { zh: '恢复钥匙由街道保管，请用街道账号操作。', en: 'The recovery key belongs to the street; use an account of the street.' },
  'FACE.POINT_UNKNOWN': { zh: '找不到这个助餐点。', en: 'There is no such point.' },
  'FACE.MODEL_KNOWN': { zh: '这个模型已经在用。', en: 'This model is already in use.' },
  'FACE.NO_COMING_MODEL': { zh: '没有正在准备的新模型。', en: 'There is no coming model.' },
  'FACE.SWITCH_TOO_EARLY': { zh: '还不能切换：重新采集的人数没有达到设定的比例。', en: 'Not yet: fewer people have been captured again than the share that was set.' },
} as const satisfies ErrorCatalogue;
