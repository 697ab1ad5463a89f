/** A point of the picture, in its pixels. */
export interface FacePoint { readonly x: number; readonly y: number }

/** What one frame tells about the head; instants in milliseconds of any one clock. */
export interface HeadFrame {
  readonly atMs: number;
  /** The 68 landmarks, in pixels. */
  readonly landmarks: readonly FacePoint[];
}

/** How the place of the nose between the eyes speaks of a turned head, as shares of the eyes' distance. */
export interface LivenessSettings {
  /** A head this near to frontal looks straight. */
  readonly straightYaw: number;
  /** A head turned this far has done what was asked. */
  readonly turnedYaw: number;
  /** A turn takes at least this long; a swapped picture takes no time. */
  readonly leastTurnMs: number;
  /** From the question on, which takes a third of it to be said; nothing on a screen counts it down. */
  readonly mostTurnMs: number;
  /** Frames that must show the head between straight and turned. */
  readonly leastBetween: number;
  /** Movement below this, as a share of the eyes' distance, is stillness. */
  readonly stillShare: number;
  /** What a flat picture leaves unexplained at most, as a share of the movement. */
  readonly flatShare: number;
}

/** Chosen from the landmarks' noise on a still photo that is waved about (yaw -0.062 to +0.020); not yet measured on people. */
export const DEFAULT_LIVENESS: LivenessSettings = {
  straightYaw: 0.1, turnedYaw: 0.22, leastTurnMs: 200, mostTurnMs: 12_000, leastBetween: 1, stillShare: 0.02, flatShare: 0.25,
};

const mean = (points: readonly FacePoint[]): FacePoint => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

const eyesOf = (landmarks: readonly FacePoint[]): readonly [FacePoint, FacePoint] => [mean(landmarks.slice(36, 42)), mean(landmarks.slice(42, 48))];

/** Distance of the nose from the middle of the eyes along their line, as a share of the eyes' distance; positive to the right of the picture. */
export function headYaw(landmarks: readonly FacePoint[]): number {
  const [left, right] = eyesOf(landmarks);
  const nose = landmarks[30];
  const [dx, dy] = [right.x - left.x, right.y - left.y];
  return ((nose.x - left.x) * dx + (nose.y - left.y) * dy) / (dx * dx + dy * dy) - 0.5;
}

/** Where the head is to turn, as seen in the picture. The caller draws it by lot. */
export type TurnDirection = 'left' | 'right';

/** `waiting`: go on looking. `late` and `jumped` are no proof of an attack; they are no proof of a person either. */
export type TurnResult = 'waiting' | 'turned' | 'wrong-way' | 'jumped' | 'late';

/**
 * Judges a head turn that was asked for at `askedAtMs`: first straight, then through the middle, then turned the way
 * that was asked.
 *
 * @param frames in the order of time
 */
export function judgeTurn(frames: readonly HeadFrame[], direction: TurnDirection, askedAtMs: number, settings: LivenessSettings = DEFAULT_LIVENESS): TurnResult {
  const sign = direction === 'right' ? 1 : -1;
  let straightAtMs: number | null = null;
  let between = 0;
  for (const frame of frames) {
    if (frame.atMs < askedAtMs) continue;
    if (frame.atMs - askedAtMs > settings.mostTurnMs) return 'late';
    const yaw = sign * headYaw(frame.landmarks);
    if (Math.abs(yaw) <= settings.straightYaw) [straightAtMs, between] = [frame.atMs, 0];
    else if (yaw <= -settings.turnedYaw) return 'wrong-way';
    else if (straightAtMs !== null && yaw < settings.turnedYaw) between += 1;
    else if (yaw >= settings.turnedYaw) {
      // Turned before it was ever straight, or from one frame to the next: a picture was put there.
      return straightAtMs !== null && between >= settings.leastBetween && frame.atMs - straightAtMs >= settings.leastTurnMs ? 'turned' : 'jumped';
    }
  }
  return 'waiting';
}

/** `flat`: all landmarks moved as one flat picture does. `deep`: they did not. `still`: too little moved to tell. */
export type MotionSign = 'still' | 'flat' | 'deep';

/**
 * Whether landmarks moved across frames as a flat picture moves: shifted, turned, scaled and slanted as a whole. A head
 * in motion leaves more unexplained, because its nose is nearer to the camera than its cheeks. A bent photo does, too:
 * a sign of risk, never a gate.
 */
export function judgeMotion(frames: readonly HeadFrame[], settings: LivenessSettings = DEFAULT_LIVENESS): MotionSign {
  const [first] = frames;
  if (first === undefined) return 'still';
  const [left, right] = eyesOf(first.landmarks);
  const eyes = Math.hypot(right.x - left.x, right.y - left.y);
  let sign: MotionSign = 'still';
  for (const frame of frames.slice(1)) {
    const left1 = mean(first.landmarks);
    const left2 = mean(frame.landmarks);
    const moved = first.landmarks.map((point, at) => Math.hypot(
      frame.landmarks[at].x - left2.x - (point.x - left1.x), frame.landmarks[at].y - left2.y - (point.y - left1.y),
    ));
    const movement = rootMeanSquare(moved) / eyes;
    if (movement < settings.stillShare) continue;
    if (unexplained(first.landmarks, frame.landmarks) / eyes > settings.flatShare * movement) return 'deep';
    sign = 'flat';
  }
  return sign;
}

const rootMeanSquare = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** What the best affine map of `from` onto `to` leaves, as a root mean square in pixels. */
function unexplained(from: readonly FacePoint[], to: readonly FacePoint[]): number {
  const [centre, target] = [mean(from), mean(to)];
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  from.forEach((point, at) => {
    const [x, y, u, v] = [point.x - centre.x, point.y - centre.y, to[at].x - target.x, to[at].y - target.y];
    [xx, xy, yy, xu, yu, xv, yv] = [xx + x * x, xy + x * y, yy + y * y, xu + x * u, yu + y * u, xv + x * v, yv + y * v];
  });
  const determinant = xx * yy - xy * xy;
  const solve = (a: number, b: number): [number, number] => [(a * yy - b * xy) / determinant, (b * xx - a * xy) / determinant];
  const [ax, ay] = solve(xu, yu);
  const [bx, by] = solve(xv, yv);
  return rootMeanSquare(from.map((point, at) => {
    const [x, y] = [point.x - centre.x, point.y - centre.y];
    return Math.hypot(to[at].x - target.x - ax * x - ay * y, to[at].y - target.y - bx * x - by * y);
  }));
}

/** What is known about the danger of this very sighting. */
export interface LivenessRisk {
  /** Bound of a false match in parts per million, from the decision, and the bound that is wished for. */
  readonly riskPpm: number;
  readonly maxRiskPpm: number;
  readonly motion: MotionSign;
  /** Share of "live" that a separate model gives, 0 to 1, or null without one: it adds to the risk and never clears it. */
  readonly antiSpoof: number | null;
  /** Claims in this person's name that ended in doubt today. */
  readonly doubtsToday: number;
}

/** `none`: go on. `turn`: ask for a head turn. `second-factor`: digits, a card or a person, whatever the face shows. */
export type LivenessDemand = 'none' | 'turn' | 'second-factor';

const SUSPICIOUS_ANTI_SPOOF = 0.5;
const DOUBTS_BEFORE_PERSON = 3;

/** A head turn is asked only where something speaks for it: most people look and are done. It says nothing about who it is, so a near risk of a false match is no reason for one. */
export function demandLiveness(risk: LivenessRisk): LivenessDemand {
  if (risk.doubtsToday >= DOUBTS_BEFORE_PERSON || risk.riskPpm > risk.maxRiskPpm) return 'second-factor';
  const suspicious = risk.motion === 'flat' || (risk.antiSpoof !== null && risk.antiSpoof < SUSPICIOUS_ANTI_SPOOF) || risk.doubtsToday > 0;
  return suspicious ? 'turn' : 'none';
}
