import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { drawSlip } from './draw-slip.js';
import { rasterSlip } from './esc-pos.js';

/** USB class of printers. */
const PRINTER_CLASS = 7;
/** Out-of-paper printers hold the line; then the browser's own printing is tried. */
const SENT_WITHIN_MS = 4000;

/** What this file needs of WebUSB. */
interface Endpoint { readonly endpointNumber: number; readonly direction: 'in' | 'out' }
interface Interface { readonly interfaceNumber: number; readonly alternate: { readonly interfaceClass: number; readonly endpoints: readonly Endpoint[] } }
interface Device {
  readonly opened: boolean;
  readonly configuration: { readonly interfaces: readonly Interface[] } | null;
  open(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  claimInterface(number: number): Promise<void>;
  transferOut(endpoint: number, data: Uint8Array): Promise<{ readonly status?: string }>;
}
interface Usb { getDevices(): Promise<Device[]> }

const usb = (): Usb | null => (navigator as unknown as { usb?: Usb }).usb ?? null;

async function send(device: Device, bytes: Uint8Array): Promise<boolean> {
  if (!device.opened) await device.open();
  if (device.configuration === null) await device.selectConfiguration(1);
  const printer = device.configuration?.interfaces.find(({ alternate }) => alternate.interfaceClass === PRINTER_CLASS);
  const out = printer?.alternate.endpoints.find(({ direction }) => direction === 'out');
  if (printer === undefined || out === undefined) return false;
  await device.claimInterface(printer.interfaceNumber).catch(() => undefined); // claimed before
  return (await device.transferOut(out.endpointNumber, bytes)).status === 'ok';
}

/**
 * Prints the slip: on the receipt printer that the machine's policy gives to this page, else by the browser. A slip that
 * does not come out changes nothing: what was paid is on the glass and in the books.
 *
 * @returns which way it went
 */
export async function printSlip(answer: KioskPaymentAnswer): Promise<'receipt-printer' | 'browser'> {
  const picture = drawSlip(answer);
  const devices = await usb()?.getDevices().catch(() => []) ?? [];
  for (const device of picture === null ? [] : devices) {
    const late = new Promise<false>((resolve) => { setTimeout(() => resolve(false), SENT_WITHIN_MS); });
    const sent = picture !== null && await Promise.race([send(device, rasterSlip(picture)), late]).catch(() => false);
    if (sent) return 'receipt-printer';
  }
  window.print();
  return 'browser';
}
