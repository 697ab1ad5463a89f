import { addDays, ageOn, type BusinessDay } from '../kernel/business-day.js';
import { DomainError } from '../kernel/domain-error.js';

/** What can happen to a person that the meal system must follow. Entered once; everything else follows from it. */
export const LIFE_EVENT_KINDS = [
  'death', 'move-away', 'move-within', 'nursing-home', 'hospital', 'stay-end', 'category-start', 'category-end', 'birthday-90', 'merge', 'reversal',
] as const;
export type LifeEventKind = (typeof LIFE_EVENT_KINDS)[number];

/** What an event stops or starts. Each has one place in the code and one line in the table of consequences. */
export const CONSEQUENCES = [
  'registration', 'plans', 'orders', 'stops', 'face', 'cards', 'categories', 'contacts', 'meals-after', 'wallet', 'stay', 'home', 'offer',
] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

const FOLLOWS: Readonly<Record<LifeEventKind, readonly Consequence[]>> = {
  death: ['registration', 'plans', 'orders', 'stops', 'face', 'cards', 'categories', 'contacts', 'meals-after', 'wallet'],
  'move-away': ['registration', 'plans', 'orders', 'stops', 'face', 'cards', 'categories', 'contacts', 'meals-after', 'wallet'],
  'move-within': ['home', 'orders', 'stops', 'face'],
  'nursing-home': ['stay', 'orders', 'stops', 'meals-after'],
  hospital: ['stay', 'orders', 'stops', 'meals-after'],
  'stay-end': ['stay', 'orders'],
  'category-start': ['categories'],
  'category-end': ['categories', 'meals-after'],
  'birthday-90': ['offer'],
  merge: [],
  reversal: [],
};

/** What follows from an event of this kind, in the order in which it is done. */
export function consequencesOf(kind: LifeEventKind): readonly Consequence[] {
  return FOLLOWS[kind];
}

/**
 * The face is gone on every device and cannot be brought back: it must be captured again with a new consent. All else
 * that an event stopped can be restored.
 */
export function isRestorable(consequence: Consequence): boolean {
  return consequence !== 'face' && consequence !== 'contacts' && consequence !== 'meals-after';
}

/**
 * Deaths and moves are reported after they happened; only stays may be announced.
 *
 * @throws DomainError LIFE_EVENT.IN_FUTURE, LIFE_EVENT.TOO_EARLY (before birth)
 */
export function requireEventDay(kind: LifeEventKind, fromDay: BusinessDay, person: { birthDate: BusinessDay }, today: BusinessDay): void {
  const mayLieAhead = kind === 'nursing-home' || kind === 'hospital' || kind === 'stay-end' || kind === 'category-start' || kind === 'category-end';
  if (!mayLieAhead && fromDay > today) throw new DomainError('LIFE_EVENT.IN_FUTURE', 'invalid', { day: fromDay });
  if (fromDay < person.birthDate) throw new DomainError('LIFE_EVENT.TOO_EARLY', 'invalid', { day: fromDay });
}

/**
 * The first day whose meals somebody else must have eaten. On the day of a death or a move a meal may have been eaten
 * before it; on the first day of a stay the person was away.
 */
export function firstDayWithoutMeals(kind: LifeEventKind, fromDay: BusinessDay): BusinessDay {
  return kind === 'death' || kind === 'move-away' ? addDays(fromDay, 1) : fromDay;
}

/**
 * The day on which somebody completes `years`: the birthday, and 1 March for those born on 29 February where the year
 * has none, as ageOn counts.
 */
export function dayOfAge(birthDate: BusinessDay, years: number): BusinessDay {
  const year = Number(birthDate.slice(0, 4)) + years;
  const plain = `${String(year).padStart(4, '0')}${birthDate.slice(4)}` as BusinessDay;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return birthDate.endsWith('-02-29') && !leap ? `${String(year).padStart(4, '0')}-03-01` as BusinessDay : plain;
}

/** Whether somebody reached `years` on one of the last `catchUpDays` days up to `today`; a worker may have slept over midnight. */
export function reachedLately(birthDate: BusinessDay, years: number, today: BusinessDay, catchUpDays: number): boolean {
  const day = dayOfAge(birthDate, years);
  return day <= today && day > addDays(today, -catchUpDays) && ageOn(birthDate, today) >= years;
}

/** The days without any sign of a person after which the community asks (Guangshui's monthly and quarterly life check, standards.md 2.2). */
export const UNSEEN_DAYS = [30, 60, 90] as const;
export type UnseenDays = (typeof UNSEEN_DAYS)[number];

/** The band of the review queue for so many days unseen; null: seen lately enough. */
export function unseenBand(days: number): UnseenDays | null {
  return [...UNSEEN_DAYS].reverse().find((band) => days >= band) ?? null;
}
