import type { ErrorCatalogue } from './error-words.js';

export const careErrors = {
  'CARE.LADDER_ENDED': { zh: '这件事已经有结果。', en: 'This has been ended already.' },
  'CARE.STEP_PASSED': { zh: '这一步已经过去，请看现在到哪一步。', en: 'That step has passed; look at the present one.' },
  'CARE.NOT_ASKED_FOR': { zh: '这位老人没有同意没来时被问候。', en: 'This person has not agreed to be asked after.' },
  'CARE.WAS_HERE': { zh: '这位老人今天这一餐已经用过了。', en: 'This person has had this meal today.' },
  'CARE.ALERT_CLOSED': { zh: '这条警报已经处理完。', en: 'This alert is closed.' },
  'CARE.CALL_MADE': { zh: '没有记下您的结果。这个电话刚才有人打过了，请看上面的结果；不一样就再记一次。', en: 'Your result was not noted. Somebody has just made this call; look at what came of it, and note yours again where it differs.' },
  'DELIVERY.LADDER_OPEN': { zh: '还有敲门没人应的老人没有下落，不能结束这一趟。', en: 'Somebody who did not answer is still being looked for; the trip cannot be closed.' },
} as const satisfies ErrorCatalogue;
