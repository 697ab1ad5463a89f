import { Watcher, type SightingGround } from '../../../kiosk/src/camera/watcher.js';
import { recognitionSettings } from '../../../src/contract/faces.js';
import { FaceIndex, NO_CONTEXT, normalise, type UnitVector } from '../../../src/domain/identity/index.js';
import type { FaceEngine, FaceView } from '../../../ui/face/index.js';

const SIZE = 128;
/** People whose faces have nothing in common. */
export const faceOf = (who: number): UnitVector => normalise(Float32Array.from({ length: SIZE }, (_, at) => (at % 8 === who ? 1 : 0)));

/** A look at somebody whose cosine with the face in question is this. */
const nearTo = (who: number, near: number): UnitVector => normalise(faceOf(who).map((part, at) => near * part + Math.sqrt(1 - near * near) * faceOf(7)[at]));

/** Landmarks of a head that is turned: the nose stands this share of the eyes' distance to the right of their middle. */
export function headAt(yaw: number): { x: number; y: number }[] {
  const points = Array.from({ length: 68 }, () => ({ x: 50, y: 80 }));
  for (let at = 36; at < 42; at += 1) points[at] = { x: 0, y: 0 };
  for (let at = 42; at < 48; at += 1) points[at] = { x: 100, y: 0 };
  points[30] = { x: 50 + 100 * yaw, y: 50 };
  return points;
}

const SETTINGS = recognitionSettings.parse({ minSimilarity: 0.6, minMargin: 0.1, framesNeeded: 3, minQuality: 0.5, falseMatchPpm: 1, maxRiskPpm: 1_000 });

/** A camera that sees whoever is set before it; the clock is the test's. */
export class Room {
  /** Who stands there, null: nobody. */
  who: number | null = null;

  /** How near they come to what the kiosk holds of them. */
  near = 1;

  yaw = 0;

  rivals = 0;

  quality = 0.9;

  /** Since when the camera gives the same picture. */
  frozenAtMs: number | null = null;

  /** How long withdrawals take to be fetched. */
  freshen: () => Promise<void> = () => Promise.resolve();

  readonly named: string[] = [];

  others = 0;

  private looks = 0;

  readonly watcher: Watcher;

  /** @param known whose templates the kiosk holds */
  constructor(known: readonly number[]) {
    const index = FaceIndex.of(known.map((who) => ({ personCode: `P${who}`, template: faceOf(who) })));
    const ground: SightingGround = { index, context: NO_CONTEXT, settings: SETTINGS };
    const engine: FaceEngine = {
      modelId: 'test', describe: () => Promise.resolve(this.view()), isAnybody: () => Promise.resolve(this.who !== null), describeAs: () => Promise.resolve(null),
    };
    const video = {
      srcObject: { getVideoTracks: () => [{ readyState: 'live' }] }, currentTime: 0, requestVideoFrameCallback: (done: () => void) => setTimeout(done, 30),
    };
    Object.assign(globalThis, { document: { createElement: () => ({ getContext: () => null }) } });
    Object.defineProperty(video, 'currentTime', { get: () => this.frozenAtMs ?? performance.now() });
    this.watcher = new Watcher({
      engine, video: video as unknown as HTMLVideoElement, gallery: () => ground, beforeUse: () => this.freshen(), onView: () => undefined,
      onSighting: (sighting) => this.named.push(sighting.kind === 'identified' ? sighting.personCode : sighting.kind), onOther: () => { this.others += 1; }, onBlind: () => undefined,
    });
    this.watcher.start();
  }

  /** What a promise comes to after at most so long of the test's clock; undefined where it is still open. */
  async after<Value>(ms: number, waiting: Promise<Value>): Promise<Value | undefined> {
    let value: Value | undefined;
    void waiting.then((found) => { value = found; });
    await jest.advanceTimersByTimeAsync(ms);
    return value;
  }

  /** Waits until the camera has looked once more. */
  async nextLook(): Promise<void> {
    const before = this.looks;
    while (this.looks === before) await jest.advanceTimersByTimeAsync(20);
  }

  private view(): FaceView | null {
    this.looks += 1;
    if (this.who === null) return null;
    return { descriptor: nearTo(this.who, this.near), box: { x: 0, y: 0, width: 200, height: 200 }, quality: { value: this.quality, hint: null } as FaceView['quality'], landmarks: headAt(this.yaw), rivals: this.rivals };
  }
}
