import { z } from 'zod';
import { ApiRefusal } from '../../../../ui/api/index.js';
import { shanghaiDayOf } from '../../../../ui/dictionary/days.js';

const kept = z.object({ day: z.string(), loginName: z.string() });
/** By person, because nobody vouches for the own step: the next one who signs in here begins with an empty field. */
const placeOf = (staffId: string): string => `rehufan.enrol.colleague.${staffId}`;

/** Who confirmed the last face of today beside this person, so that a day of enrolments types the name once. Never a password. */
export function keptColleague(staffId: string, now: Date = new Date()): string {
  try {
    const found = kept.safeParse(JSON.parse(localStorage.getItem(placeOf(staffId)) ?? 'null'));
    return found.success && found.data.day === shanghaiDayOf(now) ? found.data.loginName : '';
  } catch {
    return '';
  }
}

/** Keeps the name for the rest of the day; a browser that stores nothing asks again. */
export function keepColleague(staffId: string, loginName: string, now: Date = new Date()): void {
  try {
    localStorage.setItem(placeOf(staffId), JSON.stringify({ day: shanghaiDayOf(now), loginName: loginName.trim() }));
  } catch {
    // The name is typed again.
  }
}

/** Whether a refusal is about the second person alone, so that the pictures need not be taken again. */
export function aboutColleague(error: unknown): boolean {
  return error instanceof ApiRefusal && (error.code.startsWith('FACE.SECOND_PERSON') || error.code === 'ACCESS.TOO_MANY_ATTEMPTS');
}
