import type { ErrorCatalogue } from './error-words.js';

export const policyErrors = {
  'DELIVERY_FEE.TOO_EARLY': { zh: '没有保存。送餐费最早从明天起生效，一天只有一个价。', en: 'Nothing was saved. A delivery fee begins tomorrow at the earliest; a day has one price.' },
  'POLICY.TIERS_OVERLAP': { zh: '没有保存。两个年龄段重叠,请改正后再试。', en: 'Nothing was saved. Two age tiers overlap; correct them and try again.' },
  'POLICY.TIERS_GAP': { zh: '没有保存。有的年龄不在任何年龄段里,请补齐后再试。', en: 'Nothing was saved. Some age belongs to no tier; close the gap and try again.' },
  'POLICY.INVALID': { zh: '没有保存。补贴规则有误,请检查标出的地方。', en: 'Nothing was saved. A subsidy rule is wrong; check the place that is named.' },
  'POLICY.VERSIONS_OVERLAP': { zh: '没有保存。这段日期已有生效的补贴政策。', en: 'Nothing was saved. A policy is already in force on some of these days.' },
  'POLICY.IMPORT_REFUSED': { zh: '没有导入，也没有保存。请按提示改正文件里的这一处。', en: 'Nothing was imported or saved. Correct the place that is named in the file.' },
  'POLICY.CHANGED_MEANWHILE': { zh: '没有保存。这份草稿刚被改过，请刷新后再试。', en: 'Nothing was saved. The draft was changed meanwhile; refresh and try again.' },
  'POLICY.NOT_A_DRAFT': { zh: '没有改动。只有草稿能改，已提交或已发布的政策请另建新版本。', en: 'Nothing was changed. Only drafts can be edited; make a new version instead.' },
  'POLICY.NOT_YOURS': { zh: '没有改动。只有起草人能改这份草稿，您可以复制成自己的草稿。', en: 'Nothing was changed. Only its author edits a draft; copy it to a draft of your own.' },
  'POLICY.NOT_PROPOSED': { zh: '没有发布。这份政策还没有提交，或已经处理过。', en: 'Nothing was published. The policy is not proposed, or was dealt with already.' },
  'POLICY.TESTS_FAIL': { zh: '没有提交。有测试用例没有通过，请先改规则或用例。', en: 'Not proposed. A test case fails; correct the rules or the case first.' },
  'POLICY.NO_TESTS': { zh: '没有提交。请至少保留一个测试用例。', en: 'Not proposed. Keep at least one test case.' },
  'POLICY.NOT_REHEARSED': { zh: '没有发布。请先用过去一个月试算这份规则，再发布。', en: 'Nothing was published. Rehearse exactly these rules against a past month first.' },
  'POLICY.SECOND_PERSON': { zh: '没有发布。起草人不能发布自己的政策，请另一位同事发布。', en: 'Nothing was published. The author cannot publish; a second person does.' },
  'POLICY.BEGINS_IN_THE_PAST': { zh: '没有发布。生效日期要从明天起；只有补上没有政策的日子，才能早于今天。', en: 'Nothing was published. A version begins tomorrow at the earliest, unless it only fills days without a policy.' },
  'POLICY.DAYS_HAVE_MEALS': { zh: '没有发布。这些日子已经按原政策卖出了餐，不能改。', en: 'Nothing was published. Meals were already sold under the version of these days.' },
  'POLICY.MONTH_TO_COME': { zh: '没有试算。请选已经开始的月份。', en: 'Nothing was computed. Choose a month that has begun.' },
} as const satisfies ErrorCatalogue;
