import type { RatingFace, RatingReason } from '../../../src/contract/ratings.js';
import { sendRating } from '../device/server.js';
import type { Kiosk } from './kiosk.js';

/** Asks how the meal was. Nobody's name is known here, and none is asked. */
export const askRating = (kiosk: Kiosk): void => kiosk.show({ name: 'rate', step: 'face', ratingId: crypto.randomUUID() });

/** Notes a mark; after a bad one there is one question. Without network the screen says that it was not noted. */
export async function rate(kiosk: Kiosk, ratingId: string, face: RatingFace, reason: RatingReason | null): Promise<void> {
  const asksWhy = face === 'bad' && reason === null;
  kiosk.show({ name: 'rate', step: asksWhy ? 'why' : 'thanks', ratingId });
  const noted = await sendRating({ ratingId, face, reason }).then(() => true, () => false);
  const screen = kiosk.screen.value;
  if (!noted && screen.name === 'rate' && screen.ratingId === ratingId) kiosk.show({ name: 'rate', step: 'not-noted', ratingId });
}
