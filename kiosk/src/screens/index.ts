import { shallowReactive, type Component } from 'vue';
import type { Screen } from '../flow/screen.js';
import Checking from './checking.vue';
import Closed from './closed.vue';
import Enrol from './enrol.vue';
import OutOfService from './out-of-service.vue';
import Starting from './starting.vue';
import Welcome from './welcome.vue';

/** What may be the first thing on the glass arrives with the page; the other screens come while it stands there. */
const arrived: Partial<Record<Screen['name'], Component>> = shallowReactive({
  checking: Checking, closed: Closed, enrol: Enrol, 'out-of-service': OutOfService, starting: Starting, welcome: Welcome,
});

const AGAIN_MS = 2000;

/** Fetches the other screens; a network that fails just now is tried again. */
export async function fetchScreens(): Promise<void> {
  try {
    Object.assign(arrived, (await import('./later.js')).laterScreens);
  } catch {
    setTimeout(() => void fetchScreens(), AGAIN_MS);
  }
}

/** The screen of this name, or until it has arrived the one of the beginning. */
export const screenOf = (name: Screen['name']): Component => arrived[name] ?? Starting;
