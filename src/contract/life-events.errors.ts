import type { ErrorCatalogue } from './error-words.js';

/** Refusals around life events, stays, claw-backs, merges and imported lists; each says first that nothing moved. */
export const lifeEventErrors = {
  'LIFE_EVENT.NOT_FOUND': { zh: '没有改动。没有找到这条生活事件。', en: 'Nothing was changed. This life event was not found.' },
  'LIFE_EVENT.ALREADY': { zh: '没有改动。这位老人的登记已经结束，或这一条已经登记过。', en: 'Nothing was changed. The registration has ended already, or this was recorded before.' },
  'LIFE_EVENT.IN_FUTURE': { zh: '没有改动。日期还没到。', en: 'Nothing was changed. The day lies in the future.' },
  'LIFE_EVENT.TOO_EARLY': { zh: '没有改动。日期早于出生日期。', en: 'Nothing was changed. The day lies before the birth.' },
  'LIFE_EVENT.REVERSED': { zh: '没有改动。这条事件已经撤销。', en: 'Nothing was changed. This event was taken back already.' },
  'LIFE_EVENT.UNDO_ASKED': { zh: '没有改动。已有人申请撤销，等另一位同事确认。', en: 'Nothing was changed. The undo is asked for; another person decides.' },
  'LIFE_EVENT.UNDO_NOT_ASKED': { zh: '没有改动。没有待确认的撤销申请。', en: 'Nothing was changed. No undo waits for a decision.' },
  'LIFE_EVENT.SAME_PERSON': { zh: '没有改动。申请和确认要由两个人来做。', en: 'Nothing was changed. Asking and deciding take two people.' },
  'LIFE_EVENT.LATER_EVENT': { zh: '没有改动。请先撤销之后登记的事件。', en: 'Nothing was changed. Take the later event back first.' },
  'STAY.DAYS_EMPTY': { zh: '没有改动。返回日期要晚于入住日期。', en: 'Nothing was changed. The day of return must come after the first day.' },
  'STAY.OVERLAPS': { zh: '没有改动。这段时间已经登记过住院或入住。', en: 'Nothing was changed. A stay of this kind already covers these days.' },
  'STAY.NOT_OPEN': { zh: '没有改动。这一天没有进行中的住院或入住。', en: 'Nothing was changed. No such stay is open on this day.' },
  'CLAW_BACK.NOT_FOUND': { zh: '没有动钱。没有找到这份餐的追回申请。', en: 'No money moved. No claw-back of this meal was proposed.' },
  'CLAW_BACK.NOT_LISTED': { zh: '没有动钱。这份餐不在事件之后的清单里。', en: 'No money moved. This meal is not on the list of the event.' },
  'CLAW_BACK.EATEN': { zh: '没有动钱。类别变化后餐仍由本人食用，不能整份追回，请由财务调整差额。', en: 'No money moved. After a change of category the meal was still eaten; the difference is adjusted, not the meal.' },
  'CLAW_BACK.ALREADY': { zh: '没有再次动钱。这份餐已有追回申请或结论。', en: 'No money moved again. This meal is proposed or decided already.' },
  'CLAW_BACK.SAME_PERSON': { zh: '没有动钱。申请和确认要由两个人来做。', en: 'No money moved. Proposing and deciding take two people.' },
  'CLAW_BACK.REASON_MISSING': { zh: '没有动钱。请写明不追回的原因。', en: 'No money moved. Give the reason for not taking it back.' },
  'RELEASE.NOT_OPEN': { zh: '没有动钱。没有待领取的余额。', en: 'No money moved. No freed balance waits for a payee.' },
  'OFFER.DECIDED': { zh: '没有改动。这一条已经处理过。', en: 'Nothing was changed. This offer is decided already.' },
  'MERGE.SAME_RECORD': { zh: '没有改动。请选另一份登记。', en: 'Nothing was changed. Choose another record.' },
  'MERGE.NOT_POSSIBLE': { zh: '没有改动。两份登记出生日期不同，或其中一份已经合并。', en: 'Nothing was changed. The birth dates differ, or one record was merged before.' },
} as const satisfies ErrorCatalogue;
