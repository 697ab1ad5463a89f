/** The one place that may ask the machine. */
export const now = (): Date => new Date();
export const nowMs = (): number => Date.now();
export const nonce = (): number => Math.random();
