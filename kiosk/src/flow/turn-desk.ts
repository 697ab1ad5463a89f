import { demandLiveness, type LivenessDemand, type MotionSign, type TurnDirection } from '../../../src/domain/identity/index.js';
import type { RecognitionSettings } from '../../../src/contract/faces.js';
import type { WordKey } from '../../../ui/dictionary/index.js';
import type { Candidate, Screen } from './screen.js';

/** The picture is not mirrored: whose nose goes to its right turns to the own left. */
export const ownSide = (side: TurnDirection): WordKey => (side === 'right' ? 'kiosk.turn.left' : 'kiosk.turn.right');

/**
 * What became of a head turn that was asked for. `wrong-way`: left and right were mixed up. `jumped`: straight in
 * one picture and turned in the next, as where a picture is put there, or the machine looks too seldom for a quick head. Null: nobody knows, be it that they
 * left, took their time, or somebody walked past; that is no doubt.
 */
export type TurnEnd = boolean | 'wrong-way' | 'jumped' | null;
type Turned = (side: TurnDirection) => Promise<TurnEnd>;

/** When a head turn is asked for, and what was doubted here today. Kept in memory alone. */
export class TurnDesk {
  private day = '';

  private readonly doubts = new Map<string, number>();

  /** @param turnedAway told whom somebody was taken for who did not turn as asked */
  constructor(private readonly turnedAway: (personCode: string) => void = () => undefined) {}

  /**
   * What follows when somebody was named: the question whether it is they, a head turn first, or the digits. Without a turn
   * as asked the digits are asked for, and doubt is remembered for the day. Nobody is in view then as far as the digits are
   * concerned: a picture that did not turn must not stand for the face that agrees with them.
   *
   * @param turned shows what is asked and waits for it; null where the person left that screen
   */
  async next(
    seen: { candidate: Candidate; personCode: string; riskPpm: number; motion: MotionSign }, settings: RecognitionSettings | null, turned: Turned,
  ): Promise<Screen> {
    const demand = this.demand(seen, settings);
    const did = demand === 'turn' ? await this.ask(turned) : demand === 'none';
    if (did === true) return { name: 'is-it-you', candidate: seen.candidate };
    if (demand === 'turn' && did === null) return { name: 'not-recognised', doubt: [] }; // chose another way: nobody is doubted for that
    if (demand === 'turn') {
      this.doubt(seen.personCode);
      this.turnedAway(seen.personCode);
    }
    return { name: 'not-recognised', doubt: [] };
  }

  /**
   * What follows where the digits decide between several. Where the settings ask for a turn the nearest of them is asked, and
   * once it was done the face stands beside the digits; else it stands for nobody, but what is missing is still one more step.
   *
   * @param turned shows what is asked and waits for it; null where the person left that screen
   */
  async several(seen: { personCodes: readonly string[]; motion: MotionSign }, settings: RecognitionSettings | null, turned: Turned): Promise<Screen> {
    // The digits bound the chance of a false match, so that it is no reason for more.
    const demandOf = (personCode: string): LivenessDemand => this.demand({ personCode, riskPpm: 0, motion: seen.motion }, settings);
    const nearest = seen.personCodes[0];
    const asks = demandOf(nearest) === 'turn';
    const did = asks ? await this.ask(turned) : null;
    if (did === false) {
      this.doubt(nearest);
      this.turnedAway(nearest);
      return { name: 'not-recognised', doubt: [] };
    }
    const suffices: readonly LivenessDemand[] = did === true ? ['none', 'turn'] : ['none'];
    return { name: 'not-recognised', doubt: seen.personCodes.filter((personCode) => (!asks || did === true) && suffices.includes(demandOf(personCode))), step: true };
  }

  /**
   * Whether a guest whom this point does not know turns the head where the settings ask for it; doubts are kept by the digits
   * that were typed, since nobody knows yet who it is.
   *
   * @param turned shows what is asked and waits for it; null where the person left that screen
   */
  async guest(seen: { last4: string; motion: MotionSign }, settings: RecognitionSettings | null, turned: Turned): Promise<'turned' | 'not-asked' | 'not-done'> {
    const personCode = `guest:${seen.last4}`;
    const demand = this.demand({ personCode, riskPpm: 0, motion: seen.motion }, settings);
    if (demand === 'none') return 'not-asked';
    const did = demand === 'turn' ? await this.ask(turned) : null;
    if (did === false) this.doubt(personCode);
    return did === true ? 'turned' : 'not-done';
  }

  private demand(seen: { personCode: string; riskPpm: number; motion: MotionSign }, settings: RecognitionSettings | null): LivenessDemand {
    if (settings === null || settings.liveness === 'off') return 'none';
    this.startDay();
    const demand = demandLiveness({
      riskPpm: seen.riskPpm, maxRiskPpm: settings.maxRiskPpm, motion: seen.motion, antiSpoof: null, doubtsToday: this.doubts.get(seen.personCode) ?? 0,
    });
    return demand === 'none' && settings.liveness === 'always' ? 'turn' : demand;
  }

  /** Whoever mixes up left and right, or turns too fast to be seen, is asked once more, for a side drawn anew. */
  private async ask(turned: Turned): Promise<boolean | null> {
    const isUnclear = (end: TurnEnd): end is 'wrong-way' | 'jumped' => end === 'wrong-way' || end === 'jumped';
    const first = await turned(this.draw());
    const end = isUnclear(first) ? await turned(this.draw()) : first;
    return isUnclear(end) ? false : end;
  }

  /** The side is drawn by lot, so that a film cannot know it. */
  private draw(): TurnDirection {
    return crypto.getRandomValues(new Uint8Array(1)).every((byte) => byte % 2 === 0) ? 'left' : 'right';
  }

  private doubt(personCode: string): void {
    this.startDay();
    this.doubts.set(personCode, (this.doubts.get(personCode) ?? 0) + 1);
  }

  private startDay(): void {
    const today = new Date().toDateString();
    if (today !== this.day) this.doubts.clear();
    this.day = today;
  }
}
