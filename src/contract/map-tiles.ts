import { z } from 'zod';

/** GET /api/v1/dispatch/map: the map file of this installation, where it has one. */
export const mapTilesAnswer = z.object({
  /** none: no file is set. missing and damaged: one is set and cannot be used; the roads are drawn as lines then. */
  state: z.enum(['none', 'missing', 'damaged', 'ready']),
  tiles: z.object({
    kind: z.enum(['vector', 'raster']), minZoom: z.int(), maxZoom: z.int(), bytes: z.int(),
    /** west, south, east, north in degrees of WGS-84 */
    bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  }).nullable(),
});
export type MapTilesAnswer = z.infer<typeof mapTilesAnswer>;
/** GET /api/v1/dispatch/map/tiles: bytes of the file; a request without a range is refused, so that nobody hauls all of it. */
export const MAX_RANGE_BYTES = 16 * 1024 * 1024;
