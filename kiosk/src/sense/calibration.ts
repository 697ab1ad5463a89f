import { DEFAULT_PX_PER_MM } from '../../../ui/tokens/tokens.js';
import { store } from '../device/store.js';

/** A card after ISO/IEC 7810 ID-1. */
export const CARD_MM = { width: 85.6, height: 53.98 } as const;

/** Room that every screen needs, in millimetres of the shorter and the longer side. */
const LEAST_MM = { short: 262, long: 460 } as const;

/** Told to the page when a millimetre has another size. */
export const MEASURES_CHANGED = 'rehufan-measures';

/** Height of the demonstration's bar, which is no part of the kiosk. */
const DEMO_BAR_PX = 48;

/** An uncalibrated page on a small window (a newcomer's laptop) is shown whole, smaller than on a real panel. */
function fittingPxPerMm(): number {
  const height = window.innerHeight - (new URLSearchParams(window.location.search).has('demo') ? DEMO_BAR_PX : 0);
  const [short = 0, long = 0] = [window.innerWidth, height].sort((a, b) => a - b);
  return Math.min(DEFAULT_PX_PER_MM, short / LEAST_MM.short, long / LEAST_MM.long);
}

export function setPxPerMm(pxPerMm: number): void {
  document.documentElement.style.setProperty('--mm', `${pxPerMm}px`);
  window.dispatchEvent(new Event(MEASURES_CHANGED));
}

const fitAgain = (): void => setPxPerMm(fittingPxPerMm());

export function currentPxPerMm(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'));
}

/** Sets the millimetre of this panel: as calibrated, else as fits. */
export async function applyCalibration(): Promise<void> {
  const stored = await store.settings.get('pxPerMm').catch(() => undefined);
  setPxPerMm(stored?.value ?? fittingPxPerMm());
  if (stored === undefined) window.addEventListener('resize', fitAgain);
}

export async function keepCalibration(pxPerMm: number): Promise<void> {
  await store.settings.put({ name: 'pxPerMm', value: pxPerMm });
  window.removeEventListener('resize', fitAgain);
  setPxPerMm(pxPerMm);
}
