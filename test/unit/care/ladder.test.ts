import { firstStep, isAtTheDoor, LADDER_STEPS, minutesOf, nextStep } from '../../../src/domain/care/index.js';
import { DEFAULT_DELIVERY_SETTINGS } from '../../../src/domain/routing/index.js';

const climb = (kind: 'door' | 'absence', steps: number): string[] => {
  const seen: string[] = [];
  for (let step = firstStep(kind); seen.length < steps; step = nextStep(kind, step)) seen.push(step);
  return seen;
};

describe('the ladder of somebody who does not answer', () => {
  it('goes from the door to the community, which is asked again and again', () => {
    expect(climb('door', 8)).toEqual([...LADDER_STEPS, 'community', 'community']);
  });

  it('of somebody who did not come begins with a call, and nobody stands at a door', () => {
    expect(climb('absence', 5)).toEqual(['phone', 'emergency-contact', 'grid-worker', 'community', 'community']);
  });

  it('gives each step its minutes; the first three are the crew’s', () => {
    expect(LADDER_STEPS.map((step) => minutesOf(step, DEFAULT_DELIVERY_SETTINGS))).toEqual([2, 3, 5, 15, 15, 30]);
    expect(LADDER_STEPS.filter((step) => isAtTheDoor('door', step))).toEqual(['ring', 'phone', 'neighbour']);
  });
});
