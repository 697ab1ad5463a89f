import type { ErrorCatalogue } from './error-words.js';

export const policyErrors = {
  'POLICY.TIERS_OVERLAP': { zh: '没有保存。两个年龄段重叠,请改正后再试。', en: 'Nothing was saved. Two age tiers overlap; correct them and try again.' },
  'POLICY.TIERS_GAP': { zh: '没有保存。有的年龄不在任何年龄段里,请补齐后再试。', en: 'Nothing was saved. Some age belongs to no tier; close the gap and try again.' },
  'POLICY.INVALID': { zh: '没有保存。补贴规则有误,请检查标出的地方。', en: 'Nothing was saved. A subsidy rule is wrong; check the place that is named.' },
  'POLICY.VERSIONS_OVERLAP': { zh: '没有保存。这段日期已有生效的补贴政策。', en: 'Nothing was saved. A policy is already in force on some of these days.' },
} as const satisfies ErrorCatalogue;
