import type { TurnDirection } from '../../../src/domain/identity/index.js';
import type { WeighedDish } from '../scale/plate.js';
import type { DeviceStatus } from '../../../src/contract/devices.js';
import type { GateAnswer } from '../../../src/contract/seats.js';
import type { KioskPanelAnswer } from '../../../src/contract/kiosk-panel.js';
import type { KioskClaim, KioskPaymentAnswer, KioskQuoteAnswer, KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import type { KioskOrdersAnswer } from '../../../src/contract/kiosk-orders.js';

/** Somebody who may be standing in front, and the claim that goes to the server if they say so. */
export interface Candidate {
  readonly maskedName: string;
  readonly claim: KioskClaim;
  /** The digits alone do not serve this person. */
  readonly asksPin?: boolean;
  /** Came to order meals of the next days, not to pay. */
  readonly ahead?: boolean;
  /** Who holds the card, where the claim is a card. */
  readonly personCode?: string;
}

/** One meal with what this person pays for it. */
export interface PricedMeal {
  readonly setMealId: string;
  readonly quote: KioskQuoteAnswer;
  /** What the scale showed, where it is sold by weight. */
  readonly plate?: readonly WeighedDish[];
  /** Priced by the allowance, without network. */
  readonly offline?: boolean;
}

/** One of two people who eat together, and what became of their meal. */
export type TogetherOutcome =
  | { readonly kind: 'paid'; readonly answer: KioskPaymentAnswer; readonly offline: boolean }
  | { readonly kind: 'refused'; readonly maskedName: string; readonly refused: Refused };

/** The meal of the first of two people, chosen and not yet paid. */
export interface TrayMeal {
  readonly candidate: Candidate;
  readonly meal: PricedMeal;
}

/** What an attendant sees; `offline`: by what the machine knows itself. */
export type Panel = KioskPanelAnswer & { readonly offline?: boolean };

/** Why somebody ends here instead of with a meal. Sentences say first whether money moved. */
export interface Refused {
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly code: string;
  readonly requestId: string;
}

/** What is on the glass. One question each; the machine moves only through the functions of the kiosk. */
export type Screen =
  | { readonly name: 'starting' }
  | { readonly name: 'enrol'; readonly busy: boolean; readonly refused: Refused | null; readonly lost?: boolean }
  | { readonly name: 'waiting'; readonly pointName: string; readonly number: string }
  | { readonly name: 'calibrate' }
  | { readonly name: 'ports'; readonly from: 'enrol' | 'panel' }
  | { readonly name: 'welcome' }
  /** `look`: whoever pressed is asked to look at the camera before anything is done in their name; `alone`: without the second person in view. */
  | { readonly name: 'is-it-you'; readonly candidate: Candidate; readonly look?: true | 'alone' }
  | { readonly name: 'which'; readonly candidates: readonly Candidate[] }
  | { readonly name: 'meal'; readonly candidate: Candidate; readonly meals: readonly PricedMeal[] }
  | { readonly name: 'confirm'; readonly candidate: Candidate; readonly meal: PricedMeal; readonly changed: boolean; readonly look?: true | 'alone' }
  | { readonly name: 'second'; readonly same: boolean }
  | { readonly name: 'together'; readonly outcomes: readonly TogetherOutcome[] }
  | { readonly name: 'collect'; readonly last4: string | null; readonly nobody: boolean }
  | { readonly name: 'checking'; readonly tries: number; readonly staffCalled: boolean }
  | { readonly name: 'done'; readonly answer: KioskPaymentAnswer; readonly offline?: boolean; readonly invited?: boolean; readonly collected?: boolean; readonly who?: Candidate; readonly look?: true | 'alone' }
  | { readonly name: 'order'; readonly candidate: Candidate; readonly orders: KioskOrdersAnswer; readonly at: number; readonly look?: true | 'alone' }
  /** `doubt`: whom the face agrees with once the digits are theirs. `step`: the face is known and does not decide alone. `another`: somebody else stands there than whoever was about to pay. `unseen`: no face that could be judged; `several`: two stood there. */
  | { readonly name: 'not-recognised'; readonly doubt: readonly string[]; readonly step?: boolean; readonly another?: boolean; readonly unseen?: boolean; readonly several?: boolean }
  /** `without`: it was the allowance that knows nobody with these digits, and it holds not everybody's. */
  | { readonly name: 'digits'; readonly doubt: readonly string[]; readonly nobody: string | null; readonly without?: boolean }
  | { readonly name: 'pin'; readonly candidate: Candidate; readonly wrong: boolean }
  | { readonly name: 'roaming' }
  | { readonly name: 'turn'; readonly side: TurnDirection }
  | { readonly name: 'hand-over'; readonly wrong: boolean }
  | { readonly name: 'card'; readonly unknownCard: boolean }
  | { readonly name: 'short'; readonly shortFen: number | null }
  | { readonly name: 'closed'; readonly reason: 'sold-out' | 'not-serving' }
  | { readonly name: 'refused'; readonly refused: Refused }
  | { readonly name: 'rate'; readonly step: 'face' | 'why' | 'thanks' | 'not-noted'; readonly ratingId: string }
  | { readonly name: 'gate'; readonly decision: GateAnswer['decision'] | 'no-answer' | null; readonly freeSeats: number | null }
  /** `unheard`: the call could not be sent, so nobody comes by itself. */
  | { readonly name: 'help'; readonly unheard?: true }
  | { readonly name: 'staff-pin'; readonly refused: Refused | null }
  | { readonly name: 'staff'; readonly panel: Panel; readonly health: DeviceStatus | null }
  | { readonly name: 'out-of-service'; readonly reEnrol: boolean; readonly locked?: boolean };

/** The digits are all that is missing: nobody is told then that they were not recognised. */
export const lacksOneStep = (screen: Extract<Screen, { name: 'not-recognised' }>): boolean => screen.step === true || screen.doubt.length > 0;

/** Screens on which the camera searches for a person. */
export const SEARCHING: readonly Screen['name'][] = ['welcome', 'second', 'gate'];

/** Screens that a person has left when nobody has stood there for a while. */
export const LEAVABLE: readonly Screen['name'][] = [
  'is-it-you', 'which', 'meal', 'confirm', 'hand-over', 'turn', 'not-recognised', 'digits', 'pin', 'card', 'short', 'closed', 'refused', 'rate', 'help', 'done', 'second', 'together', 'collect', 'order', 'staff-pin', 'staff', 'ports',
];

/** The screen that nobody has touched yet: today's meals, or why there are none. */
export function firstScreen(today: KioskTodayAnswer | null): Screen {
  if (today === null) return { name: 'out-of-service', reEnrol: false };
  if (today.period === null) return { name: 'closed', reason: 'not-serving' };
  if (today.offers.every((offer) => (offer.forOrders ?? offer.portionsLeft) <= 0)) return { name: 'closed', reason: 'sold-out' };
  return { name: 'welcome' };
}
