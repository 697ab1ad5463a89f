import { inject, type InjectionKey } from 'vue';
import type { Kiosk } from './kiosk.js';

export const kioskKey: InjectionKey<Kiosk> = Symbol('kiosk');

/** The kiosk of this page. */
export function useKiosk(): Kiosk {
  const kiosk = inject(kioskKey);
  if (kiosk === undefined) throw new Error('no kiosk was provided');
  return kiosk;
}
