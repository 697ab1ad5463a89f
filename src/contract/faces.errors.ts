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
} as const satisfies ErrorCatalogue;
