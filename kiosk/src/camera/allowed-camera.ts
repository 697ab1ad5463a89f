/** Where a device keeps the name of the one camera that it looks through. */
export const CAMERA_NAME = 'rehufan.camera';

/** Names under which programs offer a film in place of a camera. A program can call itself anything: a hindrance, no proof. */
const PROGRAMS = /virtual|obs|manycam|droidcam|xsplit|snap camera|v4l2 ?loopback|dummy/i;

/**
 * Whether this device may look through a camera of this name: the one that it began with after it was enrolled, and no
 * program. Another camera is another enrolment of the device; until then the kiosk works without faces.
 *
 * @param name as the browser gives it, without the address of the port, which changes with the socket
 */
export function isAllowed(name: string, kept: { getItem(key: string): string | null; setItem(key: string, value: string): void }): boolean {
  if (PROGRAMS.test(name)) return false;
  const known = kept.getItem(CAMERA_NAME);
  if (known === null) kept.setItem(CAMERA_NAME, name);
  return known === null || known === name;
}
