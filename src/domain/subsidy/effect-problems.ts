import { tierCode } from './age-tiers.js';
import type { Effect, PolicyRules, SubsidyRule } from './policy.js';

/** Notes what is wrong with the effects of a rule. */
export function checkEffects(
  rule: SubsidyRule, { ageTiers }: PolicyRules, path: string, note: (problem: string, where: string, path: string) => void,
): void {
  const known = new Set(ageTiers.map(tierCode));
  const seen = new Set<string | null>();
  if (rule.effects.length === 0) note('no-effect', rule.id, `${path}.effects`);
  for (const [index, { tier, effect }] of rule.effects.entries()) {
    const at = `${path}.effects.${index}`;
    if (tier !== null && !known.has(tier)) note('unknown-tier', rule.id, at);
    if (seen.has(tier) || (tier === null && rule.effects.length > 1)) note('two-effects-for-one-age', rule.id, at);
    if (tier === null && rule.label === null) note('no-label', rule.id, at);
    if (!isSound(effect)) note('effect', rule.id, at);
    seen.add(tier);
  }
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function isSound(effect: Effect): boolean {
  switch (effect.kind) {
    case 'percent': return isAmount(effect.payPercent) && effect.payPercent <= 100;
    case 'off': return isAmount(effect.offFen);
    case 'fixed-price': return isAmount(effect.priceFen);
    case 'free': return true;
    case 'borne': return isAmount(effect.upToFen) && isAmount(effect.leastDueFen ?? 0);
  }
}
