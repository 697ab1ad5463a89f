import type { ErrorCatalogue } from './error-words.js';

export const volunteerErrors = {
  'VOLUNTEER.TAKEN': { zh: '这张任务卡已经有人领了。', en: 'Somebody has taken this card already.' },
  'VOLUNTEER.TRIP_FIXED': { zh: '这一趟已经出发，不能再找志愿者。', en: 'This trip has left; it cannot be offered.' },
  'VOLUNTEER.FROM_KITCHEN': { zh: '从厨房出发的趟不能找志愿者。', en: 'A trip that leaves from the kitchen cannot be offered to volunteers.' },
  'VOLUNTEER.NOT_CLAIMED': { zh: '这张任务卡没有人领。', en: 'Nobody has claimed this card.' },
  'VOLUNTEER.BUSY': { zh: '您在这个时间已经领了另一趟。', en: 'You have taken another round at this time.' },
  'VOLUNTEER.ON_THE_ROAD': { zh: '这位志愿者正在送餐，送完再办。', en: 'This volunteer is on the road; wait until the round is done.' },
  'STORM.DAY_PAST': { zh: '只能为今天和以后的日子决定或撤回。', en: 'Only today and later days can be decided or undone.' },
  'STORM.STANDS': { zh: '没有决定。其中有的点这一餐已经改送上门（见下面的列表），请去掉再决定。', en: 'Nothing was decided. For one of these points the meal is brought already (see the list); leave it out and decide again.' },
  'STORM.UNDONE': { zh: '这个决定已经撤回。', en: 'This decision has been undone.' },
} as const satisfies ErrorCatalogue;
