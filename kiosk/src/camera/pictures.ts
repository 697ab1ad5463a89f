/** A picture is compared in this many points. */
const [WIDTH, HEIGHT] = [32, 24];
/** A point that differs by this much of 255 has changed; the noise of a camera does not reach it. */
const POINT_CHANGED = 20;
/** So many changed points are somebody who comes; fewer are a hand at the edge or a lamp. */
const POINTS_FOR_CHANGE = Math.ceil(WIDTH * HEIGHT * 0.02);
/** A camera that gives no picture for this long is looked at all the same. */
const PICTURE_WITHIN_MS = 150;

const LONGEST_PAUSE_MS = 1500;

/** What a camera shows from one picture to the next, without any knowledge of faces. */
export class Pictures {
  private readonly paint: CanvasRenderingContext2D | null;

  private kept: Uint8ClampedArray | null = null;

  private playedS = -1;

  private askedAtMs = performance.now();

  private silence = 0;

  constructor(private readonly video: HTMLVideoElement) {
    this.paint = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT }).getContext('2d', { willReadFrequently: true });
  }

  /** ms since the camera gave a new picture. */
  silentMs(): number {
    const ended = (this.video.srcObject as MediaStream | null)?.getVideoTracks().every(({ readyState }) => readyState === 'ended') ?? true;
    if (ended) return Infinity;
    const sinceMs = performance.now() - this.askedAtMs;
    this.askedAtMs += sinceMs;
    // A page that was held up for long has looked at nothing; that is no silence of the camera.
    this.silence = this.video.currentTime === this.playedS ? this.silence + Math.min(sinceMs, LONGEST_PAUSE_MS) : 0;
    this.playedS = this.video.currentTime;
    return this.silence;
  }

  /** Waits for a picture that has not been seen yet: the same one twice tells nothing new of a person. */
  next(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, PICTURE_WITHIN_MS);
      this.video.requestVideoFrameCallback(() => {
        clearTimeout(timer);
        done();
      });
    });
  }

  /** Remembers what is in view now, to be compared with. */
  keep(): void {
    this.kept = this.points();
  }

  /** Whether what is in view differs from what was remembered. */
  changed(): boolean {
    const [now, { kept }] = [this.points(), this];
    if (now === null || kept === null) return true;
    let points = 0;
    for (let at = 1; at < now.length && points < POINTS_FOR_CHANGE; at += 4) { // green: nearly all of the brightness
      if (Math.abs((now[at] as number) - (kept[at] as number)) > POINT_CHANGED) points += 1;
    }
    return points >= POINTS_FOR_CHANGE;
  }

  private points(): Uint8ClampedArray | null {
    if (this.paint === null || this.video.videoWidth === 0) return null;
    this.paint.drawImage(this.video, 0, 0, WIDTH, HEIGHT);
    return this.paint.getImageData(0, 0, WIDTH, HEIGHT).data;
  }
}
