import { z } from 'zod';

/** Roads on which no crew gets through for some days. */

const id = z.uuid();
const day = z.iso.date();
const reason = z.string().trim().min(2).max(120).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

/** POST /api/v1/dispatch/road-blocks: plans made from now on go around it; those that nobody rides yet are made again. */
export const setRoadBlockRequest = z.strictObject({
  /** A point of the street; the block holds for all its depots. */
  pointId: id, latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180), radiusM: z.int().min(5).max(500),
  /** Days are first and last, both included; null: until it is lifted. */
  fromDay: day, toDay: day.nullable(), reason,
}).refine((block) => block.toDay === null || block.toDay >= block.fromDay, { message: 'the last day is not before the first' });
export type SetRoadBlockRequest = z.infer<typeof setRoadBlockRequest>;
export const roadBlockAnswer = z.object({ blockId: id, closedRoads: z.int(), replanned: z.int() });
export type RoadBlockAnswer = z.infer<typeof roadBlockAnswer>;

/** POST /api/v1/dispatch/road-blocks/:blockId/lift */
export const liftRoadBlockRequest = z.strictObject({});
export const liftRoadBlockAnswer = z.object({ blockId: id, replanned: z.int() });
export type LiftRoadBlockAnswer = z.infer<typeof liftRoadBlockAnswer>;

/** GET /api/v1/dispatch/road-blocks: of the street of a point, those that hold today or later. */
export const roadBlockListQuery = z.strictObject({ pointId: id });
export type RoadBlockListQuery = z.infer<typeof roadBlockListQuery>;
export const roadBlockListAnswer = z.object({
  blocks: z.array(z.object({
    blockId: id, latitude: z.number(), longitude: z.number(), radiusM: z.int(), fromDay: day, toDay: day.nullable(), reason: z.string(), setByName: z.string(), setAt: z.iso.datetime(),
  })),
});
export type RoadBlockListAnswer = z.infer<typeof roadBlockListAnswer>;
