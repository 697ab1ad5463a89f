import {
  decideIdentity, type FaceFrame, type FaceIndex, type IdentityDecision, type SightingContext, type UnitVector,
} from '../../../src/domain/identity/index.js';
import type { RecognitionSettings } from '../../../src/contract/faces.js';
import type { FaceEngine, FaceHint } from '../../../ui/face/index.js';

/** What the camera shows right now, for the sentence under the picture. */
export type CameraView = 'nobody' | 'several' | 'looking' | Exclude<FaceHint, null>;

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
  /** Fetches withdrawals before a person is named. */
  readonly beforeUse: () => Promise<void>;
  readonly onView: (view: CameraView) => void;
  readonly onSighting: (sighting: Sighting) => void;
}

const PAUSE_MS = 110;
const PRESENCE_PAUSE_MS = 1200;
const FRAMES_FRESH_MS = 4000;
/** Whoever is out of the picture for this long has left. */
const GONE_MS = 1500;

/** Looks at the camera frame by frame. `search`: names people; `presence`: only notices whether somebody is there. */
export class Watcher {
  mode: 'search' | 'presence' | 'off' = 'off';

  lastSeenMs = -Infinity;

  private frames: (FaceFrame & { readonly atMs: number })[] = [];

  private stopped = false;

  constructor(private readonly input: WatcherInput) {}

  start(): void {
    void this.loop();
  }

  stop(): void {
    this.stopped = true;
  }

  /** Begins a new look: frames of the person before are not mixed in. */
  restart(mode: 'search' | 'presence' | 'off'): void {
    this.mode = mode;
    this.frames = [];
  }

  /** Seconds-long collection of good frames for a comparison on the server. @returns null where nobody held still */
  async collect(count: number, withinMs: number): Promise<UnitVector[] | null> {
    this.restart('off');
    const until = performance.now() + withinMs;
    const found: UnitVector[] = [];
    while (found.length < count && performance.now() < until) {
      const view = await this.input.engine.describe(this.input.video);
      if (view !== null && view.rivals === 0 && view.quality.value >= (this.input.gallery().settings?.minQuality ?? 0.5)) found.push(view.descriptor);
      await pause(PAUSE_MS);
    }
    return found.length === count ? found : null;
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      if (this.mode !== 'off') await this.look().catch(() => this.input.onView('nobody'));
      await pause(this.mode === 'search' ? PAUSE_MS : PRESENCE_PAUSE_MS);
    }
  }

  private async look(): Promise<void> {
    const mode = this.mode;
    const view = await this.input.engine.describe(this.input.video);
    const nowMs = performance.now();
    if (view === null) {
      if (nowMs - this.lastSeenMs > GONE_MS) {
        this.frames = [];
        this.input.onView('nobody');
      }
      return;
    }
    this.lastSeenMs = nowMs;
    if (mode !== 'search' || this.mode !== 'search') return;
    if (view.rivals > 0) return this.discard('several');
    const ground = this.input.gallery();
    const { settings } = ground;
    if (settings === null) return this.input.onView('looking');
    if (view.quality.value < settings.minQuality) return this.discard(view.quality.hint ?? 'looking');
    this.input.onView('looking');
    this.frames = [...this.frames.filter(({ atMs }) => nowMs - atMs < FRAMES_FRESH_MS), { descriptor: view.descriptor, quality: view.quality.value, atMs: nowMs }];
    await this.decide(ground, settings);
  }

  private async decide(ground: SightingGround, settings: RecognitionSettings): Promise<void> {
    const frames = this.frames.slice(-settings.framesNeeded);
    const first = decideIdentity(ground.index, frames, settings, ground.context);
    if (first.kind === 'looking') return;
    this.frames = [];
    if (first.kind === 'unknown') return this.input.onSighting(first);
    await this.input.beforeUse();
    if (this.mode !== 'search') return;
    const fresh = this.input.gallery();
    const decision = decideIdentity(fresh.index, frames, fresh.settings ?? settings, fresh.context);
    if (decision.kind !== 'looking') this.input.onSighting(decision);
  }

  private discard(view: CameraView): void {
    this.frames = [];
    this.input.onView(view);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => {
  setTimeout(resolve, ms);
});
