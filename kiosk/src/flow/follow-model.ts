import type { Gallery } from '../device/gallery.js';
import * as server from '../device/server.js';

/** What of the kiosk is needed to begin anew. */
interface Running {
  readonly gallery: Pick<Gallery, 'followedBy' | 'model'> | null;
  isIdle(): boolean;
}

/**
 * Begins anew where the people of this point are compared by another model than this page runs: whoever is captured from
 * then on has no face by this one. Only in a moment that disturbs nobody, and only where the server says so when it is asked
 * as at a start, so that no page begins anew over and over.
 */
export async function followModel(kiosk: Running, beginAnew: () => void = () => window.location.reload()): Promise<void> {
  const { gallery } = kiosk;
  const isFollowed = gallery !== null && gallery.followedBy !== null && gallery.followedBy !== gallery.model;
  if (!isFollowed || !kiosk.isIdle()) return;
  await server.askMode();
  if (server.toldModel().id !== gallery.model && kiosk.isIdle()) beginAnew();
}
