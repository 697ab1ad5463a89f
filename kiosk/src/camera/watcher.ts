import {
  cosine, decideIdentity, DEFAULT_LIVENESS, framesAreOnePerson, headYaw, judgeMotion, judgeTurn, templateOf, type FaceFrame, type HeadFrame, type MotionSign, type TurnDirection, type TurnResult, type FaceIndex, type IdentityDecision, type SightingContext, type UnitVector,
} from '../../../src/domain/identity/index.js';
import { noLongerThan } from '../device/no-longer-than.js';
import { Pictures } from './pictures.js';
import type { TurnEnd } from '../flow/turn-desk.js';
import type { RecognitionSettings } from '../../../src/contract/faces.js';
import type { FaceEngine, FaceHint, FaceView } from '../../../ui/face/index.js';

/** What the camera shows right now, for the sentence under the picture. */
export type CameraView = 'nobody' | 'several' | 'looking' | Exclude<FaceHint, null>;

/** Who stands there when somebody is to pay: whoever was named, somebody else, a face that cannot be judged, or none; `several`: not they alone. */
export type Stands = 'same' | 'other' | 'unseen' | 'several';

/** A decision worth acting on; `looking` never leaves the watcher. */
export type Sighting = Exclude<IdentityDecision, { kind: 'looking' }>;

/** What a sighting is decided in. Without settings nobody is recognised. */
export interface SightingGround {
  readonly index: FaceIndex;
  readonly context: SightingContext;
  readonly settings: RecognitionSettings | null;
}

interface WatcherInput {
  readonly engine: FaceEngine;
  readonly video: HTMLVideoElement;
  readonly gallery: () => SightingGround;
  /** Fetches withdrawals before a person is named; not waited for longer than `FRESHEN_MS`. */
  readonly beforeUse: () => Promise<void>;
  readonly onView: (view: CameraView) => void;
  /** `motion`: how the picture moved while it was looked at. */
  readonly onSighting: (sighting: Sighting, motion: MotionSign) => void;
  /** Somebody else than whoever was named stands there. */
  readonly onOther: () => void;
  /** The camera gives nothing any more; told once. */
  readonly onBlind: () => void;
}

/** One frame of a turned head is further from the template than a mean of several. */
const ONE_FRAME_SLACK = 0.08;
/** Frames of one visit are alike: one that is further from what was seen of it than this shows somebody else. */
const SAME_VISIT_SLACK = 0.03;
/** So many looks in a row at somebody else: not a helper who leans in for a moment. */
const LOOKS_AT_ANOTHER = 2;
/** So often it is looked again after the first look at somebody else; where none of them can be judged it stands. */
const LOOKS_TO_BE_SURE = 3;
/** A look that is not older says who stands there now. */
const LOOK_FRESH_MS = 700;
/** Whoever was named must have been seen within this, or be seen within the next: then the press is theirs. */
const SEEN_WITHIN_MS = 3000;
const LOOK_HERE_MS = 2000;
/** A camera that has given no new picture for so long shows nobody, though its last picture may. */
const STALE_MS = 1500;
/** A face that is in view for this long and cannot be judged (poor light, two at once) has had its try. */
const TRY_MS = 8000;
/** No new picture for this long: the camera is gone or has frozen. */
const BLIND_MS = 5000;
/** After this long without a turn another way is offered; nothing on the screen counts down. */
const TURN_WITHIN_MS = DEFAULT_LIVENESS.mostTurnMs;

/** So long withdrawals may take to arrive before somebody is named by what is known: on a line that is dead they never come. */
const FRESHEN_MS = 1_500;

const PAUSE_MS = 110;
/** Somebody is in view and waits: only as long as the page needs to draw. */
const SEEN_PAUSE_MS = 4;
const EMPTY_PAUSE_MS = 40;
/** An empty place is searched at least this often, whatever moves. */
const UNCHANGED_MS = 400;
const PRESENCE_PAUSE_MS = 1200;
const FRAMES_FRESH_MS = 4000;
/** Before an empty place only every third frame is looked at twice, so that whoever steps in does not wait for it. */
const SECOND_LOOK_EVERY = 3;
/** Whoever is out of the picture for this long has left. */
const GONE_MS = 1500;

/** Looks at the camera frame by frame. `search`: names people; `presence`: only notices whether somebody is there. */
export class Watcher {
  mode: 'search' | 'presence' | 'off' | 'turn' = 'off';

  lastSeenMs = -Infinity;

  private frames: (FaceFrame & { readonly atMs: number })[] = [];

  /** Where the landmarks were, of the same person as the frames. */
  private heads: HeadFrame[] = [];

  /** The turn that is waited for; `same`: a straight look at the person in question was among the frames. */
  private turn: { direction: TurnDirection; who: string | UnitVector; askedAtMs: number; same: boolean; done: (turned: TurnEnd) => void } | null = null;

  /** What was seen of whoever was named, for as long as nobody else is searched for. */
  private visitor: UnitVector | null = null;

  private looksAtAnother = 0;

  /** The last look showed two in front, and not whoever was named as the nearer one. */
  private isCrowded = false;

  private lookedAtMs = -Infinity;

  /** When whoever was named was last seen. */
  private sameAtMs = -Infinity;

  /** Since when a face has been in view without a decision. */
  private undecidedSinceMs: number | null = null;

  /** Whoever waits for the next look. */
  private waiting: (() => void)[] = [];

  private stopped = false;

  /** Frames in a row that showed nobody. */
  private blanks = 0;

  /** Fetches withdrawals while further frames are taken; begun with the first good frame of a look. */
  private freshening: Promise<void> | null = null;

  private readonly pictures: Pictures;

  /** Ends the pause between two looks. */
  private wake: () => void = () => undefined;

  constructor(private readonly input: WatcherInput) {
    this.pictures = new Pictures(input.video);
  }

  start(): void {
    void this.loop();
  }

  /** Whoever is asked to turn the head then is not kept waiting: nobody knows what they did. */
  stop(): void {
    this.stopped = true;
    this.turn?.done(null);
    this.turn = null;
  }

  /** Begins a new look: frames of the person before are not mixed in. */
  restart(mode: 'search' | 'presence' | 'off'): void {
    this.mode = mode;
    this.forget();
    if (mode === 'search') [this.visitor, this.looksAtAnother, this.undecidedSinceMs] = [null, 0, null];
    this.turn?.done(null);
    this.turn = null;
    if (mode === 'search') this.wake();
  }

  /** Whoever goes on now has shown otherwise who they are: the camera has nobody to compare them with. */
  forgetVisitor(): void {
    [this.visitor, this.looksAtAnother] = [null, 0];
  }

  private forget(): void {
    [this.frames, this.heads] = [[], []];
    this.freshening = null;
  }

  /**
   * Waits until the person in question has turned the head as asked, or has not. A new look ends the waiting: null, nobody knows.
   *
   * @param who somebody of the gallery, or what was just seen of somebody who is not in it
   */
  awaitTurn(direction: TurnDirection, who: string | UnitVector): Promise<TurnEnd> {
    this.restart('off');
    return new Promise((done) => {
      this.turn = { direction, who, askedAtMs: performance.now(), same: false, done };
      this.mode = 'turn';
      this.wake();
    });
  }

  /** Seconds-long collection of good frames for a comparison on the server, and how the picture moved meanwhile. @returns null where nobody held still, or the frames show different people */
  async collect(count: number, withinMs: number): Promise<{ seen: UnitVector; motion: MotionSign } | null> {
    this.restart('off');
    const until = performance.now() + withinMs;
    const found: UnitVector[] = [];
    const heads: HeadFrame[] = [];
    while (found.length < count && performance.now() < until) {
      const view = await this.input.engine.describe(this.input.video);
      if (view !== null && view.rivals === 0 && view.quality.value >= (this.input.gallery().settings?.minQuality ?? 0.5)) {
        found.push(view.descriptor);
        heads.push({ atMs: performance.now(), landmarks: view.landmarks });
      }
      await pause(PAUSE_MS);
    }
    const oneStoodThere = framesAreOnePerson(found, this.input.gallery().settings?.minSimilarity ?? 1);
    return found.length === count && oneStoodThere ? { seen: templateOf(found), motion: judgeMotion(heads) } : null;
  }

  /**
   * Whether whoever was named stands there now. One look at another may be they themselves with the eyes on the button: it is
   * looked again, and only where that shows them it was. Who was not seen a moment ago is asked to look, and has two seconds.
   *
   * @param ask called where nobody can be judged: the glass asks for a look, or that one stands there alone
   */
  async whoStands(ask: (alone: boolean) => void): Promise<Stands> {
    if (this.visitor === null || this.mode !== 'presence') return 'unseen';
    if (performance.now() - this.lookedAtMs > LOOK_FRESH_MS) await this.nextLook();
    for (let looks = 0; looks < LOOKS_TO_BE_SURE && this.looksAtAnother > 0 && this.looksAtAnother < LOOKS_AT_ANOTHER; looks += 1) await this.nextLook();
    if (this.looksAtAnother > 0) return 'other';
    return performance.now() - this.sameAtMs <= SEEN_WITHIN_MS ? 'same' : this.askedToLook(ask);
  }

  private async askedToLook(ask: (alone: boolean) => void): Promise<Stands> {
    const [sinceMs, before] = [performance.now(), this.sameAtMs];
    ask(this.isCrowded);
    while (!this.stopped && this.sameAtMs === before && this.looksAtAnother < LOOKS_AT_ANOTHER && performance.now() - sinceMs < LOOK_HERE_MS) {
      await this.pictures.next();
      await this.nextLook();
    }
    if (this.looksAtAnother > 0) return 'other';
    if (this.sameAtMs !== before) return 'same';
    return this.isCrowded ? 'several' : 'unseen';
  }

  private nextLook(): Promise<void> {
    return new Promise((done) => {
      this.waiting.push(done);
      setTimeout(done, LOOK_HERE_MS); // a camera that fails in this moment holds nobody up
      this.wake();
    });
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      if (this.pictures.silentMs() > BLIND_MS) return this.input.onBlind();
      if (this.mode !== 'off') await (this.mode === 'presence' ? this.notice() : this.look()).catch(() => this.input.onView('nobody'));
      for (const done of this.waiting.splice(0)) done();
      await this.rest();
    }
  }

  /** While somebody is looked for each new picture counts, but an empty place that has not changed is not searched again and again. */
  private async rest(): Promise<void> {
    if (this.mode === 'turn') return pause(PAUSE_MS);
    if (this.mode !== 'search') return this.awake(PRESENCE_PAUSE_MS);
    await pause(this.frames.length > 0 ? SEEN_PAUSE_MS : EMPTY_PAUSE_MS);
    await this.pictures.next();
    if (this.blanks === 0) return;
    const untilMs = performance.now() + UNCHANGED_MS;
    while (this.mode === 'search' && performance.now() < untilMs && !this.pictures.changed()) await this.pictures.next();
  }

  /** A pause that a search ends. */
  private awake(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }

  private async look(): Promise<void> {
    const mode = this.mode;
    this.pictures.keep();
    const view = await this.input.engine.describe(this.input.video, this.blanks % SECOND_LOOK_EVERY === 0 ? undefined : null);
    this.blanks = view === null ? this.blanks + 1 : 0;
    const nowMs = performance.now();
    if (this.turn !== null && nowMs - this.turn.askedAtMs > TURN_WITHIN_MS) return this.turned(null);
    if (this.turn !== null && view === null && nowMs - this.lastSeenMs > 2 * GONE_MS) return this.turned(null); // a head that is turned far is no face for a moment
    if (view === null) {
      if (nowMs - this.lastSeenMs > GONE_MS) {
        this.forget();
        this.undecidedSinceMs = null;
        this.input.onView('nobody');
      }
      return;
    }
    this.lastSeenMs = nowMs;
    if (this.turn !== null) return this.lookForTurn(view, nowMs);
    if (mode !== 'search' || this.mode !== 'search') return;
    this.countTry(nowMs);
    await this.judge(view, nowMs);
  }

  private async judge(view: FaceView, nowMs: number): Promise<void> {
    if (view.rivals > 0) return this.discard('several');
    const ground = this.input.gallery();
    const { settings } = ground;
    if (settings === null) return this.input.onView('looking');
    if (view.quality.value < settings.minQuality) return this.discard(view.quality.hint ?? 'looking');
    this.input.onView('looking');
    this.frames = [...this.frames.filter(({ atMs }) => nowMs - atMs < FRAMES_FRESH_MS), { descriptor: view.descriptor, quality: view.quality.value, atMs: nowMs }];
    this.heads = [...this.heads.filter(({ atMs }) => nowMs - atMs < FRAMES_FRESH_MS), { atMs: nowMs, landmarks: view.landmarks }];
    this.freshening ??= this.input.beforeUse();
    await this.decide(ground, settings);
  }

  /** Whether somebody is there, and where somebody was named whether it is still they: no more, a screen that is being read shall not stutter. */
  private async notice(): Promise<void> {
    const { visitor } = this;
    const view = visitor === null ? null : await this.input.engine.describe(this.input.video);
    const somebody = visitor === null ? await this.input.engine.isAnybody(this.input.video) : view !== null;
    this.lookedAtMs = performance.now();
    if (somebody) this.lastSeenMs = this.lookedAtMs;
    else if (this.lookedAtMs - this.lastSeenMs > GONE_MS) this.input.onView('nobody');
    this.isCrowded = false;
    if (view !== null && visitor !== null && visitor === this.visitor) this.compare(view, visitor);
  }

  /** Beside a helper whoever was named is still they where they stand nearer; a helper who is nearer is nobody else who pays. */
  private compare(view: FaceView, visitor: UnitVector): void {
    const { settings } = this.input.gallery();
    const other = settings !== null && cosine(visitor, view.descriptor) < settings.minSimilarity - SAME_VISIT_SLACK;
    const isJudged = settings !== null && view.quality.value >= settings.minQuality;
    this.isCrowded = view.rivals > 0 && (other || !isJudged);
    if (this.isCrowded || !isJudged) return;
    if (!other && this.pictures.silentMs() < STALE_MS) this.sameAtMs = this.lookedAtMs;
    this.looksAtAnother = other ? this.looksAtAnother + 1 : 0;
    if (this.looksAtAnother === LOOKS_AT_ANOTHER) this.input.onOther();
  }

  /** A face that can never be judged is a try like one that is not known: another way is offered then. */
  private countTry(nowMs: number): void {
    this.undecidedSinceMs ??= nowMs;
    if (nowMs - this.undecidedSinceMs < TRY_MS) return;
    this.undecidedSinceMs = nowMs;
    this.input.onSighting({ kind: 'unknown', steady: false }, 'still');
  }

  private async decide(ground: SightingGround, settings: RecognitionSettings): Promise<void> {
    const frames = this.frames.slice(-settings.framesNeeded);
    const first = decideIdentity(ground.index, frames, settings, ground.context);
    if (first.kind === 'looking') return;
    const [motion, freshened] = [judgeMotion(this.heads), this.freshening];
    this.frames = [];
    this.freshening = null;
    this.undecidedSinceMs = null;
    if (first.kind === 'unknown') return this.input.onSighting(first, motion);
    await noLongerThan(FRESHEN_MS, freshened ?? Promise.resolve(), () => undefined);
    if (this.mode !== 'search') return;
    const fresh = this.input.gallery();
    const decision = decideIdentity(fresh.index, frames, fresh.settings ?? settings, fresh.context);
    if (decision.kind === 'looking') return;
    if (decision.kind !== 'unknown') {
      [this.visitor, this.looksAtAnother, this.lookedAtMs] = [templateOf(frames.map(({ descriptor }) => descriptor)), 0, performance.now()];
      this.sameAtMs = this.lookedAtMs;
    }
    this.input.onSighting(decision, motion);
  }

  /**
   * The person must be the one in question while looking straight, to the last straight look before the turn: whoever holds a
   * picture there and then turns the own head has shown nobody. Somebody else's turn is none.
   */
  private lookForTurn(view: FaceView, nowMs: number): void {
    const { turn } = this;
    const { index, settings } = this.input.gallery();
    if (turn === null || settings === null) return this.turned(null);
    if (view.rivals > 0) return; // whoever leans in for a moment ends nobody's turn, and is no part of it
    this.heads = [...this.heads, { atMs: nowMs, landmarks: view.landmarks }];
    const template = typeof turn.who === 'string' ? index.templateOf(turn.who) : turn.who;
    if (view.quality.value >= settings.minQuality && template !== null) {
      const near = cosine(template, view.descriptor);
      if (near < settings.minSimilarity - ONE_FRAME_SLACK) return this.turned(false);
      turn.same = near >= settings.minSimilarity || (turn.same && (!isStraight(view) || near >= settings.minSimilarity - SAME_VISIT_SLACK));
    }
    const result = judgeTurn(this.heads, turn.direction, turn.askedAtMs);
    if (result !== 'waiting') this.turned(endOf(result, turn.same));
  }

  private turned(did: TurnEnd): void {
    const done = this.turn?.done;
    this.turn = null;
    this.mode = 'presence';
    done?.(did);
  }

  private discard(view: CameraView): void {
    this.forget();
    this.input.onView(view);
  }
}

const isStraight = (view: FaceView): boolean => Math.abs(headYaw(view.landmarks)) <= DEFAULT_LIVENESS.straightYaw;

/** Too slow, or turned without a straight look that showed who it is: nobody knows. */
function endOf(result: Exclude<TurnResult, 'waiting'>, same: boolean): TurnEnd {
  if (result === 'turned') return same ? true : null;
  return result === 'late' ? null : result;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => {
  setTimeout(resolve, ms);
});
