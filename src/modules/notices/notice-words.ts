import type { NoticeKind } from '../../contract/notices.js';

interface Wording { readonly zh: string; readonly en: string }

/** The sentence of each notice; `{name}` is filled from the notice's facts. Names of people never stand in a notice to staff. */
const WORDS: Readonly<Record<NoticeKind, Wording>> = {
  'recall-opened': {
    zh: '召回：{what}，{reason}。有关的菜已停售，请把没出的份数留住，等街道通知。',
    en: 'Recall: {what}, {reason}. Its dishes are no longer sold; keep back what has not been served and wait for the street.',
  },
  'recall-elsewhere': {
    zh: '{kitchen}召回了生产批号 {batch} 的{name}（{reason}）。本厨房还有{lots}批同样批号的货，请马上核对，是的话也召回。',
    en: '{kitchen} recalled {name} of producer’s batch {batch} ({reason}). {lots} lots here bear the same batch: check them now, and recall them if they are the same.',
  },
  'allergen-added': {
    zh: '{day}菜单上的{dish}多了{count}种过敏原，有{people}位订了餐的老人不能吃。请换掉旧标签，先看冲突单。',
    en: '{dish} on the menu of {day} holds {count} allergens more; {people} people who ordered it must not get it. Replace old labels and look at the clash sheet.',
  },
  'recall-on-road': {
    zh: '{depot} {crew} 第{trip}趟车上有{boxes}份召回的餐，不要送出；没有送的带回，送了的请马上联系老人。',
    en: '{depot} {crew}, trip {trip}: {boxes} boxes are recalled. Do not hand them over; bring them back, and call whoever got one.',
  },
  'recalled-meal': {
    zh: '紧急：{point}有一位老人拿到了召回的餐，请马上打电话让他别吃。编号 {code}',
    en: 'Urgent: {point}: somebody got a recalled meal. Call now, before it is eaten. Code {code}',
  },
  'dish-changed': {
    zh: '换菜：{day}套餐{sets}的{from}换成{to}，多了{count}种过敏原。请换掉旧标签，先看冲突单再开餐。',
    en: 'Dish changed: on {day}, set {sets}, {from} becomes {to}, with {count} allergens more. Replace old labels and look at the clash sheet before service.',
  },
  'probe-alarm': {
    zh: '{probe}超出{from}到{to}°C已有{minutes}分钟，现在{celsius}°C，请马上去看。',
    en: '{probe} has been outside {from} to {to} °C for {minutes} minutes, now {celsius} °C. Look at once.',
  },
  'probe-was-out': {
    zh: '{probe}在{day} {time}起超出{from}到{to}°C共{minutes}分钟，到过{celsius}°C，读数现在才送到。里面的东西先别用，马上查。',
    en: '{probe} was outside {from} to {to} °C for {minutes} minutes from {day} {time} on, up to {celsius} °C; its readings have only now arrived. Keep what lay in it back and look.',
  },
  'probe-silent': {
    zh: '{probe}已有{minutes}分钟没有读数，请马上去看温度和探头。',
    en: '{probe} has said nothing for {minutes} minutes. Look at the temperature and the probe now.',
  },
  'load-warm': {
    zh: '{point}收第{wave}车时{celsius}°C，不在热藏或冷藏的范围，请先别发，马上商量怎么处理。',
    en: 'Load {wave} reached {point} at {celsius} °C, neither hot nor cold enough. Do not serve it before it is decided what to do.',
  },
  'load-late': {
    zh: '送{point}的第{wave}车出发{minutes}分钟了还没有收到,请马上联系。',
    en: 'Load {wave} to {point} left {minutes} minutes ago and has not been accepted. Call now.',
  },
  'trip-late': {
    zh: '{depot} {crew} 第{trip}趟应在{time}送完,还有{open}户没有结果,请马上联系配送员。',
    en: '{depot} {crew}, trip {trip}: due {time}, {open} doors without a result. Call the crew now.',
  },
  'trip-stale': {
    zh: '{depot} {crew} 第{trip}趟离开{minutes}分钟了，超过{limit}分钟的热度时限，还有{open}户没有结果。请马上联系配送员，凉了的饭不要交。',
    en: '{depot} {crew}, trip {trip} left {minutes} minutes ago, beyond the {limit} in which food is fresh; {open} doors have no result. Call the crew now; cold food is not handed over.',
  },
  'crate-differs': {
    zh: '{depot} {crew} 第{trip}趟按旧送餐单出发：单上少了{missing}户（第{doors}户），多了{gone}户。请马上联系配送员。',
    en: '{depot} {crew}, trip {trip} left with an older sheet: {missing} doors are not on it (no. {doors}), {gone} are no longer its. Call the crew now.',
  },
  'must-serve-unplanned': {
    zh: '{depot} {day} 有{count}位必须送达的老人没有排进路线,请在出发前安排。',
    en: '{depot}, {day}: {count} people who must be served are on no trip. Decide before departure.',
  },
  'radius-decided': {
    zh: '{depot} {day} 有{count}位必须送达的老人超出15分钟范围,已改由其他出发点配送。',
    en: '{depot}, {day}: {count} people who must be served live outside the radius and were given to another depot.',
  },
  'plan-failed': {
    zh: '{depot} {day} 的路线没有排出来,请人工处理。编号 {run}',
    en: '{depot}, {day}: the routes could not be planned. Please act. Run {run}',
  },
  'plan-under-way': {
    zh: '{depot} {day} 的路线已经出发,新增的{count}份没有排进去,请人工安排。',
    en: '{depot}, {day}: trips have left; {count} further meals are on no trip. Please act.',
  },
  'plan-doors-late': {
    zh: '{depot} {day} 路上用时变了,有{count}户会晚到或餐凉,请看路线。',
    en: '{depot}, {day}: the ways take longer now; {count} doors become late or cold. Please look at the routes.',
  },
  'trip-unmanned': {
    zh: '{depot} 第{trip}趟({boxes}盒)志愿者没有来,原来的配送组也去不了,路线正在重排,请看。',
    en: '{depot}, trip {trip} ({boxes} boxes): the volunteer did not come and its crew cannot ride it. It is planned again; please look.',
  },
  'meal-not-handed-over': {
    zh: '{time} 送餐没有送到:{reason}。请联系配送站 {phone}。',
    en: 'The meal was not handed over at {time}: {reason}. Please call {phone}.',
  },
  'wallet-topped-up': {
    zh: '已充值{amount}元,余额{balance}元。{time}',
    en: 'Topped up by {amount} yuan, balance {balance} yuan. {time}',
  },
  'face-enrolled': {
    zh: '{point} {time} 登记了刷脸。如果不是本人同意办的，请马上联系 {phone}，可以当场取消。',
    en: 'A face was registered at {point}, {time}. If this was not wanted, call {phone} at once; it can be withdrawn on the spot.',
  },
  'face-restored': {
    zh: '{point} {time} 恢复了以前登记的刷脸，后来登记的已停用。如果不是本人同意办的，请马上联系 {phone}。',
    en: 'The face registered before was put back at {point}, {time}; the later one is no longer used. If this was not wanted, call {phone} at once.',
  },
  'meal-collected': {
    zh: '{time} 登记的代取人取走了{meal}。如果不是您安排的，请联系 {phone}。',
    en: '{meal} was taken by your named collector at {time}. If you did not ask for it, call {phone}.',
  },
  'wallet-low': {
    zh: '{name}今天用餐时余额不够，还有{balance}元，请记得充值。有事请联系助餐点 {phone}。',
    en: 'The account of {name} did not cover today’s meal; {balance} yuan are left. Please top it up, or call the point: {phone}.',
  },
  'stop-held': {
    zh: '第{trip}趟第{door}户不用送了，餐带回。',
    en: 'Trip {trip}, door {door}: do not deliver; bring the meal back.',
  },
  'meals-ended': {
    zh: '{name}的助餐服务已按登记停止。账户余额和其他事情，请您方便的时候联系助餐点 {phone}。',
    en: 'The meal service of {name} has been ended as registered. For the balance and anything else, please call {phone} when it suits you.',
  },
  'special-ending': {
    zh: '{count}位特殊老人的资格将在30天内到期，请安排复核续期。',
    en: '{count} approvals of special seniors end within 30 days. Please see to their renewal.',
  },
  'paper-ending': {
    zh: '{operator}的{paper}将于{day}到期，还有{days}天。到期后不能享受补贴销售，也不能结算。',
    en: '{operator}: the {paperEn} ends on {day}, in {days} days. After that no subsidised sale and no claim.',
  },
  'birthday-90': {
    zh: '{count}位老人年满90岁，可以为他们安排免费送餐，请社区上门询问。',
    en: '{count} people have turned 90 and may have meals delivered. Please ask them.',
  },
  'day-unclosed': {
    zh: '{point}还有{count}天没有结账,最早是{day},请今天结清。',
    en: '{point} has {count} days that are not closed, the oldest {day}. Close them today.',
  },
  'day-unclosed-escalated': {
    zh: '{point}有{count}天没有结账,最早是{day},请督办。',
    en: '{point} has {count} days that are not closed, the oldest {day}. Please see to it.',
  },
  'portions-sent': {
    zh: '{from}调来{portions}份{set},到了请点数收下。',
    en: '{from} is sending {portions} portions of {set}. Count and accept them on arrival.',
  },
  'no-answer': {
    zh: '{point}有一位老人联系不上，现在请{step}。编号 {code}，请打开关怀页面处理。',
    en: '{point}: somebody cannot be reached; the next step is due. See the care page, code {code}.',
  },
  'care-alarm': {
    zh: '紧急：{point}的配送员呼叫，有老人需要帮助，请马上联系。编号 {code}',
    en: 'Urgent: a crew of {point} calls for help. Act now. Code {code}',
  },
  'care-condition': {
    zh: '{point}的配送员觉得一位老人情况不好，请今天上门看看。编号 {code}',
    en: '{point}: a crew is worried about somebody. Please visit today. Code {code}',
  },
  'wrong-box': {
    zh: '紧急：{point}有一位老人可能拿到了不能吃的餐，请马上打电话让他先别吃。编号 {code}',
    en: 'Urgent: {point}: somebody may have got a meal that must not reach them. Call now, before it is eaten. Code {code}',
  },
  'volunteers-wanted': {
    zh: '有送餐任务等人领，请打开“志愿任务”。编号 {code}',
    en: 'Meals are waiting for somebody to bring them; see the volunteer cards. Code {code}',
  },
  'storm-delivery': {
    zh: '{day} 天气不好，您的餐我们送上门，价格不变。不需要请打电话 {phone}。',
    en: '{day}: because of the weather your meal is brought to you at the same price. Call {phone} if you do not want it.',
  },
  'trip-departs': {
    zh: '{depot} 第{trip}趟 {time} 出发，共{boxes}盒，请装车清点。',
    en: '{depot}: trip {trip} leaves at {time} with {boxes} boxes. Please load and count.',
  },
  'trip-not-left': {
    zh: '{depot} {crew} 第{trip}趟应在{time}出发，还没有出发，请马上联系。',
    en: '{depot}, {crew}: trip {trip} should have left at {time} and has not. Call now.',
  },
  'storm-undone': {
    zh: '{day} 天气好转，您的餐请照旧到助餐点取。来不了请打电话 {phone}。',
    en: '{day}: the weather is better; please collect your meal as usual. Call {phone} if you cannot come.',
  },
  'storm-crew': {
    zh: '{day} {point}因天气改送上门，您这一组可能要多跑几趟。新的送餐单排好后在手机上看，路上小心，安全第一。',
    en: '{day}: {point} brings its meals because of the weather, so you may have more trips. Look at your phone once the plan is made. Safety first.',
  },
  'storm-point': {
    zh: '{day} {point}要自取的餐改为送上门，请照送餐单装盒，留人接电话。',
    en: '{day}: what would be collected at {point} is brought. Pack by the route sheets and keep somebody at the telephone.',
  },
  'storm-over': {
    zh: '{day} 改送上门已撤回，没出发的改回自取，请看新的送餐单。编号 {code}',
    en: '{day}: meals are collected again; what has not left is off the sheets. Code {code}',
  },
  'delivery-pattern': {
    zh: '{crew}在{seconds}秒内记了{count}户送到，其余的没有入账，请在“送到未入账”里核对。',
    en: '{crew} recorded {count} doors within {seconds} seconds; what followed is not posted. Review it under delivered, not posted.',
  },
  'welfare-list': {
    zh: '{day} 有{count}位老人需要打电话问候，请看关怀页面。',
    en: '{day}: {count} people to call; see the care page.',
  },
  'help-called': {
    zh: '{device}前有人需要帮助,请马上过去。',
    en: 'Somebody at {device} needs help. Please go there now.',
  },
  'device-enrolled': {
    zh: '{time} {point}登记了一台新机器“{device}”，还不能用。请走到机器前，在设备页输入它屏幕上的数字来确认；没看到机器就不要确认，并停用它。24 小时没有确认就作废。',
    en: '{time}: a new device, {device}, was enrolled for {point}; it does nothing yet. Stand before it and confirm it on the page Devices by the number on its screen. If no such machine stands there, do not confirm it and revoke it. After 24 hours it lapses.',
  },
  'device-place-guessed': {
    zh: '{time} {point}的新机器“{device}”确认数字错了五次，已停用，没有卖过饭。请去看看是谁、在哪里登记的。',
    en: '{time}: five wrong numbers for the new device {device} of {point}. It was revoked and has sold nothing. Find out who set it up, and where.',
  },
  'device-place-lapsed': {
    zh: '{time} {point}的新机器“{device}”24 小时没有人在现场确认，已作废，没有卖过饭。要用它，请重新生成设备码。',
    en: '{time}: nobody confirmed the new device {device} of {point} on site within 24 hours. It has lapsed and sold nothing. Draw a new code to use it.',
  },
  'device-forged': {
    zh: '有人冒用{device}发来请求，不是这台机器发的，已拒绝，没有扣钱。请马上去看这台机器；有疑问就停用它。',
    en: 'Requests came in the name of {device} that it did not send. They were refused; no money moved. Look at the device now, and revoke it if in doubt.',
  },
  'payment-key-reused': {
    zh: '{device}用同一个付款号要付另一笔，已拒绝，没有再扣钱。请去看这台机器。',
    en: '{device} used the key of one payment for another. It was refused; no further money moved. Look at the device.',
  },
  'pin-guessed': {
    zh: '{time} {device}前有人多次输错同一位老人的密码，已先停下。请去看看是谁在试；本人可以刷卡、刷脸或由您帮忙。',
    en: '{time}: somebody at {device} told the wrong secret of one person several times; it is paused. Go and see who is trying. The person may use card or face, or your help.',
  },
  'pin-guessed-own': {
    zh: '{time} 在{point}有人多次输错您的取餐密码，没有扣钱。如果不是您，请联系 {phone}。',
    en: 'Your secret was told wrongly several times at {point}, {time}. No money moved. If it was not you, call {phone}.',
  },
  'payment-found': {
    zh: '{device}有一笔当时没有回音的付款,现在查到已经扣钱。请找到这位客人:没有领餐的请补给,或者在人工台退款。',
    en: '{device} found that a payment without an answer was charged. Find the guest: hand out the meal, or refund it at the desk.',
  },
  'payment-dropped': {
    zh: '{device}有一笔超过两分钟没有回音的付款,已经放弃,没有扣钱。如果餐已经给出去了,请在人工台补记。',
    en: '{device} gave up a payment that had no answer for two minutes; nothing was charged. If the meal was handed out, record it at the desk.',
  },
};

export type NoticeFacts = Readonly<Record<string, string | number>>;

/** The sentences of a notice in both languages, cut to what a message carries. */
export function noticeText(kind: NoticeKind, facts: NoticeFacts): Wording {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (place, name: string) => (name in facts ? String(facts[name]) : place)).slice(0, 300);
  return { zh: fill(WORDS[kind].zh), en: fill(WORDS[kind].en) };
}
