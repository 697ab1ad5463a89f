/** After how many failures a wait begins, how long it is at first, and how long it may become; in seconds. */
export interface DoublingWait { readonly freeFailures: number; readonly firstWaitS: number; readonly longestWaitS: number }

/** How long the next try waits after so many failures: nothing at first, then twice as long after each; never for good. */
export function doublingWaitS(failures: number, { freeFailures, firstWaitS, longestWaitS }: DoublingWait): number {
  return failures < freeFailures ? 0 : Math.min(firstWaitS * 2 ** (failures - freeFailures), longestWaitS);
}
