import { ref, type Ref } from 'vue';
import { language } from '../../../ui/dictionary/index.js';

const RATE = 0.85;
const STORED_LOUDNESS = 'rehufan.loudness';
const STORED_PACK = 'rehufan.voicePack';

export const LOUDNESS = ['soft', 'middle', 'loud'] as const;
/** How loud the kiosk speaks; loud until somebody chooses otherwise. */
export type Loudness = (typeof LOUDNESS)[number];
const VOLUME: Readonly<Record<Loudness, number>> = { soft: 0.35, middle: 0.65, loud: 1 };

/** A voice of the place, recorded or of the system: `voices/<name>.json` beside the page. */
interface VoicePack {
  /** Language of the system's voice for sentences that are not recorded, for example `yue-HK`. */
  readonly speechLanguage?: string;
  /** Sentence as the dictionary has it -> address of a recording, from the page's base. */
  readonly recordings: Readonly<Record<string, string>>;
}

let lastText = '';
let pack: VoicePack | null = null;
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
 */
export async function loadVoicePack(wanted: string | null): Promise<void> {
  const name = wanted ?? read(STORED_PACK);
  if (name === null || !/^[a-z0-9-]{1,40}$/.test(name)) return;
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}voices/${name}.json`);
    if (!answer.ok) return;
    const { recordings, speechLanguage } = await answer.json() as Partial<VoicePack>;
    pack = { recordings: recordings ?? {}, ...(speechLanguage === undefined ? {} : { speechLanguage }) };
    localStorage.setItem(STORED_PACK, name);
  } catch {
    pack = null;
  }
}

function speak(text: string): void {
  hush();
  if (text === '') return;
  const recording = language.value === 'zh' ? pack?.recordings[text] : undefined;
  if (recording !== undefined && /^[\w./-]+$/.test(recording)) {
    playing = new Audio(`${import.meta.env.BASE_URL}voices/${recording}`);
    playing.volume = VOLUME[loudness.value];
    void playing.play().catch(() => speakBySystem(text));
  } else speakBySystem(text);
}

function speakBySystem(text: string): void {
  if (!('speechSynthesis' in window)) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language.value === 'zh' ? pack?.speechLanguage ?? 'zh-CN' : 'en-GB';
  utterance.rate = RATE;
  utterance.volume = VOLUME[loudness.value];
  window.speechSynthesis.speak(utterance);
}

/** Says `text` and keeps it for "say it again". Never given a balance or a number of a document. */
export function say(text: string): void {
  lastText = text;
  speak(text);
}

export const sayAgain = (): void => speak(lastText);

export function hush(): void {
  playing?.pause();
  playing = null;
  window.speechSynthesis?.cancel();
}
