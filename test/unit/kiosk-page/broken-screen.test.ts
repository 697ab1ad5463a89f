import { insteadOfBroken } from '../../../kiosk/src/flow/broken-screen.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';
import { dietWords } from '../../../kiosk/src/parts/diet-words.js';
import { DIET_CODES } from '../../../src/contract/seniors.js';

describe('a screen that cannot be drawn', () => {
  let shown: Screen[];
  let glass: { screen: { value: Screen }; show(screen: Screen): void };
  beforeEach(() => {
    shown = [];
    glass = { screen: { value: { name: 'welcome' } }, show: (screen) => { shown.push(screen); glass.screen.value = screen; } };
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => jest.restoreAllMocks());

  it('leaves nobody before an empty glass: it sends them to staff, and the error is told', async () => {
    const failure = new TypeError('no word');
    insteadOfBroken(glass)(failure);
    await Promise.resolve();
    expect(shown).toEqual([{ name: 'help' }]);
    expect(console.error).toHaveBeenCalledWith(failure);
  });

  it('goes nowhere from the screen that sends to staff, so that it cannot go round for ever', async () => {
    glass.screen.value = { name: 'help' };
    insteadOfBroken(glass)(new TypeError('no word'));
    await Promise.resolve();
    expect(shown).toEqual([]);
  });
});

describe('what a set meal is marked with', () => {
  it('has a word for every mark that a menu can carry', () => {
    expect(dietWords(DIET_CODES)).toHaveLength(DIET_CODES.length);
    expect(new Set(dietWords(DIET_CODES)).size).toBe(DIET_CODES.length);
  });

  it('leaves out a mark of a newer server instead of failing', () => {
    expect(dietWords(['soft', 'of-tomorrow'])).toEqual(['软烂']);
  });
});
