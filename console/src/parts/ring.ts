let audio: AudioContext | null = null;

/** Two tones that carry through a canteen. @returns whether they can be heard: a browser is silent until somebody has pressed something on the page */
export function ring(): boolean {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
  for (const [index, frequencyHz] of [880, 660].entries()) {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = frequencyHz;
    const from = audio.currentTime + index * 0.25;
    volume.gain.setValueAtTime(0.3, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.24);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(from);
    oscillator.stop(from + 0.24);
  }
  return navigator.userActivation.hasBeenActive;
}
