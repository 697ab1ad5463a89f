import type { Words } from './words.js';

/** The reserved zone of a point. */
export const seatWords = {
  'seats.title': { zh: '老年专座', en: 'Reserved seats' },
  'seats.none': { zh: '本点没有设置老年专座。', en: 'This point has no reserved zone.' },
  'seats.count': { zh: '空 {free} 座，共 {seats} 座，已坐 {taken}', en: '{free} of {seats} seats free, {taken} taken' },
  'seats.publicWaits': { zh: '专座紧张：公众餐暂停出售，老人照常。', en: 'Seats are short: nothing is sold to the public; seniors are served as always.' },
  'seats.rule': { zh: '高峰 {from}–{to} 空座少于 {keep} 个时，暂停卖公众餐。坐下 {stay} 分钟后自动算空座。', en: 'From {from} to {to} the public waits while fewer than {keep} seats are free. A seat counts as free after {stay} minutes.' },
  'seats.in': { zh: '进一位', en: 'One in' },
  'seats.out': { zh: '走一位', en: 'One out' },
  'seats.moved': { zh: '已记下。', en: 'Noted.' },
  'seats.set': { zh: '设置专座', en: 'Set the zone' },
  'seats.saved': { zh: '已保存。', en: 'Saved.' },
  'seats.wrong': { zh: '没有保存：高峰结束要晚于开始，留空数不能超过座位数。', en: 'Not saved: the peak ends after it begins, and no more can be kept free than there are.' },
  'seats.seats': { zh: '座位数', en: 'Seats' },
  'seats.stay': { zh: '一座算多少分钟', en: 'Minutes a seat counts as taken' },
  'seats.peakFrom': { zh: '高峰开始', en: 'Peak begins' },
  'seats.peakTo': { zh: '高峰结束', en: 'Peak ends' },
  'seats.keep': { zh: '高峰至少留空几座', en: 'Seats kept free at the peak' },
} as const satisfies Words;
