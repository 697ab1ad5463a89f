/**
 * Waits for an answer no longer than somebody stands still for it. A line that is dead without saying so fails nothing: its
 * requests only never end.
 *
 * @param otherwise what counts when it takes longer; may throw
 */
export async function noLongerThan<Answer>(ms: number, work: Promise<Answer>, otherwise: () => Answer): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Answer>((done, failed) => {
    timer = setTimeout(() => {
      try {
        done(otherwise());
      } catch (reason) {
        failed(reason as Error);
      }
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // nobody waits for it any more
  }
}
