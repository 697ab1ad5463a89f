import { z } from 'zod';
import { sealedBox } from './devices.js';
import { kioskPaymentAnswer } from './kiosk.js';

/** The panel of a kiosk for whoever looks after it. */

/** Digits of an attendant's number: with the brake of the kiosk about a hundred guesses a day, of a million. */
export const PIN_DIGITS = 6;
const pin = z.string().regex(/^\d{6}$/);

/** POST /api/v1/session/pin: a new number for the caller; the one before ends. Shown this once. */
export const drawnPinAnswer = z.object({ pin });
export type DrawnPinAnswer = z.infer<typeof drawnPinAnswer>;

/**
 * Whether an attendant's number opens the point's kiosks without network. `none`: no number yet; `use-once`: drawn before
 * kiosks knew numbers by themselves, so it has to open one of them once with network; `draw-again`: drawn for another
 * point, or what is kept of it cannot be read; `ready`: from the kiosks' next contact on.
 */
export const PANEL_NUMBER_STATES = ['none', 'use-once', 'draw-again', 'ready'] as const;
export const panelNumberState = z.enum(PANEL_NUMBER_STATES);
export type PanelNumberState = z.infer<typeof panelNumberState>;

/** GET /api/v1/session/pin (attendant): the caller's own. */
export const ownPinAnswer = z.object({ state: panelNumberState });
export type OwnPinAnswer = z.infer<typeof ownPinAnswer>;

/** POST /api/v1/kiosk/panel (device). */
export const kioskPanelRequest = z.strictObject({ pin });
export type KioskPanelRequest = z.infer<typeof kioskPanelRequest>;

/** The newest sales of this device today, for reprints; balances are left out. `refunded`: given back since. */
export const kioskPanelAnswer = z.object({
  staffName: z.string(),
  /** Whose number it was; absent from a server of the version before. */
  staffId: z.string().optional(),
  sales: z.array(z.object({ answer: kioskPaymentAnswer, refunded: z.boolean() })),
});
export type KioskPanelAnswer = z.infer<typeof kioskPanelAnswer>;

/** HKDF info of the box in which a kiosk gets the verifiers of its attendants. */
export const PANEL_BOX_INFO = 'rehufan-panel-v1';

/**
 * By what a kiosk knows a number without network: PBKDF2-SHA256 over `panelNumberText`, 32 bytes; `salt` and `hash` base64.
 * Six digits are searched in hours by whoever has this, so it lies on a kiosk only under the key that cannot be exported.
 */
export const panelVerifier = z.object({ v: z.literal(1), pointId: z.string(), drawnOn: z.iso.date(), iterations: z.int().min(1), salt: z.string(), hash: z.string() });
export type PanelVerifier = z.infer<typeof panelVerifier>;

/** What is digested: a verifier fits neither another point nor a number drawn on another day. */
export const panelNumberText = ({ pointId, drawnOn }: Pick<PanelVerifier, 'pointId' | 'drawnOn'>, number: string): string => `panel-v1:${pointId}:${drawnOn}:${number}`;

/** GET /api/v1/kiosk/panel/keys (device): a `panelKeys` as JSON inside a `signedEnvelope`, sealed to the device. Whoever has drawn anew, left or works elsewhere is not in the next one. */
export const panelKeysAnswer = sealedBox;
export const panelKeys = z.object({
  v: z.literal(1), deviceId: z.string(), pointId: z.string(), issuedAtMs: z.int(), validUntilMs: z.int(),
  attendants: z.array(z.object({ staffId: z.string(), name: z.string(), verifier: panelVerifier })),
});
export type PanelKeys = z.infer<typeof panelKeys>;

/** `opened`, `refused` (a wrong number): without network. `locked`, `freed`: the machine, with network or without. */
export const PANEL_ACTS = ['opened', 'refused', 'locked', 'freed'] as const;

/** POST /api/v1/kiosk/panel/acts (device): what was done at the panel, oldest first. `madeAs`: the device that this machine was when it wrote it down. */
export const panelActsRequest = z.strictObject({
  acts: z.array(z.strictObject({ id: z.uuid(), madeAs: z.uuid(), act: z.enum(PANEL_ACTS), staffId: z.uuid().nullable(), atMs: z.int().min(0).max(4_102_444_800_000) })).min(1).max(40),
});
export type PanelActsRequest = z.infer<typeof panelActsRequest>;
/** Those that are kept here from now on. */
export const panelActsAnswer = z.object({ kept: z.array(z.uuid()) });
export type PanelActsAnswer = z.infer<typeof panelActsAnswer>;
