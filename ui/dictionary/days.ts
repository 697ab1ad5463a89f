import { dictionary, language, t } from './index.js';

const DAY_MS = 86_400_000;
const WEEKDAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
} as const;
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const shanghaiDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
const shanghaiClock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

const epochDay = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/** The Shanghai day of an instant, `YYYY-MM-DD`, whatever the machine's time zone. */
export function shanghaiDayOf(instant: Date): string {
  return shanghaiDay.format(instant);
}

/** The day `days` after `day`, both `YYYY-MM-DD`. */
export function shiftDay(day: string, days: number): string {
  return new Date((epochDay(day) + days) * DAY_MS).toISOString().slice(0, 10);
}

/** 明天 周三 11月25日: relative word where there is one, weekday, month and day; the year only where it differs. */
export function dayInWords(day: string, today: string = shanghaiDayOf(new Date())): string {
  const distance = epochDay(day) - epochDay(today);
  const relative = distance === 0 ? t('common.dayToday') : distance === 1 ? t('common.dayTomorrow') : distance === -1 ? t('common.dayYesterday') : '';
  const weekday = WEEKDAYS[language.value][(((epochDay(day) + 3) % 7) + 7) % 7] ?? '';
  const [year = '', month = '', dayOfMonth = ''] = day.split('-').map((part) => String(Number(part)));
  const date = language.value === 'zh'
    ? `${year === String(Number(today.slice(0, 4))) ? '' : `${year}年`}${month}月${dayOfMonth}日`
    : `${dayOfMonth} ${MONTHS_EN[Number(month) - 1] ?? ''}${year === String(Number(today.slice(0, 4))) ? '' : ` ${year}`}`;
  return [relative, weekday, date].filter((part) => part !== '').join(' ');
}

/** 2026-11-25 11:02:33 in Shanghai, for lists and prints. */
export function instantText(instant: string | Date): string {
  const at = typeof instant === 'string' ? new Date(instant) : instant;
  return `${shanghaiDayOf(at)} ${shanghaiClock.format(at)}`;
}

/** 11:02 in Shanghai. */
export function clockText(instant: string | Date): string {
  return shanghaiClock.format(typeof instant === 'string' ? new Date(instant) : instant).slice(0, 5);
}

/** 10:30 for 630 minutes since midnight. */
export function minuteText(minuteOfDay: number): string {
  return `${String(Math.trunc(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`;
}

/** 午餐 for `lunch`. */
export function periodText(period: 'breakfast' | 'lunch' | 'dinner'): string {
  return dictionary[`common.period.${period}`][language.value];
}
