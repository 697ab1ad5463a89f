/**
 * One ride from one door to the next as a crew's own phone timed it, beside what the plan had reckoned without anything
 * learnt: `travelS` by the map, `doorS` for climbing and handing over by the settings. `gapS` lies between the two
 * hand-overs, by one and the same clock.
 */
export interface TimedRide {
  readonly seniorId: string;
  readonly travelS: number;
  readonly doorS: number;
  readonly gapS: number;
}

export interface LearnedDoor {
  readonly seniorId: string;
  /** Whole seconds that this door takes beyond the settings; negative where it is quicker. */
  readonly extraS: number;
  /** Half of the rides lie within so many seconds of the middle. */
  readonly spreadS: number;
  readonly observations: number;
}

export interface LearnedTimes {
  /** Riding takes so many percent of what the map says. */
  readonly legPct: number;
  readonly legObservations: number;
  /** Doors seen often enough, in the order of their ids. */
  readonly doors: readonly LearnedDoor[];
}

/** What may be learnt at most, so that no broken clock and no long talk can bend a plan. */
export const LEARNING = {
  legPctMin: 60, legPctMax: 200, extraMinS: -45, extraMaxS: 240,
  /** A gap outside of these is no ride: results sent together, a rest, a crew that was called away. */
  gapMinS: 10, gapMaxS: 2_700,
  /** Shorter ways say more about parking than about riding. */
  legTravelMinS: 45,
  /** Rides that count as much as the plan's own reckoning. */
  legWeight: 20, doorWeight: 3,
  /** Below this many rides nothing is said of a door. */
  doorRides: 3,
} as const;

const ROUNDS = 4;

/**
 * Learns how long riding and each door really take. Medians, so that half of the rides could be wrong; drawn towards the
 * plan's own reckoning while there are few; bounded; whole numbers; the same rides in any order give the same answer.
 */
export function learnTimes(rides: readonly TimedRide[]): LearnedTimes {
  const sound = rides.filter(isSound);
  const legs = sound.filter((ride) => ride.travelS >= LEARNING.legTravelMinS);
  const byDoor = new Map<string, TimedRide[]>();
  for (const ride of sound) byDoor.set(ride.seniorId, [...(byDoor.get(ride.seniorId) ?? []), ride]);
  const often = [...byDoor].filter(([, own]) => own.length >= LEARNING.doorRides).sort(([a], [b]) => (a < b ? -1 : 1));
  let extras = new Map<string, number>();
  let pct = 100;
  // What doors take and what legs take explain each other: each is read with the other one taken off.
  for (let round = 0; round < ROUNDS; round += 1) {
    pct = legPct(legs.map((ride) => ({ ...ride, gapS: ride.gapS - (extras.get(ride.seniorId) ?? 0) })));
    const factor = pct / 100;
    extras = new Map(often.map(([seniorId, own]) => [seniorId, doorExtraS(own.map((ride) => ride.gapS - ride.doorS - factor * ride.travelS))]));
  }
  return {
    legPct: pct, legObservations: legs.length,
    doors: often.map(([seniorId, own]) => {
      const over = own.map((ride) => ride.gapS - ride.doorS - (pct / 100) * ride.travelS);
      const middle = median(over);
      return { seniorId, extraS: extras.get(seniorId) ?? 0, spreadS: Math.round(median(over.map((one) => Math.abs(one - middle)))), observations: own.length };
    }),
  };
}

function isSound({ travelS, doorS, gapS }: TimedRide): boolean {
  return [travelS, doorS, gapS].every(Number.isFinite) && travelS >= 0 && doorS >= 0 && gapS >= LEARNING.gapMinS && gapS <= LEARNING.gapMaxS;
}

/** The middle of what each leg took against the map, long legs counting more; none known: 100. */
function legPct(legs: readonly TimedRide[]): number {
  if (legs.length === 0) return 100;
  const ratios = legs.map((ride) => ({ ratio: (ride.gapS - ride.doorS) / ride.travelS, weight: ride.travelS })).sort((a, b) => a.ratio - b.ratio || a.weight - b.weight);
  const half = ratios.reduce((sum, one) => sum + one.weight, 0) / 2;
  let passed = 0;
  const middle = ratios.find((one) => (passed += one.weight) >= half)?.ratio ?? 1;
  const drawn = (legs.length * 100 * middle + LEARNING.legWeight * 100) / (legs.length + LEARNING.legWeight);
  return Math.min(LEARNING.legPctMax, Math.max(LEARNING.legPctMin, Math.round(drawn)));
}

function doorExtraS(over: readonly number[]): number {
  const drawn = (over.length * median(over)) / (over.length + LEARNING.doorWeight);
  return Math.min(LEARNING.extraMaxS, Math.max(LEARNING.extraMinS, Math.round(drawn)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
