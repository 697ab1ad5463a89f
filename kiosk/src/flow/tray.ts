import { personCodeOf } from './offline-desk.js';
import type { TrayMeal } from './screen.js';

/** Whether this person is the one whose meal waits already: nobody eats with themselves. */
export const isOnTray = (tray: TrayMeal | null, personCode: string): boolean => tray !== null && personCode !== '' && personCodeOf(tray.candidate) === personCode;
