/**
 * Kinds of exceptions with the check they come from. `reason` has places that a finding fills; `shareBased` findings
 * rest on a share of all meals, so that more honest meals can bring a share below its limit.
 */
export interface KindDefinition {
  readonly zh: string;
  readonly en: string;
  readonly reason: { readonly zh: string; readonly en: string };
  /** 0 to 100: how much a finding of this kind weighs before anybody has looked at it. */
  readonly weight: number;
  readonly shareBased: boolean;
}

const kind = (weight: number, zh: string, en: string, reasonZh: string, reasonEn: string, shareBased = false): KindDefinition =>
  ({ zh, en, weight, shareBased, reason: { zh: reasonZh, en: reasonEn } });

export const EXCEPTION_KINDS = {
  'double-claim': kind(90, '一餐两报', 'Meal claimed twice', '同一位老人 {day} {period} 有 {n} 份补贴餐（{ways}）', 'One senior has {n} subsidised meals at {period} of {day} ({ways})'),
  'two-places': kind(85, '分身两地', 'Two places at once', '同一位老人 {gapS} 秒内在相距 {distanceM} 米的两处用餐，路上至少要 {needS} 秒', 'One senior was at two places {distanceM} m apart within {gapS} s; the way takes {needS} s at least'),
  'after-death': kind(100, '去世后用餐', 'Meal after death', '去世（{from}）之后还有 {n} 份餐', '{n} meals after the death on {from}'),
  'after-move': kind(80, '迁出后用餐', 'Meal after moving away', '迁出（{from}）之后还有 {n} 份餐', '{n} meals after moving away on {from}'),
  'during-stay': kind(80, '住院或入住机构期间用餐', 'Meal during a stay', '住院或入住养老机构（{from} 起）期间有 {n} 份餐', '{n} meals during a stay in hospital or nursing home from {from}'),
  'during-pause': kind(60, '停餐期间用餐', 'Meal during a pause', '停餐（{from} 起）期间有 {n} 份非本人到场的餐', '{n} meals during a pause from {from}, none taken in person by face'),
  'self-verified': kind(85, '自己经办自己核验', 'Performed and verified by one person', '同一个人经办又核验（{act}）{n} 次', 'One person performed and verified {act} {n} times'),
  'manual-share': kind(55, '人工录入占比高', 'Manual share high', '{week} 这一周人工录入 {n}/{total}，超过 {limitPct}%（偶然出现的概率不到 {pPpm} ppm）', 'Manual entries {n} of {total} in the week of {week}, above {limitPct} % (by chance below {pPpm} ppm)', true),
  'manual-burst': kind(60, '人工连续录入', 'Manual entries in a row', '同一工作人员 {day} 在 {minutes} 分钟的窗口内人工录入多笔，共 {n} 笔', 'One member of staff entered {n} meals by hand on {day} in windows of {minutes} minutes'),
  'meal-burst': kind(65, '短时间连刷', 'Burst of meals', '{day} 同一设备在 {seconds} 秒的窗口内连刷，共 {n} 份', '{n} meals on one device in windows of {seconds} s on {day}'),
  'idle-balance-burst': kind(75, '闲置账户被集中使用', 'Idle balance used up', '{idleDays} 天没有用过，{day} 起由人工连续使用 {n} 次', 'Not used for {idleDays} days, then {n} times by manual entry from {day}'),
  'idle-then-used': kind(75, '同一人唤醒多个闲置账户', 'Idle accounts woken by one person', '同一工作人员一周内人工使用了 {n} 个闲置账户', 'One member of staff used {n} idle accounts by hand within a week'),
  'flat-counts': kind(50, '每日人数过于平', 'Daily counts too flat', '{month} 共 {n} 个供餐日，人数几乎不变（均值 {mean}，离散度 {dispersion}）', '{n} service days of {month} hardly differ (mean {mean}, variance to mean {dispersion})', true),
  'digit-pattern': kind(45, '每日人数尾数异常', 'Last digits of counts', '{quarter} 共 {n} 个供餐日，人数尾数集中在 {digits}', 'Counts of {n} service days of {quarter} end in {digits} too often', true),
  'stop-without-proof': kind(60, '送达没有凭证', 'Delivered without proof', '{week} 这一周 {total} 个送达中 {n} 个没有凭证，超过 {limitPct}%', '{n} of {total} delivered stops in the week of {week} have no proof, above {limitPct} %', true),
  'bill-without-stop': kind(90, '账单没有对应的送达', 'Billed, never delivered', '{day} 账单上有 {n} 行没有对应的送达', '{n} lines billed for {day} have no delivered stop'),
  'signed-away': kind(70, '不在住址签收', 'Signed away from the address', '{day} 有 {n} 个送达不是在门口签的（{how}）', '{n} stops of {day} were not signed at the door ({how})'),
  'before-right': kind(80, '资格开始之前已享受送餐', 'Door before the right began', '{month} 有 {n} 份送餐按还没有的资格计费（{how}）', '{n} meals brought in {month} were priced by a right that had not begun ({how})'),
  'odd-hours': kind(65, '只在非供餐时间使用', 'Used at odd hours only', '{month} 用了 {n} 次，全部在供餐时间以外', 'Used {n} times in {month}, each outside serving hours'),
  'category-before-settlement': kind(60, '结算前改资格', 'Right changed before settlement', '{day}（月底结算前）{how}', '{how} on {day}, just before the month is settled'),
  'face-failed-then-manual': kind(75, '活体未通过后人工录入', 'Face failed, then manual', '{day} 活体检测未通过后随即人工录入 {n} 笔', '{n} manual entries right after a failed liveness check on {day}'),
  'closed-day': kind(80, '不供餐的日子有餐', 'Meals on a closed day', '{day} 没有供餐或已经日结，却有 {n} 份餐', '{n} meals on {day}, when the point was shut or its day closed'),
  'subsidy-over-gross': kind(100, '补贴大于原价', 'Subsidy above the price', '补贴 {subsidyFen} 分大于原价 {grossFen} 分', 'Subsidy of {subsidyFen} fen on a price of {grossFen} fen'),
  'shared-bank-account': kind(85, '两个运营方同一账户', 'One bank account, two operators', '{n} 个运营方收款账户相同', '{n} operators are paid to one account'),
} as const satisfies Readonly<Record<string, KindDefinition>>;

export type ExceptionKind = keyof typeof EXCEPTION_KINDS;
export const KIND_NAMES = Object.keys(EXCEPTION_KINDS) as ExceptionKind[];
