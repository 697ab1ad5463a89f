import { insteadOfBroken } from '../../../kiosk/src/flow/broken-screen.js';
import type { Screen } from '../../../kiosk/src/flow/screen.js';
import { dietWords } from '../../../kiosk/src/parts/diet-words.js';
import { DIET_CODES } from '../../../src/contract/seniors.js';

describe('a screen that cannot be drawn', () => {
  let shown: string[];
  let nowMs: number;
  let glass: { screen: { value: Screen }; show(screen: Screen): void; help(): Promise<void> };
  const failure = new TypeError('no word');
  const broken = async (place: string, tell = insteadOfBroken(glass, () => nowMs)): Promise<typeof tell> => {
    tell(failure, null, place);
    await Promise.resolve();
    return tell;
  };
  beforeEach(() => {
    [shown, nowMs] = [[], 0];
    glass = {
      screen: { value: { name: 'welcome' } },
      show: (screen) => { shown.push(`show ${screen.name}`); glass.screen.value = screen; },
      help: () => { shown.push('call'); glass.screen.value = { name: 'help' }; return Promise.resolve(); },
    };
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => jest.restoreAllMocks());

  it.each(['render function', 'setup function', 'https://vuejs.org/error-reference/#runtime-1'])('%s: staff are called, nobody is left before an empty glass, and the error is told', async (place) => {
    await broken(place);
    expect(shown).toEqual(['call']);
    expect(console.error).toHaveBeenCalledWith(failure);
  });

  it('calls staff once in a quarter of an hour, however often it fails, and shows the way to them each time', async () => {
    const tell = await broken('render function');
    glass.screen.value = { name: 'welcome' };
    nowMs = 899_999;
    await broken('render function', tell);
    glass.screen.value = { name: 'welcome' };
    nowMs = 900_000;
    await broken('render function', tell);
    expect(shown).toEqual(['call', 'show help', 'call']);
  });

  it.each(['native event handler', 'watcher callback', 'https://vuejs.org/error-reference/#runtime-5'])('%s: a press that fails leaves the screen, also a receipt, as it is', async (place) => {
    await broken(place);
    expect(shown).toEqual([]);
    expect(console.error).toHaveBeenCalledWith(failure);
  });

  it('goes nowhere from the screen that sends to staff, so that it cannot go round for ever', async () => {
    glass.screen.value = { name: 'help' };
    await broken('render function');
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
