import { language } from '../../../ui/dictionary/index.js';

const RATE = 0.85;

let lastText = '';

function speak(text: string): void {
  if (!('speechSynthesis' in window) || text === '') return;
  window.speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language.value === 'zh' ? 'zh-CN' : 'en-GB';
  utterance.rate = RATE;
  window.speechSynthesis.speak(utterance);
}

/** Says `text` and keeps it for "say it again". Never given a balance or a number of a document. */
export function say(text: string): void {
  lastText = text;
  speak(text);
}

export const sayAgain = (): void => speak(lastText);

export const hush = (): void => window.speechSynthesis?.cancel();
