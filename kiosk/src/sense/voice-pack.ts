import { t, type WordKey } from '../../../ui/dictionary/index.js';
import { noLongerThan } from '../device/no-longer-than.js';

/** What is said: the words, and, where they come from the dictionary, their key and what fills its slots. */
export interface Sentence {
  readonly text: string;
  readonly key?: WordKey;
  readonly slots?: Readonly<Record<string, string | number>>;
}

/** A sentence of the dictionary, as it is said. */
export const sentence = (key: WordKey, slots?: Sentence['slots']): Sentence => ({ text: t(key, slots), key, ...(slots === undefined ? {} : { slots }) });

/** One part of a sentence: a recording; a slot that is read as an amount or sign by sign, from recorded numerals; or a slot for the system's voice (a name). */
export type Part = string | { readonly amount: string } | { readonly signs: string } | { readonly slot: string };

/**
 * A voice of the place: `voices/<name>.json` beside the page. `recordings`: by key of the dictionary, a recording of the whole
 * sentence (one without slots) or its parts in their order. `numerals`: recordings of 零 to 九, 十, 百, 千, 点 and letters.
 * `speechLanguage`: of the system's voice for whatever is not recorded, for example `yue-HK`.
 */
export interface VoicePack {
  readonly speechLanguage?: string;
  readonly recordings: Readonly<Record<string, string | readonly Part[]>>;
  readonly numerals?: Readonly<Record<string, string>>;
}

/** What is played or spoken, one after the other. */
export type Piece = { readonly recording: string } | { readonly speech: string };

/** A browser without an installed voice says nothing and may never tell that it has ended; slow speech takes less than this. */
const mostSpeechMs = (text: string): number => 2_000 + 500 * text.length;

const DIGITS = '零一二三四五六七八九';
/** A file beside the pack, nothing else. */
const FILE = /^[\w-][\w./-]*$/;

/** How an amount is read: 12.5 is 十二点五; null where it is none up to 9999. */
export function amountSigns(text: string): string[] | null {
  const found = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(text);
  if (found === null) return null;
  const whole = wholeSigns(Number(found[1]));
  const cents = (found[2] ?? '').replace(/0+$/, '');
  return cents === '' ? whole : [...whole, '点', ...Array.from(cents, digitSign)];
}

const digitSign = (digit: string | number): string => DIGITS.charAt(Number(digit));

function wholeSigns(value: number): string[] {
  if (value === 0) return ['零'];
  const signs: string[] = [];
  let gap = false;
  for (const [size, unit] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
    const digit = Math.trunc(value / size) % 10;
    if (digit === 0) gap = signs.length > 0;
    else {
      if (gap) signs.push('零');
      gap = false;
      if (!(size === 10 && digit === 1 && signs.length === 0)) signs.push(digitSign(digit)); // 十二, not 一十二
      if (unit !== '') signs.push(unit);
    }
  }
  return signs;
}

/** Sign by sign, as a pick-up number is called: A128 is A, 一, 二, 八. */
const eachSign = (text: string): string[] => Array.from(text.replace(/[\s-]/g, ''), (sign) => (/\d/.test(sign) ? digitSign(sign) : sign.toUpperCase()));

/** How a pack says a sentence; null where it does not, and the system's voice says all of it. */
export function piecesOf({ key, slots = {} }: Sentence, { recordings, numerals = {} }: VoicePack): Piece[] | null {
  const recorded = key === undefined ? undefined : recordings[key];
  if (recorded === undefined) return null;
  const pieces = (typeof recorded === 'string' ? [recorded] : recorded).map((part): Piece[] | null => {
    if (typeof part === 'string') return [{ recording: part }];
    const value = String(slots['amount' in part ? part.amount : 'signs' in part ? part.signs : part.slot] ?? '');
    if (value === '') return null;
    const signs = 'amount' in part ? amountSigns(value) : 'signs' in part ? eachSign(value) : null;
    const files = signs?.map((sign) => numerals[sign]) ?? [undefined];
    return files.every((file) => file !== undefined) ? files.map((recording) => ({ recording })) : [{ speech: value }];
  });
  const all = pieces.flatMap((some) => some ?? []);
  const fits = pieces.every((some) => some !== null) && all.every((piece) => !('recording' in piece) || (FILE.test(piece.recording) && !piece.recording.includes('..')));
  return fits && all.length > 0 ? all : null;
}

/**
 * Says the pieces one after the other, until another sentence has begun.
 *
 * @returns false where a recording could not be played: then the whole sentence is to be said anew, so that no half of one is left
 */
export async function sayPieces(pieces: readonly Piece[], by: { play(recording: string): Promise<void>; speak(text: string): Promise<void>; isOvertaken(): boolean }): Promise<boolean> {
  try {
    for (const piece of pieces) {
      await ('recording' in piece ? by.play(piece.recording) : noLongerThan(mostSpeechMs(piece.speech), by.speak(piece.speech), () => undefined));
      if (by.isOvertaken()) return true;
    }
    return true;
  } catch {
    return by.isOvertaken();
  }
}
