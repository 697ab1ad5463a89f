import { z } from 'zod';
import { createApi, ApiRefusal, type Api, type OutgoingRequest } from '../../../ui/api/index.js';
import {
  DEVICE_HEADERS, deviceSignatureText, enrolDeviceAnswer, heartbeatAnswer, KIOSK_CONTRACT, sealedBox, type DeviceStatus, type P256PublicKey, type SealedBox,
} from '../../../src/contract/devices.js';
import { deviceSelfAnswer, type DeviceSelfAnswer } from '../../../src/contract/device-place.js';
import { offlineEnvelopeAnswer, offlineSalesAnswer, type OfflineRecord, type OfflineSalesAnswer } from '../../../src/contract/offline.js';
import { FACE_MODEL_ID, faceModels, galleryReceiptAnswer, impostorsAnswer, modelInUse, type FaceModel, type FaceRefusalsRequest, type ImpostorsRequest } from '../../../src/contract/faces.js';
import { galleryDoneAnswer, galleryKeysAnswer, resealedAnswer } from '../../../src/contract/gallery-keys.js';
import type { KeyServer } from '../../../ui/sealing/index.js';
import {
  demoFaceAnswer, demoKioskCodeAnswer, kioskHelpAnswer, kioskIdentifyAnswer, kioskModeAnswer, kioskPaymentAnswer, kioskPaymentOutcomeAnswer, kioskQuoteAnswer, kioskQuotesAnswer,
  kioskRoamingAnswer, kioskTodayAnswer, type DemoFaceRequest, type KioskHelpRequest, type KioskIdentifyAnswer,
  type KioskIdentifyRequest, type KioskModeAnswer, type KioskPaymentAnswer, type KioskPaymentRequest,
  type KioskQuoteAnswer, type KioskQuoteRequest, type KioskQuotesAnswer, type KioskRoamingAnswer, type KioskRoamingRequest, type KioskTodayAnswer,
} from '../../../src/contract/kiosk.js';
import {
  kioskOrdersAnswer, type CancelKioskOrderRequest, type KioskOrdersAnswer, type KioskOrdersRequest, type PlaceKioskOrderRequest,
} from '../../../src/contract/kiosk-orders.js';
import { kioskPanelAnswer, panelActsAnswer, panelKeysAnswer, type KioskPanelAnswer, type PanelActsAnswer, type PanelActsRequest } from '../../../src/contract/kiosk-panel.js';
import { gateAnswer, type GateAnswer, type GateRequest } from '../../../src/contract/seats.js';
import { kioskRatingAnswer, type KioskRatingRequest } from '../../../src/contract/ratings.js';
import { base64Url, makeKeys, publicJwk, sha256Hex, sign } from './crypto.js';
import { store, type DeviceSelf } from './store.js';

const ANSWER_WITHIN_MS = 8000;

let self: DeviceSelf | null = null;
let offsetMs = 0;

/** ms since the epoch by the server's clock; a kiosk's own clock may be wrong after a power cut. */
export const serverNowMs = (): number => Date.now() + offsetMs;

function setClock(serverTimeMs: number): void {
  offsetMs = serverTimeMs - Date.now();
  void store.settings.bulkPut([{ name: 'driftMs', value: -offsetMs }, { name: 'lastKnownMs', value: serverTimeMs }]).catch(() => undefined);
}

/** The kiosk's own clock less the server's, in ms, as of the last contact. */
export const clockDriftMs = (): number => -offsetMs;

/** The version of what server and kiosk say to each other; 1 until the server has told of a later one. */
let contract = 1;
let known = false;
/** Whether the server has told since this page was loaded which version it speaks. */
export const isKnown = (): boolean => known;
export const speaks = (version: number): boolean => contract >= version;

/** Where a browser keeps the name of its device beside its store, so that it notices when the store alone was cleared. */
const MARKER = 'rehufan.kiosk';

/** The embedder that kiosks are to run, as the server last said; kept for a start without network. */
const MODELS = 'rehufan.face-models';
let running: FaceModel | null = null;
/** The embedder that this page runs from its first look on, whatever the server has said since: what another one makes of a face is never sent under its name. */
export const runningModel = (): FaceModel => (running ??= toldModel());
/** The one that a page beginning now would run. */
export function toldModel(): FaceModel {
  const stored = faceModels.safeParse(JSON.parse(localStorage.getItem(MODELS) ?? 'null'));
  return stored.success ? modelInUse(stored.data) : { id: FACE_MODEL_ID, length: 128 };
}
export const formerDeviceId = (): string | null => localStorage.getItem(MARKER);

async function signedHeaders(request: OutgoingRequest): Promise<Record<string, string>> {
  if (self === null) throw new Error('this device is not enrolled');
  const timeMs = String(serverNowMs());
  const nonce = base64Url(crypto.getRandomValues(new Uint8Array(16)));
  const text = deviceSignatureText({
    method: request.method, pathWithQuery: request.path, bodySha256Hex: await sha256Hex(request.bodyText), timeMs, nonce,
  });
  return {
    [DEVICE_HEADERS.deviceId]: self.deviceId,
    [DEVICE_HEADERS.timeMs]: timeMs,
    [DEVICE_HEADERS.nonce]: nonce,
    [DEVICE_HEADERS.signature]: await sign(self.signing.privateKey, text),
  };
}

const open: Api = createApi({ authorise: () => ({}) });
const signed: Api = createApi({ authorise: signedHeaders });

const within = (ms = ANSWER_WITHIN_MS): AbortSignal => AbortSignal.timeout(ms);

/** Whether this is a demo; also sets the clock. */
export async function askMode(): Promise<KioskModeAnswer> {
  const mode = await open.call({ method: 'GET', path: '/kiosk/mode', answer: kioskModeAnswer, signal: within() });
  setClock(mode.serverTimeMs);
  if (mode.faceModels !== undefined) localStorage.setItem(MODELS, JSON.stringify(mode.faceModels));
  contract = Math.min(mode.contract?.current ?? 1, KIOSK_CONTRACT.current);
  known = true;
  await store.settings.put({ name: 'demoAllowed', value: mode.demo ? 1 : 0 }).catch(() => undefined); // a full disk keeps nobody from being asked
  if (self !== null && self.serverKey === undefined && mode.serverKey !== undefined) {
    self.serverKey = mode.serverKey;
    await store.self.put(self).catch(() => undefined);
  }
  serverKey = mode.serverKey;
  return mode;
}

let serverKey: P256PublicKey | undefined;

/** The enrolled device that was stored, or null. */
export async function loadSelf(): Promise<DeviceSelf | null> {
  self = await store.self.get('self') ?? null;
  return self;
}

/** Enrols this device with a one-time code and keeps its keys. @throws ApiRefusal where the code is refused */
export async function enrol(code: string): Promise<DeviceSelf> {
  const { signing, sealing, galleryKey } = await makeKeys();
  const answer = await open.call({
    method: 'POST', path: '/devices/enrol', answer: enrolDeviceAnswer, signal: within(),
    body: {
      code, signingKey: await publicJwk(signing.publicKey), sealingKey: await publicJwk(sealing.publicKey),
      ...(speaks(2) && formerDeviceId() !== null ? { formerDeviceId: formerDeviceId() } : {}),
    },
  });
  setClock(answer.serverTimeMs);
  const { deviceId, deviceName, pointName } = answer;
  const enrolled: DeviceSelf = { id: 'self', deviceId, deviceName, pointName, signing, sealing, galleryKey, ...(serverKey === undefined ? {} : { serverKey }) };
  await store.transaction('rw', [store.self, store.gallery, store.sealed, store.chain, store.sold, store.settings], async () => {
    await store.settings.delete('camera'); // whoever enrols a machine stands before its camera
    await Promise.all([store.gallery.clear(), store.sealed.clear(), store.chain.clear(), store.sold.clear()]);
    await store.self.put(enrolled);
  });
  localStorage.setItem(MARKER, deviceId);
  await navigator.storage?.persist?.().catch(() => false);
  self = enrolled;
  return enrolled;
}

export const askDemoCode = async (): Promise<string> => (
  (await open.call({ method: 'POST', path: '/demo/kiosk-code', answer: demoKioskCodeAnswer, body: {}, signal: within() })).code
);

/** Registers what the demo camera showed for a visitor of the demo street. @returns the masked name */
export const enrolDemoFace = async (body: DemoFaceRequest): Promise<string> => (
  (await signed.call({ method: 'POST', path: '/demo/faces', body, answer: demoFaceAnswer, signal: within() })).maskedName
);

/** Where this machine stands and whom to ring lies beside its keys: it is wanted most after a start without network. */
async function keepPlace({ pointName, pointPhone }: KioskTodayAnswer): Promise<void> {
  if (self === null || (self.pointName === pointName && self.pointPhone === pointPhone)) return;
  Object.assign(self, { pointName, pointPhone });
  await store.self.put(self).catch(() => undefined); // told again with the next answer
}

/** @param hasScale this kiosk can sell what is sold by weight */
export async function askToday(hasScale = false): Promise<KioskTodayAnswer> {
  const today = await signed.call({ method: 'GET', path: '/kiosk/today', ...(hasScale ? { query: { weighed: '1' } } : {}), answer: kioskTodayAnswer, signal: within() });
  setClock(today.serverTimeMs);
  await keepPlace(today);
  return today;
}

export const askGallery = (after: number, model: string): Promise<SealedBox> => signed.call({
  method: 'GET', path: '/kiosk/gallery', query: { after, model, sealed: '1' }, answer: sealedBox, signal: within(20_000),
});

export async function tellImpostors(body: ImpostorsRequest): Promise<void> {
  await signed.call({ method: 'POST', path: '/kiosk/gallery/impostors', body, answer: impostorsAnswer, signal: within(20_000) });
}

export async function tellFaceRefusals(body: FaceRefusalsRequest): Promise<void> {
  await signed.call({ method: 'POST', path: '/kiosk/gallery/refusals', body, answer: impostorsAnswer, signal: within() });
}

/** How this device and the others of the point keep the gallery key. */
export const keyServer: KeyServer = {
  keys: () => signed.call({ method: 'GET', path: '/kiosk/gallery/keys', answer: galleryKeysAnswer, signal: within() }),
  newKey: (body) => signed.call({ method: 'POST', path: '/kiosk/gallery/keys', body, answer: galleryDoneAnswer, signal: within() }),
  copies: (body) => signed.call({ method: 'POST', path: '/kiosk/gallery/keys/copies', body, answer: galleryDoneAnswer, signal: within() }),
  resealed: (body) => signed.call({ method: 'POST', path: '/kiosk/gallery/resealed', body, answer: resealedAnswer, signal: within(20_000) }),
};

export async function confirmGallery(seq: number): Promise<void> {
  await signed.call({ method: 'POST', path: '/kiosk/gallery/receipt', body: { seq }, answer: galleryReceiptAnswer, signal: within() });
}

export const identify = (body: KioskIdentifyRequest): Promise<KioskIdentifyAnswer> => signed.call({
  method: 'POST', path: '/kiosk/identify', body, answer: kioskIdentifyAnswer, signal: within(),
});

export const askRoaming = (body: KioskRoamingRequest): Promise<KioskRoamingAnswer> => signed.call({
  method: 'POST', path: '/kiosk/roaming', body, answer: kioskRoamingAnswer, signal: within(),
});

/** Prices of a few meals: in one question where the server knows it, which then also tells what the person has ordered. */
export async function askQuotes(claim: KioskQuoteRequest['claim'], wanted: readonly Omit<KioskQuoteRequest, 'claim'>[]): Promise<KioskQuotesAnswer> {
  if (speaks(7) || (speaks(6) && wanted.length > 1)) return signed.call({ method: 'POST', path: '/kiosk/quotes/all', body: { claim, wanted }, answer: kioskQuotesAnswer, signal: within() });
  return { quotes: await Promise.all(wanted.map((one) => askQuote({ claim, ...one }))) };
}

export const askQuote = (body: KioskQuoteRequest): Promise<KioskQuoteAnswer> => signed.call({
  method: 'POST', path: '/kiosk/quotes', body, answer: kioskQuoteAnswer, signal: within(),
});

/** The glass says that this account is too low for this meal, to whoever has said who they are. Whether it arrives keeps nobody waiting. */
export async function tellShort(body: Omit<KioskQuoteRequest, 'saysShort'>): Promise<void> {
  if (speaks(8)) await askQuote({ ...body, saysShort: true }).catch(() => undefined);
}

export const sendPayment = (key: string, body: KioskPaymentRequest): Promise<KioskPaymentAnswer> => signed.call({
  method: 'POST', path: '/kiosk/payments', body, idempotencyKey: key, answer: kioskPaymentAnswer, signal: within(),
});

export const askOrders = (body: KioskOrdersRequest): Promise<KioskOrdersAnswer> => signed.call({
  method: 'POST', path: '/kiosk/orders/ahead', body, answer: kioskOrdersAnswer, signal: within(),
});

export const sendOrder = (key: string, body: PlaceKioskOrderRequest): Promise<KioskOrdersAnswer> => signed.call({
  method: 'POST', path: '/kiosk/orders', body, idempotencyKey: key, answer: kioskOrdersAnswer, signal: within(),
});

export const cancelOrder = (body: CancelKioskOrderRequest): Promise<KioskOrdersAnswer> => signed.call({
  method: 'POST', path: '/kiosk/orders/cancel', body, answer: kioskOrdersAnswer, signal: within(),
});

/** What became of a payment without an answer; charges nobody. Sets the clock first, which a power cut may have put wrong. */
export async function askOutcome(key: string): Promise<KioskPaymentAnswer | null> {
  await askMode();
  const outcome = await signed.call({ method: 'GET', path: `/kiosk/payments/${key}`, answer: kioskPaymentOutcomeAnswer, signal: within() });
  setClock(outcome.serverTimeMs);
  return outcome.payment;
}

/** The same, and nothing will be charged under this key from now on. Only where the server speaks 7. */
export const endPayment = async (key: string): Promise<KioskPaymentAnswer | null> => (
  (await signed.call({ method: 'POST', path: `/kiosk/payments/${key}/end`, body: {}, answer: kioskPaymentOutcomeAnswer, signal: within() })).payment
);

export const askEnvelope = (): Promise<SealedBox> => signed.call({ method: 'GET', path: '/kiosk/offline', answer: offlineEnvelopeAnswer, signal: within(20_000) });

/** Hands in sales without network, oldest first. A device that was revoked meanwhile hands them in at the one door left to it. */
export async function sendOfflineSales(records: OfflineRecord[]): Promise<OfflineSalesAnswer> {
  const send = (path: string): Promise<OfflineSalesAnswer> => signed.call({ method: 'POST', path, body: { records }, answer: offlineSalesAnswer, signal: within(20_000) });
  try {
    return await send('/kiosk/offline-sales');
  } catch (reason) {
    if (!isDistrusted(reason) || self === null) throw reason;
    return send(`/devices/${self.deviceId}/last-sales`);
  }
}

/** Tells the server how this device is; a server of the version before is told nothing it does not know. */
export async function beat({ sells, ...known }: DeviceStatus): Promise<void> {
  const status: DeviceStatus = speaks(8) ? { ...known, sells } : known;
  await signed.call({ method: 'POST', path: '/devices/heartbeat', body: speaks(2) ? { status } : {}, answer: heartbeatAnswer, signal: within() });
}

export async function sendRating(body: KioskRatingRequest): Promise<void> {
  await signed.call({ method: 'POST', path: '/kiosk/ratings', body, answer: kioskRatingAnswer as z.ZodType<{ noted: true }>, signal: within() });
}

export const askGate = (body: GateRequest): Promise<GateAnswer> => signed.call({ method: 'POST', path: '/kiosk/gate', body, answer: gateAnswer, signal: within() });

/** Calls staff. Never fails: the screen tells the person to wave as well. @returns whether the point was told */
export async function callStaff(reason: KioskHelpRequest['reason']): Promise<boolean> {
  const call = signed.call({ method: 'POST', path: '/kiosk/help', body: { reason }, answer: kioskHelpAnswer as z.ZodType<{ noted: true }>, signal: within() });
  return call.then(() => true, () => false);
}

/** True where the server no longer knows or trusts this device. */
export const isDistrusted = (reason: unknown): boolean => reason instanceof ApiRefusal && reason.code === 'DEVICE.NOT_TRUSTED';

/** True where nobody has confirmed yet where this machine stands. */
export const isWaiting = (reason: unknown): boolean => reason instanceof ApiRefusal && reason.code === 'DEVICE.WAITING';

/** Whether this machine still waits, and the number that it shows meanwhile. */
export const askSelf = (): Promise<DeviceSelfAnswer> => signed.call({ method: 'GET', path: '/devices/self', answer: deviceSelfAnswer, signal: within() });

/** What an attendant may see here. @throws ApiRefusal where the number is nobody's, or too many were tried */
export function askPanel(pin: string): Promise<KioskPanelAnswer> {
  return signed.call({ method: 'POST', path: '/kiosk/panel', body: { pin }, answer: kioskPanelAnswer, signal: within() });
}

/** By what this machine knows its attendants' numbers without network. */
export const askPanelKeys = (): Promise<SealedBox> => signed.call({ method: 'GET', path: '/kiosk/panel/keys', answer: panelKeysAnswer, signal: within() });

export const sendPanelActs = (body: PanelActsRequest): Promise<PanelActsAnswer> => signed.call({ method: 'POST', path: '/kiosk/panel/acts', body, answer: panelActsAnswer, signal: within() });
