import { ref, shallowRef, type Ref } from 'vue';
import { fenForGrams } from '../../../src/domain/kernel/money.js';
import { dictionary } from '../../../ui/dictionary/index.js';
import type { KioskOffer } from '../../../src/contract/kiosk.js';
import { AWAY_MS, EMPTY_PLATE, MOST_TARE_G, Plate, soldPlate, type PlateState, type WeighedDish } from '../scale/plate.js';
import type { ScaleReading } from '../scale/protocols.js';
import { choosePort } from '../scale/ports.js';
import type { Screen } from './screen.js';
import { openScale, SimulatedScale, type Scale } from '../scale/scale.js';

const STORED = 'rehufan.scale';
const STORED_PLATE = 'rehufan.plateG';
/** A scale that says nothing for this long is asleep or unplugged; what it said before is no weight of now. */
const SILENT_MS = 1500;
const AGAIN_MS = 5000;
/** So long a hand may still be at the plate when somebody presses. */
const REST_WITHIN_MS = 2000;
const READING_MS = 50;
const KINDS = ['continuous', 'on-request', 'simulated'] as const;
type ScaleKind = (typeof KINDS)[number];

/** What somebody may take now: a set meal, or the plate that lies on the scale. */
export interface Wanted { readonly setMealId: string; readonly plate?: readonly WeighedDish[] }

/** The scale of a kiosk that sells by weight; most have none. Chosen at the set-up by `?scale=continuous` or `on-request`. */
export class Weighing {
  readonly plate: Ref<PlateState> = shallowRef(EMPTY_PLATE);

  readonly connected = ref(false);

  private readonly kind: ScaleKind | null;

  private readonly mostTareG: number;

  private weighed: Plate;

  private scale: Scale | null = null;

  private silence = 0;

  private heardAtMs = 0;

  private again = 0;

  /** @param plateG most grams of an empty plate of this point, `?plate=450` at the set-up */
  constructor(chosen: string | null, plateG: string | null = null) {
    if (plateG !== null && /^\d{1,4}$/.test(plateG)) localStorage.setItem(STORED_PLATE, plateG);
    this.mostTareG = Number(localStorage.getItem(STORED_PLATE) ?? MOST_TARE_G);
    this.weighed = new Plate(this.mostTareG);
    const kind = KINDS.find((one) => one === (chosen ?? localStorage.getItem(STORED))) ?? null;
    if (chosen !== null && kind !== null) localStorage.setItem(STORED, kind);
    if (chosen === 'none') localStorage.removeItem(STORED);
    this.kind = chosen === 'none' ? null : kind;
  }

  /** This kiosk is set up with a scale, whether or not it answers just now. */
  get hasScale(): boolean {
    return this.kind !== null;
  }

  /** The scale is on a serial port. */
  get usesPort(): boolean {
    return this.kind !== null && this.kind !== 'simulated';
  }

  async connect(): Promise<void> {
    window.clearTimeout(this.again);
    if (this.kind === null || this.scale !== null) return;
    const found = this.kind === 'simulated' ? simulated() : await openScale(this.kind);
    if (this.scale !== null) return found?.close(); // connected meanwhile by a press
    if (found === null) return void (this.again = window.setTimeout(() => void this.connect(), AGAIN_MS));
    this.scale = found;
    found.listen((reading) => this.heard(reading), () => this.lost());
  }

  /** A member of staff has pressed to choose the port of the scale. */
  async choose(): Promise<void> {
    if (!await choosePort('scale')) return;
    await this.scale?.close();
    this.scale = null;
    this.weighed = new Plate(this.mostTareG);
    this.forget();
    await this.connect();
  }

  private heard(reading: ScaleReading): void {
    // A tare and what was paid outlast a short silence; after a long one another plate may lie there.
    if (performance.now() - this.heardAtMs > AWAY_MS) this.weighed = new Plate(this.mostTareG);
    else if (!this.connected.value) this.weighed.resume();
    this.heardAtMs = performance.now();
    this.connected.value = true;
    window.clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.forget(), SILENT_MS);
    this.show(this.weighed.read(reading, performance.now()));
  }

  /** The glass shows nothing of the plate; the scale may speak again. */
  private forget(): void {
    this.connected.value = false;
    this.plate.value = EMPTY_PLATE;
  }

  private lost(): void {
    window.clearTimeout(this.silence);
    this.forget();
    void this.scale?.close();
    this.scale = null;
    this.again = window.setTimeout(() => void this.connect(), AGAIN_MS);
  }

  /** @returns whether it can have been an empty plate */
  tare(): boolean {
    const taken = this.weighed.takeTare();
    if (taken) this.show(this.weighed.state());
    return taken;
  }

  /** What lay on the scale was paid. */
  paid(): void {
    this.weighed.paid();
    this.show(this.weighed.state());
  }

  name(dishId: string | null): void {
    if (this.weighed.name(dishId)) this.show(this.weighed.state());
  }

  /** The plate that lies there, once it rests; null where there is none to be sold. */
  async atRest(): Promise<WeighedDish[] | null> {
    const untilMs = performance.now() + REST_WITHIN_MS;
    while (this.connected.value && this.plate.value.lies && !this.plate.value.stable && performance.now() < untilMs) {
      await new Promise((done) => { setTimeout(done, READING_MS); });
    }
    return this.connected.value ? soldPlate(this.plate.value) : null;
  }

  /** What may be taken: while a plate lies on the scale that plate, else what is sold by the portion. */
  wanted(offers: readonly KioskOffer[], most: number): Wanted[] {
    const onSale = offers.filter(({ portionsLeft }) => portionsLeft > 0);
    // With nothing on sale those who ordered still have theirs; who has is known with the price.
    const open = onSale.length > 0 ? onSale : offers.filter(({ forOrders = 0 }) => forOrders > 0);
    const plate = this.connected.value ? soldPlate(this.plate.value) : null;
    const hasPlate = this.connected.value && this.plate.value.grams > 0;
    const byWeight = open.filter(({ weighed }) => weighed !== undefined);
    if (hasPlate && byWeight.length > 0) return plate === null ? [] : byWeight.slice(0, most).map(({ setMealId }) => ({ setMealId, plate }));
    return open.filter(({ weighed }) => weighed === undefined).slice(0, most).map(({ setMealId }) => ({ setMealId }));
  }

  /** Nothing could be taken: a plate that is not there or still moves, a scale that is lost, or everything is gone. */
  nothingTaken(offers: readonly KioskOffer[]): Screen {
    if (!offers.some(({ portionsLeft, weighed }) => portionsLeft > 0 && weighed !== undefined)) return { name: 'closed', reason: 'sold-out' };
    const why = !this.connected.value ? 'kiosk.weigh.lost' : this.plate.value.sold ? 'kiosk.weigh.paid' : 'kiosk.weigh.first';
    return { name: 'refused', refused: { sentence: dictionary[why], code: '', requestId: '' } };
  }

  private show(state: PlateState): void {
    const shown = this.plate.value;
    if (state.grams !== shown.grams || state.stable !== shown.stable || state.lies !== shown.lies || state.sold !== shown.sold || state.tareGrams !== shown.tareGrams || state.dishes.length !== shown.dishes.length) this.plate.value = state;
  }
}

/** What of it the server is told. */
export const sent = ({ setMealId, plate }: Wanted): { setMealId: string; plate?: WeighedDish[] } => ({ setMealId, ...(plate === undefined ? {} : { plate: [...plate] }) });

/** What the plate comes to before any discount, in fen; null where something on it has no price. */
export function runningTotal(state: PlateState, prices: NonNullable<KioskOffer['weighed']>): number | null {
  const lines = state.openGrams > 0 || state.dishes.length === 0 ? [...state.dishes, { dishId: null, grams: state.openGrams }] : state.dishes;
  let totalFen = 0;
  for (const { dishId, grams } of lines) {
    const price = prices.find((one) => one.dishId === dishId);
    if (price === undefined) return null;
    totalFen += fenForGrams(grams, price.fenPer100g);
  }
  return totalFen;
}

/** A test or a demonstration lays weights on it by `rehufanScale.grams = 412`. */
function simulated(): Scale {
  const scale = new SimulatedScale();
  Object.assign(window, { rehufanScale: scale });
  return scale;
}
