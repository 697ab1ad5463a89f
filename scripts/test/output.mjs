import { AsyncLocalStorage } from 'node:async_hooks';

const held = new AsyncLocalStorage();

/** Shows text now, or with the rest of the check it belongs to. */
export function write(text) {
  const store = held.getStore();
  if (store) store.push(text);
  else process.stdout.write(text);
}

/** Whether what is written here waits until its check has ended. */
export const isHeld = () => held.getStore() !== undefined;

/** Runs a check whose output is shown in one piece at its end, so that two at a time stay readable. */
export async function holdOutput(work) {
  const texts = [];
  try {
    return await held.run(texts, work);
  } finally {
    process.stdout.write(texts.join(''));
  }
}
