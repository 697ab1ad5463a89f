import { setting, store } from './store.js';

const LOCKED = 'locked';

/** Whether an attendant has taken this machine out of use; kept over a restart. */
export const isLocked = async (): Promise<boolean> => await setting(LOCKED) === 1;

export async function keepLock(locked: boolean): Promise<void> {
  await store.settings.put({ name: LOCKED, value: locked ? 1 : 0 });
}
