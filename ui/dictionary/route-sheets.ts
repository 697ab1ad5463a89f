import type { Words } from './words.js';

/** The sheet of a trip, on paper and as a file. */
export const routeSheetWords = {
  'dispatch.sheet.title': { zh: '送餐单', en: 'Route sheet' },
  'dispatch.sheet.draft': { zh: '预排，不能出发', en: 'Draft, not for departure' },
  'dispatch.sheet.leave': { zh: '{at} 出发', en: 'Leave {at}' },
  'dispatch.sheet.last': { zh: '{at} 前送完', en: 'Last door {at}' },
  'dispatch.sheet.boxes': { zh: '共 {count} 盒', en: '{count} boxes' },
  'dispatch.sheet.load': { zh: '装车清点', en: 'Load' },
  'dispatch.sheet.result': { zh: '结果', en: 'Result' },
  'dispatch.sheet.tick.delivered': { zh: '□ 送到', en: '□ done' },
  'dispatch.sheet.tick.absent': { zh: '□ 没人', en: '□ absent' },
  'dispatch.sheet.tick.refused': { zh: '□ 没收', en: '□ refused' },
  'dispatch.sheet.scan': { zh: '扫码用手机记录', en: 'Record on the phone' },
  'dispatch.sheet.call': { zh: '有事打 {phone}', en: 'Call {phone}' },
  'dispatch.sheet.keep': { zh: '送完交回本单，不要带回家', en: 'Hand this sheet back' },
  'dispatch.sheet.file': { zh: '存成 PDF', en: 'Save as PDF' },
  'dispatch.sheet.writing': { zh: '正在生成…', en: 'Writing…' },
  'dispatch.sheet.printed': { zh: '都印出来了吗？', en: 'Are all pages out?' },
  'dispatch.sheet.printedText': { zh: '{count} 页。确认以后，没改过的不再算要重印的。取消了或卡纸，就点“取消”。', en: '{count} pages. Once confirmed, pages that do not change are not printed again. If it was cancelled or jammed, press Cancel.' },
  'dispatch.sheet.printedAct': { zh: '都印好了', en: 'All printed' },
  'dispatch.sheet.onlyChanged': { zh: '只印改过的', en: 'Changed pages only' },
  'dispatch.sheet.noneChanged': { zh: '没有要重印的。', en: 'Nothing to print again.' },
  'dispatch.sheet.crate': { zh: '换人送：扫这个接手', en: 'Taking over? Scan this' },
} as const satisfies Words;
