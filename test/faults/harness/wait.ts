/** Waits until a fact holds that only looking can tell (a row in the database of another process). */
export async function untilSo(isSo: () => Promise<boolean> | boolean, limitMs = 120_000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (performance.now() < limit) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`it did not come true within ${limitMs} ms`);
}

/** Repeats work that a killed server may break, until it ends well. The work must be harmless when repeated. */
export async function untilDone(work: () => Promise<unknown>, limitMs = 60_000): Promise<void> {
  const limit = performance.now() + limitMs;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > limit) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
