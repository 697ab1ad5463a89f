import { CATEGORY_CODES_WITH_WORDS, ageTierWords, categoryWords, CHANNEL_WORDS, GROUP_WORDS, PERIOD_WORDS } from '../../../src/contract/finance.words.js';
import { FINANCE_GROUPS } from '../../../src/contract/finance.js';
import { MEAL_CHANNELS, MEAL_PERIODS } from '../../../src/domain/kernel/meal-period.js';
import { CATEGORY_CODES } from '../../../src/domain/persons/index.js';
import { tierCode, tierOf } from '../../../src/domain/subsidy/index.js';
import { tiersFrom } from '../pricing/policies.js';

describe('words of sheets', () => {
  it('cover every code there is', () => {
    expect([...CATEGORY_CODES_WITH_WORDS].sort()).toEqual([...CATEGORY_CODES].sort());
    for (const code of [...CATEGORY_CODES, 'none']) expect(categoryWords(code).zh).not.toBe(code);
    expect(MEAL_PERIODS.every((period) => PERIOD_WORDS[period] !== undefined)).toBe(true);
    expect(MEAL_CHANNELS.every((channel) => CHANNEL_WORDS[channel] !== undefined)).toBe(true);
    expect(FINANCE_GROUPS.every((group) => GROUP_WORDS[group] !== undefined)).toBe(true);
  });

  it.each([['60-79', '60-79 岁'], ['90+', '90 岁以上'], ['under-60', '60 岁以下'], ['public', '散客（无账户）']])('tier %s reads %s', (tier, expected) => {
    expect(ageTierWords(tier).zh).toBe(expected);
  });
});

describe('age tiers', () => {
  it('hold every age from the first on in exactly one tier', () => {
    const tiers = tiersFrom(60, 80, 90);
    expect([59, 60, 79, 80, 89, 90, 120].map((age) => { const tier = tierOf(tiers, age); return tier === null ? null : tierCode(tier); }))
      .toEqual([null, '60-79', '60-79', '80-89', '80-89', '90+', '90+']);
  });
});
