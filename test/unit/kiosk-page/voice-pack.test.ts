import { dictionary } from '../../../ui/dictionary/index.js';
import { amountSigns, piecesOf, sayPieces, sentence, type VoicePack } from '../../../kiosk/src/sense/voice-pack.js';

/** Numerals and a few sentences, as a studio would hand them over. */
const PACK: VoicePack = {
  speechLanguage: 'yue-HK',
  numerals: Object.fromEntries(Array.from('零一二三四五六七八九十百千点AB', (sign) => [sign, `hz/${sign.codePointAt(0) ?? 0}.mp3`])),
  recordings: {
    'kiosk.welcome.say': 'hz/welcome.mp3',
    'kiosk.done.say': ['hz/paid.mp3', { amount: 'yuan' }, 'hz/yuan-number.mp3', { signs: 'number' }, 'hz/enjoy.mp3'],
    'kiosk.you.say': ['hz/are-you.mp3', { slot: 'name' }, 'hz/press.mp3'],
  },
};
const files = (signs: string): { recording: string }[] => Array.from(signs, (sign) => ({ recording: `hz/${sign.codePointAt(0) ?? 0}.mp3` }));

describe('an amount', () => {
  it.each([['0', '零'], ['8', '八'], ['10', '十'], ['12.5', '十二点五'], ['20', '二十'], ['6.50', '六点五'], ['6.05', '六点零五'], ['105', '一百零五'], ['110', '一百一十'], ['1008', '一千零八'], ['2000.00', '二千']])('%s is read %s', (text, read) => {
    expect(amountSigns(text)?.join('')).toBe(read);
  });

  it.each(['', '12345', '-3', '1,000', '六'])('is not what cannot be read from numerals: %s', (text) => expect(amountSigns(text)).toBeNull());
});

describe('a voice pack', () => {
  it('says a whole sentence, numbers from its numerals, and names by the system', () => {
    expect(piecesOf(sentence('kiosk.welcome.say'), PACK)).toEqual([{ recording: 'hz/welcome.mp3' }]);
    expect(piecesOf(sentence('kiosk.done.say', { yuan: '12.5', number: 'A108' }), PACK)).toEqual([
      { recording: 'hz/paid.mp3' }, ...files('十二点五'), { recording: 'hz/yuan-number.mp3' }, ...files('A一零八'), { recording: 'hz/enjoy.mp3' },
    ]);
    expect(piecesOf(sentence('kiosk.you.say', { name: '欧阳𬭎先生' }), PACK)).toEqual([{ recording: 'hz/are-you.mp3' }, { speech: '欧阳𬭎先生' }, { recording: 'hz/press.mp3' }]);
  });

  it('leaves to the system what it has no recording of: a sentence, a numeral, a sentence of the server', () => {
    expect(piecesOf(sentence('kiosk.help.say'), PACK)).toBeNull();
    expect(piecesOf({ text: '没有扣钱。' }, PACK)).toBeNull();
    expect(piecesOf(sentence('kiosk.done.say', { yuan: '12.5', number: 'C1' }), PACK)?.slice(-2)).toEqual([{ speech: 'C1' }, { recording: 'hz/enjoy.mp3' }]);
    expect(piecesOf(sentence('kiosk.done.say', { yuan: '8', number: 'A1' }), { recordings: PACK.recordings })?.filter((piece) => 'speech' in piece)).toEqual([{ speech: '8' }, { speech: 'A1' }]);
  });

  it.each([['a file elsewhere', '../../secret.mp3'], ['another host', 'https://example.org/a.mp3'], ['a path from the root', '/a.mp3']])('plays only what lies beside it, not %s', (_, recording) => {
    expect(piecesOf(sentence('kiosk.welcome.say'), { recordings: { 'kiosk.welcome.say': recording } })).toBeNull();
  });

  it('names slots that its sentences have', () => {
    for (const [key, parts] of Object.entries(PACK.recordings)) {
      const slots = typeof parts === 'string' ? [] : parts.flatMap((part) => (typeof part === 'string' ? [] : Object.values<string>(part)));
      expect(slots.filter((slot) => !dictionary[key as keyof typeof dictionary].zh.includes(`{${slot}}`))).toEqual([]);
    }
  });
});

describe('the parts of a sentence', () => {
  /** What is heard, where one recording is missing or another sentence begins after some parts. */
  async function heard(broken: string, overtakenAfter = Infinity): Promise<[boolean, string[]]> {
    const all: string[] = [];
    const isWhole = await sayPieces(piecesOf(sentence('kiosk.you.say', { name: '王先生' }), PACK) ?? [], {
      play: (recording) => (recording === broken ? Promise.reject(new Error('no file')) : Promise.resolve(void all.push(recording))),
      speak: (text) => Promise.resolve(void all.push(text)), isOvertaken: () => all.length >= overtakenAfter,
    });
    return [isWhole, all];
  }

  it('are heard one after the other', async () => {
    expect(await heard('')).toEqual([true, ['hz/are-you.mp3', '王先生', 'hz/press.mp3']]);
  });

  it('go on after a name that the system has no voice for', async () => {
    jest.useFakeTimers();
    const played: string[] = [];
    const said = sayPieces(piecesOf(sentence('kiosk.you.say', { name: '王先生' }), PACK) ?? [], {
      play: (recording) => Promise.resolve(void played.push(recording)), speak: () => new Promise(() => undefined), isOvertaken: () => false,
    });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await Promise.race([said, Promise.resolve('still waiting')])).toBe(true);
    expect(played).toEqual(['hz/are-you.mp3', 'hz/press.mp3']);
    jest.useRealTimers();
  });

  it('are not left half where a recording cannot be played, and end where another sentence begins', async () => {
    expect(await heard('hz/press.mp3')).toEqual([false, ['hz/are-you.mp3', '王先生']]);
    expect(await heard('', 1)).toEqual([true, ['hz/are-you.mp3']]);
    expect(await heard('hz/press.mp3', 2)).toEqual([true, ['hz/are-you.mp3', '王先生']]);
  });
});
