/** Refusals around the log of food safety. No money moves here. */
export const foodSafetyErrors = {
  'SAFETY.WHY_MISSING': { zh: '没有登记。不合格的要写一句怎么处理。', en: 'Nothing was recorded. For what does not pass, write what was done.' },
  'SAFETY.CHECK_SIGNED': { zh: '没有改动。这一次检查已经签过。', en: 'Nothing changed. This check is already signed.' },
  'SAFETY.INSPECTION_CLOSED': { zh: '没有改动。这一条已经整改完。', en: 'Nothing changed. This finding is already closed.' },
  'SAFETY.PHOTO_BAD': { zh: '没有登记。照片要是 JPEG 或 PNG，不超过 300 KB。', en: 'Nothing was recorded. The photo must be a JPEG or PNG of at most 300 KB.' },
  'PROBE.UNKNOWN': { zh: '没有登记。这个温度探头没有登记过。', en: 'Nothing was recorded. This probe is not known.' },
  'PROBE.LIMITS_CROSSED': { zh: '没有登记。下限要低于上限。', en: 'Nothing was recorded. The lower limit must lie below the upper one.' },
  'PROBE.NAME_TAKEN': { zh: '没有登记。已经有同名的探头。', en: 'Nothing was recorded. A probe of this name exists.' },
} as const;
