import { z } from 'zod';

/** How a meal was, said at a kiosk by pressing one of three faces. Nobody's name is asked or kept. */
export const RATING_FACES = ['good', 'fair', 'bad'] as const;
export type RatingFace = (typeof RATING_FACES)[number];
/** The one question after a bad mark. */
export const RATING_REASONS = ['salty', 'cold', 'hard', 'other'] as const;
export type RatingReason = (typeof RATING_REASONS)[number];

/** POST /api/v1/kiosk/ratings (device). The same `ratingId` again adds the reason; it never counts twice. */
export const kioskRatingRequest = z.strictObject({ ratingId: z.uuid(), face: z.enum(RATING_FACES), reason: z.enum(RATING_REASONS).nullable() });
export type KioskRatingRequest = z.infer<typeof kioskRatingRequest>;
export const kioskRatingAnswer = z.object({ noted: z.literal(true) });

/** GET /api/v1/points/:pointId/ratings: the marks of one day at one point. */
export const pointRatingsQuery = z.strictObject({ day: z.iso.date().optional() });
export type PointRatingsQuery = z.infer<typeof pointRatingsQuery>;
export const pointRatingsAnswer = z.object({
  day: z.string(),
  faces: z.object({ good: z.int(), fair: z.int(), bad: z.int() }),
  reasons: z.object({ salty: z.int(), cold: z.int(), hard: z.int(), other: z.int() }),
});
export type PointRatingsAnswer = z.infer<typeof pointRatingsAnswer>;
