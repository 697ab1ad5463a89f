/** Programs that put pictures of their own where a camera would be. */
const NOT_A_CAMERA = /\b(obs|virtual|manycam|xsplit|snap camera|e2esoft|droidcam|ivcam|epoccam|ndi|dummy|v4l2loopback|loopback)\b/i;

/** What a camera calls itself is followed by its maker's number; a reboot may change the number of the port behind it. */
const nameOf = (label: string): string => label.replace(/\s*\((usb-|\/dev\/|port )[^)]*\)/i, '').trim();

/**
 * Whether the kiosk may look through this camera: the one it was set up with. Another one is an injected picture until a
 * member of staff has allowed it at the machine.
 *
 * @param label as the browser names it; empty where it does not tell
 * @param allowed name of the camera of the set-up; null: none yet, then a real one is taken
 */
export function isAllowedCamera(label: string, allowed: string | null): boolean {
  if (NOT_A_CAMERA.test(label)) return false;
  return allowed === null || nameOf(label) === nameOf(allowed);
}
