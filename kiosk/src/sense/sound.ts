let audio: AudioContext | null = null;

/** Frequencies between 500 and 1000 Hz are heard best by old ears. */
function tone(frequencyHz: number, startS: number, lengthS: number): void {
  if (audio === null) return;
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = frequencyHz;
  const from = audio.currentTime + startS;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.25, from + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, from + lengthS);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + lengthS);
}

/** Browsers allow sound after the first touch only; called on each touch. */
export function wakeSound(): void {
  audio ??= typeof AudioContext === 'undefined' ? null : new AudioContext();
  if (audio?.state === 'suspended') void audio.resume();
}

export const clickSound = (): void => tone(700, 0, 0.06);

export function paidSound(): void {
  tone(660, 0, 0.16);
  tone(880, 0.17, 0.3);
}

export const attentionSound = (): void => tone(520, 0, 0.3);
