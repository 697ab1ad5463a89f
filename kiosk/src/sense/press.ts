import { clickSound, wakeSound } from './sound.js';

/** A trembling hand often taps twice: whatever follows within this time of an accepted tap is not meant. */
export const PRESS_GAP_MS = 800;

let lastAcceptedMs = -Infinity;
let lastTouchMs = performance.now();

/** ms since the page was last touched. */
export const untouchedMs = (): number => performance.now() - lastTouchMs;

export function noteTouch(): void {
  lastTouchMs = performance.now();
  wakeSound();
}

/**
 * Whether this tap counts. Called on release (`click`). Digits of a number pad pass `gapMs` 0 for two different keys.
 */
export function acceptPress(gapMs = PRESS_GAP_MS): boolean {
  const now = performance.now();
  noteTouch();
  if (now - lastAcceptedMs < gapMs) return false;
  lastAcceptedMs = now;
  clickSound();
  return true;
}
