const started = process.hrtime.bigint();

/** Seconds since this command began, with one decimal. */
export function elapsedS() {
  return (Number(process.hrtime.bigint() - started) / 1e9).toFixed(1);
}

/** One line for the person who waits. */
export function say(text) {
  process.stdout.write(`[${elapsedS().padStart(6)} s] ${text}\n`);
}

/** An expected refusal: shown as one sentence, without a stack. */
export class Refusal extends Error {}

/**
 * Runs one step and tells its beginning, every ten seconds that it still runs, and its end.
 * @template T
 * @param {string} title what is being done
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  say(`${title} …`);
  const begun = process.hrtime.bigint();
  const seconds = () => Math.round(Number(process.hrtime.bigint() - begun) / 1e9);
  const ticker = setInterval(() => say(`${title}: still at it, ${seconds()} s`), 10_000);
  try {
    const result = await work();
    say(`${title}: done`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}
