import { keepLock } from '../device/lock.js';
import { askPanel } from '../device/server.js';
import type { Kiosk } from './kiosk.js';
import { OfflineRefused } from './offline-desk.js';
import { refusedBy } from './refused-by.js';
import type { Panel, Screen } from './screen.js';

/** Opens the panel for an attendant of this point, by what the machine knows itself where the network is away; a wrong number says so and can be typed again. */
export async function openPanel(kiosk: Kiosk, pin: string): Promise<void> {
  const next = await kiosk.asked(async (): Promise<Screen> => {
    try {
      const panel: Panel = await kiosk.orWithout(() => askPanel(pin), (desk) => desk.panelWithout(pin));
      return { name: 'staff', panel, health: await kiosk.offline.value?.health() ?? null };
    } catch (reason) {
      return { name: 'staff-pin', refused: reason instanceof OfflineRefused ? reason.refused : refusedBy(reason) };
    }
  });
  if (next !== undefined) kiosk.show(next);
}

/** Locks or frees the machine, and writes down who did. What was sold and not sent is handed in all the same. */
export async function lock(kiosk: Kiosk, locked: boolean, { staffId }: Panel): Promise<void> {
  await kiosk.while(async () => {
    await keepLock(locked);
    kiosk.locked.value = locked;
    await kiosk.offline.value?.panel.note(locked ? 'locked' : 'freed', staffId ?? null).catch(() => undefined);
    await kiosk.home();
  });
  void kiosk.refresh(); // the other machines of the point are to take over what this one would have sold, or give it back
}
