import { ref, type Ref } from 'vue';
import { language } from '../../../ui/dictionary/index.js';
import { piecesOf, sayPieces, type Piece, type Sentence, type VoicePack } from './voice-pack.js';

const RATE = 0.85;
const STORED_LOUDNESS = 'rehufan.loudness';
const STORED_PACK = 'rehufan.voicePack';

export const LOUDNESS = ['soft', 'middle', 'loud'] as const;
/** How loud the kiosk speaks; loud until somebody chooses otherwise. */
export type Loudness = (typeof LOUDNESS)[number];
const VOLUME: Readonly<Record<Loudness, number>> = { soft: 0.35, middle: 0.65, loud: 1 };

let last: Sentence = { text: '' };
/** Counts what was begun: what comes after an older one is not said any more. */
let turn = 0;
let pack: VoicePack | null = null;
/** Where the voices lie: beside the page. */
let base = '';
let playing: HTMLAudioElement | null = null;

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden
  }
}

const storedLoudness = (): Loudness => LOUDNESS.find((one) => one === read(STORED_LOUDNESS)) ?? 'loud';
export const loudness: Ref<Loudness> = ref(storedLoudness());

/** Back to the loudness of the set-up. */
export function ownLoudness(): void {
  loudness.value = storedLoudness();
}

/** The next loudness, in a round; said at once, so that the choice is heard. @param keep also after this person: the machine is being set up */
export function nextLoudness(keep: boolean): void {
  loudness.value = LOUDNESS[(LOUDNESS.indexOf(loudness.value) + 1) % LOUDNESS.length] ?? 'loud';
  sayAgain();
  if (!keep) return;
  try {
    localStorage.setItem(STORED_LOUDNESS, loudness.value);
  } catch {
    // the choice then lasts until the page is closed
  }
}

/**
 * Takes the voice pack that was chosen at the set-up: `?voice=NAME` once, then kept by this browser. Without one, or where
 * it cannot be read, the system's voice speaks the page's language.
 *
 * @param pageBase address of the page, with a slash at its end
 */
export async function loadVoicePack(wanted: string | null, pageBase: string): Promise<void> {
  base = pageBase;
  const name = wanted ?? read(STORED_PACK);
  if (name === null || !/^[a-z0-9-]{1,40}$/.test(name)) return;
  try {
    const answer = await fetch(`${base}voices/${name}.json`);
    if (!answer.ok) return;
    const { recordings, numerals, speechLanguage } = await answer.json() as Partial<VoicePack>;
    pack = { recordings: recordings ?? {}, numerals: numerals ?? {}, ...(speechLanguage === undefined ? {} : { speechLanguage }) };
    localStorage.setItem(STORED_PACK, name);
  } catch {
    pack = null;
  }
}

function speak(said: Sentence): void {
  hush();
  if (said.text === '') return;
  const pieces = language.value === 'zh' && pack !== null ? piecesOf(said, pack) : null;
  if (pieces === null) void speakBySystem(said.text);
  else void speakPieces(pieces, said.text);
}

async function speakPieces(pieces: readonly Piece[], text: string): Promise<void> {
  const mine = turn;
  const isWhole = await sayPieces(pieces, { play, speak: speakBySystem, isOvertaken: () => mine !== turn });
  if (!isWhole) void speakBySystem(text);
}

function play(recording: string): Promise<void> {
  return new Promise((done, fail) => {
    const audio = new Audio(`${base}voices/${recording}`);
    playing = audio;
    audio.volume = VOLUME[loudness.value];
    audio.onended = () => done();
    audio.onerror = () => fail(new Error('cannot be played'));
    audio.play().catch(fail);
  });
}

function speakBySystem(text: string): Promise<void> {
  if (!('speechSynthesis' in window)) return Promise.resolve();
  return new Promise((done) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = language.value === 'zh' ? pack?.speechLanguage ?? 'zh-CN' : 'en-GB';
    utterance.rate = RATE;
    utterance.volume = VOLUME[loudness.value];
    utterance.onend = () => done();
    utterance.onerror = () => done();
    window.speechSynthesis.speak(utterance);
  });
}

/** Says a sentence and keeps it for "say it again". Never given a balance or a number of a document. */
export function say(said: Sentence): void {
  last = said;
  speak(said);
}

export const sayAgain = (): void => speak(last);

export function hush(): void {
  turn += 1;
  playing?.pause();
  playing = null;
  window.speechSynthesis?.cancel();
}
