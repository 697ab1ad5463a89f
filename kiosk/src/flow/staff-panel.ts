import { keepLock } from '../device/lock.js';
import { askPanel } from '../device/server.js';
import type { Kiosk } from './kiosk.js';
import { refusedBy } from './refused-by.js';

/** Opens the panel for an attendant of this point; a wrong number says so and can be typed again. */
export async function openPanel(kiosk: Kiosk, pin: string): Promise<void> {
  await kiosk.while(async () => {
    try {
      const panel = await askPanel(pin);
      kiosk.show({ name: 'staff', panel, health: await kiosk.offline.value?.health() ?? null });
    } catch (reason) {
      kiosk.show({ name: 'staff-pin', refused: refusedBy(reason) });
    }
  });
}

/** Locks or frees the machine. What was sold and not sent is handed in all the same. */
export async function lock(kiosk: Kiosk, locked: boolean): Promise<void> {
  await keepLock(locked);
  kiosk.locked.value = locked;
  await kiosk.home();
  void kiosk.refresh(); // the other machines of the point are to take over what this one would have sold, or give it back
}
