import type { Words } from './words.js';

/** Photos that prove a door. */
export const photoWords = {
  'photos.title': { zh: '门口照片', en: 'Photos of doors' },
  'photos.todo': { zh: '送到的凭证照片，看一张写一次原因', en: 'Photos that prove a door, each look with its reason' },
  'photos.lead': { zh: '照片只用来核对有没有送到。看一张要写原因，原因和姓名会留下。保留 {days} 天后自动删除，正在核对的除外。', en: 'Photos serve to check that a meal arrived, and nothing else. Each look needs a reason, which stays with your name. They are erased after {days} days, unless the delivery is under review.' },
  'photos.empty': { zh: '没有照片。', en: 'No photos.' },
  'photos.taken': { zh: '拍照', en: 'Taken' },
  'photos.arrived': { zh: '收到', en: 'Arrived' },
  'photos.place': { zh: '离门口', en: 'From the door' },
  'photos.metres': { zh: '{metres} 米', en: '{metres} m' },
  'photos.noPlace': { zh: '没有定位', en: 'no place' },
  'photos.state': { zh: '照片', en: 'Photo' },
  'photos.state.all': { zh: '全部', en: 'all' },
  'photos.state.stored': { zh: '可以看', en: 'kept' },
  'photos.state.awaited': { zh: '还没传上来', en: 'not here yet' },
  'photos.state.gone': { zh: '已删除', en: 'erased' },
  'photos.goneOn': { zh: '{day} 删除', en: 'erased on {day}' },
  'photos.held': { zh: '核对完再删', en: 'kept until it has been reviewed' },
  'photos.looks': { zh: '看过', en: 'Looks' },
  'photos.lastLook': { zh: '{count} 次，最近 {name} {at}：{reason}', en: '{count}, last by {name} {at}: {reason}' },
  'photos.never': { zh: '没有人看过', en: 'nobody yet' },
  'photos.look': { zh: '看照片', en: 'Look' },
  'photos.why': { zh: '为什么要看', en: 'Why' },
  'photos.whyHint': { zh: '至少四个字，例如：老人说没有收到', en: 'At least four characters, for example: the senior says nothing came' },
  'photos.alt': { zh: '{name} 门口，{at}', en: 'The door of {name}, {at}' },
  'photos.close': { zh: '看完了', en: 'Done' },
} as const satisfies Words;
