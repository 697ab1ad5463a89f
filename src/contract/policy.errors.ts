/** Refusals around subsidy policies. None of them moves money. */
export const POLICY_ERRORS = {
  'POLICY.TIERS_OVERLAP': { zh: '没有保存。两个年龄段重叠，请改正后再试', en: 'Nothing was saved: two age tiers overlap. Correct them and try again.' },
  'POLICY.TIERS_GAP': { zh: '没有保存。年龄段之间有空缺，请补齐后再试', en: 'Nothing was saved: an age belongs to no tier. Close the gap and try again.' },
  'POLICY.INVALID': { zh: '没有保存。补贴规则有误，请检查标出的地方', en: 'Nothing was saved: a subsidy rule is wrong. Check the place that is named.' },
  'POLICY.OVERLAPPING_VERSIONS': { zh: '没有扣钱。这一天有两份生效的补贴政策，请联系街道财务', en: 'No money was taken: two subsidy policies are in force on this day. Call street finance.' },
} as const;
