/** One number that decides what is an exception: data with a source, so that a street can change it and an auditor can ask why. */
export interface SettingDefinition {
  readonly byDefault: number;
  readonly least: number;
  readonly most: number;
  readonly source: { readonly zh: string; readonly en: string };
  readonly zh: string;
  readonly en: string;
}

const audit = (zh: string, en: string): SettingDefinition['source'] => ({ zh: `助餐审计检查项：${zh}`, en: `audit check of meal programmes: ${en}` });
const proposal = (zh: string, en: string): SettingDefinition['source'] => ({ zh: `建议值，由街道确认：${zh}`, en: `proposal, for the street to confirm: ${en}` });
const CALIBRATED: SettingDefinition['source'] = { zh: '用种子 9001 到 9005 的模拟年份标定，这些年份不计分', en: 'calibrated on generated years with seeds 9001 to 9005, which are never scored' };

/**
 * Every threshold. `source` says where the default comes from: a published check, a physical bound, a proposal to be
 * confirmed by the street, or calibration on generated years that are not scored.
 */
export const EXCEPTION_SETTINGS = {
  travelSpeedKmh: { byDefault: 15, least: 4, most: 60, source: { zh: '排路线用的估算车速：公交或三轮车，含等车', en: 'the estimate speed of route planning: a bus or tricycle, waiting included' }, zh: '两点之间的最快车速（公里/小时）', en: 'Fastest way between two places, km/h' },
  travelToleranceS: { byDefault: 120, least: 0, most: 900, source: { zh: '刷脸机停止售卖之前允许的时钟偏差', en: 'clock drift that a kiosk may have before it stops selling' }, zh: '两台设备时钟允许的偏差（秒）', en: 'Clock drift between two devices, seconds' },
  manualShareLimit: { byDefault: 0.05, least: 0.01, most: 0.5, source: audit('一个点的人工占比超过 5%', 'manual share of a point above 5 %'), zh: '人工录入占比上限', en: 'Share of manual entries a point may have' },
  manualShareNewStaff: { byDefault: 0.35, least: 0.05, most: 1, source: CALIBRATED, zh: '新人头几天的人工占比上限', en: 'Share of manual entries in the first days of an account' },
  newStaffDays: { byDefault: 7, least: 0, most: 31, source: proposal('服务员的第一周', 'the first week of an attendant'), zh: '新人期（天）', en: 'Days an account counts as new' },
  kioskDownShare: { byDefault: 0.1, least: 0, most: 0.5, source: CALIBRATED, zh: '设备停用时机器售卖的最大占比', en: 'Share of device sales up to which a kiosk counts as down' },
  shareAlpha: { byDefault: 0.01, least: 0.000001, most: 0.1, source: proposal('全街道平均一百周误报一次', 'one false alarm in a hundred weeks over all points together'), zh: '占比检验每周总误报率', en: 'False alarm rate of share tests, all points, per week' },
  manualBurstEntries: { byDefault: 4, least: 2, most: 50, source: audit('同一人 10 分钟内人工录入超过 3 笔', 'more than 3 manual entries of one operator in 10 minutes'), zh: '同一人十分钟内人工录入笔数', en: 'Manual entries of one person in the window' },
  manualBurstWindowS: { byDefault: 600, least: 60, most: 7200, source: audit('10 分钟', '10 minutes'), zh: '人工连录的窗口（秒）', en: 'Window of manual entries, seconds' },
  mealBurstMeals: { byDefault: 10, least: 3, most: 100, source: audit('60 秒内 10 份', '10 meals in 60 seconds'), zh: '一台设备一分钟内的份数', en: 'Meals on one device in the window' },
  mealBurstWindowS: { byDefault: 60, least: 10, most: 600, source: audit('60 秒', '60 seconds'), zh: '连刷的窗口（秒）', en: 'Window of meals, seconds' },
  idleDays: { byDefault: 60, least: 14, most: 365, source: proposal('两个 30 天没有使用', 'two review periods of 30 days without a sign of use'), zh: '多少天没用算闲置', en: 'Days without use that make an account idle' },
  idleBurstUses: { byDefault: 4, least: 2, most: 30, source: CALIBRATED, zh: '闲置后三天内人工用几次', en: 'Manual uses after idleness' },
  idleBurstDays: { byDefault: 3, least: 1, most: 14, source: CALIBRATED, zh: '闲置后集中使用的天数', en: 'Days in which they fall' },
  idleWokenSeniors: { byDefault: 4, least: 2, most: 50, source: CALIBRATED, zh: '同一人一周内唤醒的闲置账户', en: 'Idle accounts that one person wakes by hand in a week' },
  flatFloor: { byDefault: 0.25, least: 0.05, most: 1, source: CALIBRATED, zh: '正常人数的最小离散度', en: 'Least variance to mean of honest daily counts' },
  countAlpha: { byDefault: 0.01, least: 0.000001, most: 0.1, source: proposal('全街道平均一百年误报一次，分摊到点和月', 'one false alarm in a hundred years of the whole street, split over points and months'), zh: '人数检验全年总误报率', en: 'False alarm rate of count tests, all points, per year' },
  countLeastDays: { byDefault: 15, least: 8, most: 31, source: proposal('一个月供餐日太少就不下判断', 'service days of a month below which nothing is said'), zh: '每月至少多少个供餐日才检验', en: 'Service days a month must have' },
  proofLimit: { byDefault: 0.05, least: 0, most: 0.9, source: proposal('门口没人报得出尾号的情况', 'doors where nobody can say the digits'), zh: '无凭证送达占比上限', en: 'Share of delivered stops without proof' },
  signedAwayM: { byDefault: 250, least: 50, most: 5000, source: proposal('高楼间手机定位的误差', 'error of a phone’s place between high buildings'), zh: '签收点离住址（米）', en: 'Metres between signature and door' },
  paceKmh: { byDefault: 25, least: 10, most: 80, source: { zh: '电动自行车的法定最高车速', en: 'the legal top speed of an electric bicycle' }, zh: '送餐最快速度（公里/小时）', en: 'Fastest crew, km/h in a straight line' },
  paceStops: { byDefault: 4, least: 3, most: 20, source: CALIBRATED, zh: '连续签收的站数', en: 'Stops signed in a row' },
  oddMarginMin: { byDefault: 60, least: 0, most: 240, source: proposal('供餐时间前后一小时', 'one hour around the services of a point'), zh: '供餐时间外多少分钟', en: 'Minutes around the services of a point' },
  oddUses: { byDefault: 3, least: 2, most: 30, source: audit('只在 23 点用卡；次数为建议值', 'a card used only at 23 o’clock; number proposed'), zh: '一个月内全部在非供餐时间的次数', en: 'Uses in a month, all at odd hours' },
  settlementDays: { byDefault: 5, least: 1, most: 15, source: proposal('申报当月之前的几天', 'the days before the month is claimed'), zh: '结算前几天', en: 'Last days of a month' },
  backdatedDays: { byDefault: 7, least: 1, most: 60, source: proposal('比材料从社区到街道的时间长', 'longer than a paper takes from community to street'), zh: '资格倒签的天数', en: 'Days a right lies back when written' },
  faceThenManualS: { byDefault: 180, least: 30, most: 1800, source: audit('照片过脸后人工录入；时间为建议值', 'face match by photo followed by manual entry; minutes proposed'), zh: '活体未通过后几秒内人工录入', en: 'Seconds from failed liveness to manual entry' },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingKey = keyof typeof EXCEPTION_SETTINGS;
export type ExceptionSettings = Readonly<Record<SettingKey, number>>;

/** The settings of a street: what it has set within bounds, defaults for the rest. Unknown names and wild values are left out. */
export function settingsWith(changed: Readonly<Record<string, number>>): ExceptionSettings {
  return Object.fromEntries(Object.entries(EXCEPTION_SETTINGS).map(([key, { byDefault, least, most }]) => {
    const value = changed[key];
    return [key, value !== undefined && value >= least && value <= most ? value : byDefault];
  })) as Record<SettingKey, number>;
}
