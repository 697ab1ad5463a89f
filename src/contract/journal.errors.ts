import type { ErrorCatalogue } from './error-words.js';

export const journalErrors = {
  'JOURNAL.NOTHING_SEALED': {
    zh: '没有动钱。{month} 还没有任何一天封账，没有可以交给审计的文件。', en: 'No money moved. No day of {month} has been sealed yet, so there is no file to hand out.',
  },
  'JOURNAL.CHECK_RUNNING': {
    zh: '没有动钱。已经有一次核对在排队或进行中，请等它结束。', en: 'No money moved. A check is waiting or running already; wait for it to end.',
  },
} as const satisfies ErrorCatalogue;
