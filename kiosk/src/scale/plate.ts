import type { ScaleReading } from './protocols.js';

/** Readings that agree within this for this long are a plate at rest, also where the scale does not say so itself. */
const SETTLED_G = 2;
const SETTLED_MS = 600;
/** Below this nothing lies on the scale. */
const EMPTY_G = 5;
/** What a plate leaves on the pan at most when it is lifted off: a drip of soup, a napkin. */
const LEFTOVER_G = 50;
/** What an empty plate or tray weighs at most where the set-up does not say. */
export const MOST_TARE_G = 600;
/** So long a plate may be away to be filled, and a scale be silent about it. */
export const AWAY_MS = 60_000;

export interface WeighedDish { readonly dishId: string | null; readonly grams: number }

/** What the glass shows of the scale. */
export interface PlateState {
  /** Less the tare; never below nothing on the glass. */
  readonly grams: number;
  readonly stable: boolean;
  /** Something lies there, be it an empty plate. */
  readonly lies: boolean;
  readonly tareGrams: number;
  /** Dish by dish, where they were told apart; what is not yet told is left in `openGrams`. */
  readonly dishes: readonly WeighedDish[];
  readonly openGrams: number;
  /** It was paid and still lies there: nobody else's. */
  readonly sold: boolean;
}

export const EMPTY_PLATE: PlateState = { grams: 0, stable: false, lies: false, tareGrams: 0, dishes: [], openGrams: 0, sold: false };

/** A plate on a scale: tare, rest, and dish by dish what was added. Pure but for the time it is given. */
export class Plate {
  private tare = 0;

  private last: ScaleReading = { grams: 0, stable: false };

  private sinceMs = -Infinity;

  private at = 0;

  private dishes: WeighedDish[] = [];

  /** What lay there when it was paid; null once that plate has gone. */
  private paidG: number | null = null;

  /** The paid plate was off the pan, though something of it may be left there. */
  private lifted = false;

  /** @param mostTareG what is heavier is no empty plate */
  constructor(private readonly mostTareG: number = MOST_TARE_G) {}

  /** Takes one reading. @returns what there is to show */
  read(reading: ScaleReading, nowMs: number): PlateState {
    if (Math.abs(reading.grams - this.at) > SETTLED_G) {
      this.at = reading.grams;
      this.sinceMs = nowMs;
    }
    this.last = { grams: reading.grams, stable: nowMs - this.sinceMs >= SETTLED_MS && (reading.stable || nowMs - this.sinceMs >= 2 * SETTLED_MS) };
    this.lookForPaid();
    if (this.last.stable && this.last.grams < EMPTY_G) this.restsEmpty(nowMs);
    if (this.last.stable && this.net() < EMPTY_G) this.dishes = [];
    return this.state();
  }

  /** The scale was silent for a while and speaks again: nobody saw whether the paid plate was lifted meanwhile, so its weight tells. */
  resume(): void {
    this.lifted = true;
  }

  /** The plate was paid: whoever comes next has one of their own, and it must be lifted off before one is sold again. */
  paid(): void {
    this.paidG = this.last.grams;
    this.lifted = false;
    this.lookForPaid();
  }

  /** A pan that is not wiped never rests empty, nor one on which the next plate follows at once: what lies there then is not the paid plate. */
  private lookForPaid(): void {
    if (this.paidG === null) return;
    const leftG = this.leftoverG(this.paidG);
    if (this.last.grams < leftG) this.lifted = true;
    if (!this.last.stable || !this.lifted) return;
    if (Math.abs(this.last.grams - this.paidG) <= leftG) this.lifted = false; // put back
    else this.paidPlateHasGone();
  }

  /** Of a light plate only half may be left, so that the plate itself is never taken for what it left. */
  private leftoverG(paidG: number): number {
    return Math.max(EMPTY_G, Math.min(LEFTOVER_G, paidG / 2));
  }

  private paidPlateHasGone(): void {
    this.tare = 0;
    this.dishes = [];
    this.paidG = null;
  }

  /** An empty plate may be weighed, taken away and brought back full; not for ever, and not by the next one. */
  private restsEmpty(nowMs: number): void {
    if (this.paidG !== null) this.paidPlateHasGone();
    else if (nowMs - this.sinceMs >= AWAY_MS) this.tare = 0;
  }

  /** What lies there now is the empty plate. Only at rest: a moving plate has no weight; and only what an empty plate can weigh. What weighs otherwise than the paid plate is not that one. @returns whether it was taken */
  takeTare(): boolean {
    if (!this.last.stable || this.last.grams < 0 || this.last.grams > this.mostTareG) return false;
    if (this.paidG !== null && Math.abs(this.last.grams - this.paidG) > this.leftoverG(this.paidG)) this.paidPlateHasGone();
    this.tare = this.last.grams;
    this.dishes = [];
    return true;
  }

  /** What was added since the last dish is this one. @returns whether there was anything */
  name(dishId: string | null): boolean {
    const grams = this.state().openGrams;
    if (!this.last.stable || grams < EMPTY_G) return false;
    this.dishes.push({ dishId, grams });
    return true;
  }

  state(): PlateState {
    const grams = Math.max(0, this.net());
    const named = this.dishes.reduce((sum, dish) => sum + dish.grams, 0);
    return { grams, stable: this.last.stable, lies: this.last.grams >= EMPTY_G, tareGrams: this.tare, dishes: [...this.dishes], openGrams: Math.max(0, grams - named), sold: this.paidG !== null };
  }

  private net(): number {
    return this.last.grams - this.tare;
  }
}

/**
 * The plate as it is sold: dish by dish, what was not told apart as a mixed plate. Something taken off again after it was
 * named cannot be told from which dish it came: then everything is to be weighed anew.
 *
 * @returns null while it moves, is empty, holds less than was named, or was paid already
 */
export function soldPlate(state: PlateState): WeighedDish[] | null {
  const named = state.dishes.reduce((sum, dish) => sum + dish.grams, 0);
  if (state.sold || !state.stable || state.grams < EMPTY_G || named - state.grams > SETTLED_G) return null;
  return state.openGrams < EMPTY_G && state.dishes.length > 0 ? [...state.dishes] : [...state.dishes, { dishId: null, grams: state.openGrams }];
}

/** Whether both weighings are of one plate that nobody has touched in between: dish by dish within what a scale shows of nothing. */
export function isSamePlate(one: readonly WeighedDish[], other: readonly WeighedDish[]): boolean {
  const gramsOf = (plate: readonly WeighedDish[], of: string | null): number => plate.filter(({ dishId }) => dishId === of).reduce((sum, { grams }) => sum + grams, 0);
  return [...one, ...other].every(({ dishId }) => Math.abs(gramsOf(one, dishId) - gramsOf(other, dishId)) < EMPTY_G);
}
