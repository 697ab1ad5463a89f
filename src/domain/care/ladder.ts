import type { DeliverySettings } from '../routing/index.js';

/** Who is tried when somebody does not answer, one after the other. The first three are the crew's, at the door. */
export const LADDER_STEPS = ['ring', 'phone', 'neighbour', 'grid-worker', 'emergency-contact', 'community'] as const;
export type LadderStep = (typeof LADDER_STEPS)[number];

/** door: a meal was not taken at the door. absence: a usual meal at the point was not taken, and the senior had asked to be looked after. */
export type LadderKind = 'door' | 'absence';

/** How a ladder ends; each says that somebody knows. handed-over: the community has taken it over by name. */
export const LADDER_OUTCOMES = ['answered', 'away', 'in-hospital', 'needs-help', 'handed-over'] as const;
export type LadderOutcome = (typeof LADDER_OUTCOMES)[number];

export type LadderMinutes = Pick<DeliverySettings, 'ladderRingMin' | 'ladderPhoneMin' | 'ladderNeighbourMin' | 'ladderGridMin' | 'ladderContactMin' | 'ladderCommunityMin'>;

const MINUTES: Readonly<Record<LadderStep, keyof LadderMinutes>> = {
  ring: 'ladderRingMin', phone: 'ladderPhoneMin', neighbour: 'ladderNeighbourMin', 'grid-worker': 'ladderGridMin',
  'emergency-contact': 'ladderContactMin', community: 'ladderCommunityMin',
};

const STEPS_OF: Readonly<Record<LadderKind, readonly LadderStep[]>> = {
  door: LADDER_STEPS,
  // Nobody stands at the door, so nobody rings or asks a neighbour.
  absence: ['phone', 'emergency-contact', 'grid-worker', 'community'],
};

export function firstStep(kind: LadderKind): LadderStep {
  return STEPS_OF[kind][0];
}

/** The step that follows; the community is asked again and again until a person ends the ladder. */
export function nextStep(kind: LadderKind, step: LadderStep): LadderStep {
  const steps = STEPS_OF[kind];
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)];
}

/** Minutes a step is given before the next one begins. */
export function minutesOf(step: LadderStep, settings: LadderMinutes): number {
  return settings[MINUTES[step]];
}

/** A crew stands at the door and tries these itself; from the next one on, and wherever nobody stands at a door, the office does. */
export function isAtTheDoor(kind: LadderKind, step: LadderStep): boolean {
  return kind === 'door' && (step === 'ring' || step === 'phone' || step === 'neighbour');
}

/**
 * When a step is over. At the door time runs from when the door stayed shut, as the crew's phone says: what the crew could have
 * tried while nobody heard of it is passed at once. The office needs its own minutes from when it is asked.
 *
 * @param sinceMs when the step before ended by its own time, or the door stayed shut; @param nowMs when this step begins
 */
export function dueMs(kind: LadderKind, step: LadderStep, settings: LadderMinutes, { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number }): number {
  return (isAtTheDoor(kind, step) ? Math.min(sinceMs, nowMs) : nowMs) + minutesOf(step, settings) * 60_000;
}
