// What a verdict sounds and feels like: made here, no files. Up is in, twice the same is already in, low is no.

const TUNES = {
  in: [[660, 0], [990, 0.12]],
  out: [[990, 0], [660, 0.12]],
  undone: [[520, 0]],
  again: [[440, 0], [440, 0.18]],
  refused: [[160, 0, 0.45]],
};
const SHAKES = { in: [60], out: [60], undone: [60], again: [80, 80, 80], refused: [400] };

let speaker;

// Browsers keep quiet until somebody has touched the page.
export function wakeSound() {
  speaker ||= window.AudioContext && new AudioContext();
  speaker?.resume();
}

export function sound(kind, aloud) {
  navigator.vibrate?.(SHAKES[kind] || []);
  if (!aloud || speaker?.state !== "running") return;
  for (const [pitch, after, length = 0.14] of TUNES[kind] || []) {
    const voice = speaker.createOscillator();
    const volume = speaker.createGain();
    const begins = speaker.currentTime + after;
    voice.type = kind === "refused" ? "square" : "sine";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.3, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + length);
    voice.connect(volume).connect(speaker.destination);
    voice.start(begins);
    voice.stop(begins + length);
  }
}
