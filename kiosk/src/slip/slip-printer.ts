import { nextTick, ref, shallowRef, type Ref } from 'vue';
import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { noLongerThan } from '../device/no-longer-than.js';
import { drawSlip } from './draw-slip.js';
import { rasterSlip } from './esc-pos.js';

/** USB class of printers. */
const PRINTER_CLASS = 7;
/** Out-of-paper printers hold the line; then the browser's own printing is tried. */
const SENT_WITHIN_MS = 4000;
const LISTED_WITHIN_MS = 1000;
const STORED = 'rehufan.print';

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
interface Usb { getDevices(): Promise<Device[]>; requestDevice(options: { filters: readonly { classCode: number }[] }): Promise<Device> }

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

/** The browser prints without asking anybody on a machine that was set up for it: `?print=browser` once, `none` takes it off. */
export const byBrowser: Ref<boolean> = ref(false);
/** A receipt printer was given to this page and is plugged in. */
export const hasPrinter: Ref<boolean> = ref(false);
/** A slip can come out somewhere; without that nobody is offered one. */
export const mayPrint: Ref<boolean> = ref(false);
/** What is laid out for the browser's printing, page by page; on the glass it is not shown. */
export const slips: Ref<readonly KioskPaymentAnswer[]> = shallowRef([]);

/** @param chosen at the set-up @param demo a newcomer's own browser may ask where to print */
export function setUpPrinting(chosen: string | null, demo: boolean): void {
  try {
    if (chosen === 'browser') localStorage.setItem(STORED, chosen);
    if (chosen === 'none') localStorage.removeItem(STORED);
    byBrowser.value = demo || localStorage.getItem(STORED) === 'browser';
  } catch {
    byBrowser.value = demo || chosen === 'browser'; // storage may be forbidden
  }
}

/** A browser that does not answer has none. */
const printers = async (): Promise<Device[]> => noLongerThan(LISTED_WITHIN_MS, usb()?.getDevices().catch(() => []) ?? Promise.resolve([]), () => []);

/** Looks whether a slip can come out of this machine just now. */
export async function lookForPrinter(): Promise<void> {
  mayPrint.value = byBrowser.value || hasPrinter.value; // nobody waits for the list to be offered what is known
  hasPrinter.value = (await printers()).length > 0;
  mayPrint.value = byBrowser.value || hasPrinter.value;
}

/** A member of staff has pressed to choose the receipt printer. */
export async function choosePrinter(): Promise<void> {
  await usb()?.requestDevice({ filters: [{ classCode: PRINTER_CLASS }] }).catch(() => undefined); // none was chosen
  await lookForPrinter();
}

async function byReceiptPrinter(devices: readonly Device[], answer: KioskPaymentAnswer): Promise<boolean> {
  const picture = drawSlip(answer);
  for (const device of picture === null ? [] : devices) {
    const late = new Promise<false>((resolve) => { setTimeout(() => resolve(false), SENT_WITHIN_MS); });
    const sent = picture !== null && await Promise.race([send(device, rasterSlip(picture)), late]).catch(() => false);
    if (sent) return true;
  }
  return false;
}

/**
 * Prints slips: on the receipt printer that was given to this page, else by the browser where the machine was
 * set up for that, all that are left in one go. A slip that does not come out changes nothing: what was paid is on the glass
 * and in the books.
 *
 * @returns whether all of them went to a printer
 */
export async function printSlips(answers: readonly KioskPaymentAnswer[]): Promise<boolean> {
  const devices = await printers();
  const left: KioskPaymentAnswer[] = [];
  for (const answer of answers) if (!await byReceiptPrinter(devices, answer)) left.push(answer);
  if (left.length === 0) return true;
  if (!byBrowser.value) return false; // a dialog would stand before a person who cannot close it
  slips.value = left;
  await nextTick();
  window.print();
  return true;
}
