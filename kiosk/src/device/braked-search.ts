import { afterMiss, mustWait, type DigitMisses } from './digit-brake.js';
import { setting, store } from './store.js';

/**
 * The brake on guessing phone digits while the server cannot be asked; it lies on the disk, so that a restart does not
 * loosen it. A search that finds somebody is not counted.
 *
 * @returns whom the search found, or null where it must wait
 */
export async function brakedSearch<Found>(nowMs: number, search: () => Promise<Found[]>): Promise<Found[] | null> {
  const known: DigitMisses = {
    misses: await setting('digitMisses') ?? 0, notBeforeMs: await setting('digitNotBeforeMs') ?? 0, lastMissMs: await setting('digitLastMissMs') ?? 0,
  };
  if (mustWait(known, nowMs)) return null;
  const found = await search();
  if (found.length > 0) return found;
  const next = afterMiss(known, nowMs);
  await store.settings.bulkPut([
    { name: 'digitMisses', value: next.misses }, { name: 'digitNotBeforeMs', value: next.notBeforeMs }, { name: 'digitLastMissMs', value: next.lastMissMs },
  ]);
  return found;
}
