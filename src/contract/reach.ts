import { z } from 'zod';

/** How far a point reaches, who lives outside, and where the next point would help most. */

const id = z.uuid();

/** GET /api/v1/dispatch/reach */
export const reachQuery = z.strictObject({ pointId: id });
export type ReachQuery = z.infer<typeof reachQuery>;

/** Metres from the point: x to the east, y to the north. */
const spot = { x: z.int(), y: z.int() };
export const reachAnswer = z.object({
  pointId: id, pointName: z.string(), latitude: z.number(), longitude: z.number(), homeRadiusMin: z.int(), profile: z.enum(['foot', 'tricycle', 'car']), travelTimeSource: z.string(),
  frame: z.object({ minX: z.int(), minY: z.int(), widthM: z.int(), heightM: z.int() }),
  /** Roads by the minute at which they are reached: lines of four numbers each, x y x y. `withinMin` null: beyond the radius. */
  bands: z.array(z.object({ withinMin: z.int().nullable(), lines: z.array(z.int()) })),
  points: z.array(z.object({ pointId: id, name: z.string(), ...spot })),
  /** Homes of the point, without names. */
  homes: z.array(z.object({ ...spot, inside: z.boolean() })),
  registered: z.int(), inside: z.int(),
  /** Whose way could not be found on the roads: told by the straight line. */
  estimated: z.int(),
  outside: z.array(z.object({
    seniorId: id, seniorName: z.string(), ageYears: z.int(), mustServe: z.boolean(), travelMin: z.int(), missingMin: z.int(),
    /** Of all points of the street; the minutes its own radius lacks, 0 where it would reach. */
    nearestPointName: z.string(), nearestMin: z.int(), nearestMissingMin: z.int(), estimated: z.boolean(), ...spot,
  })),
  /** Beyond these many nobody is listed by name; the count stands above. */
  listedMost: z.int(),
});
export type ReachAnswer = z.infer<typeof reachAnswer>;

/** GET /api/v1/dispatch/reach/next-point: of itself the best places; with a place also what a point there would reach. */
export const nextPointQuery = z.strictObject({
  pointId: id,
  latitude: z.coerce.number().min(-90).max(90).optional(),
  longitude: z.coerce.number().min(-180).max(180).optional(),
}).refine((query) => (query.latitude === undefined) === (query.longitude === undefined), { message: 'latitude and longitude belong together' });
export type NextPointQuery = z.infer<typeof nextPointQuery>;
export const nextSite = z.object({
  latitude: z.number(), longitude: z.number(), ...spot, communityName: z.string(),
  /** People inside its radius whom no point of the street reaches; those of them who must be served. */
  gained: z.int(), gainedMustServe: z.int(),
  /** Mean one-way minutes to them. */
  meanMin: z.int(),
});
export type NextSite = z.infer<typeof nextSite>;
export const nextPointAnswer = z.object({
  /** Active seniors of the street, and those inside the radius of none of its points. */
  registered: z.int(), unreached: z.int(), unreachedMustServe: z.int(), homeRadiusMin: z.int(),
  /** Opened one after the other: each counts only whom those before it do not reach. */
  best: z.array(nextSite), tried: nextSite.nullable(),
});
export type NextPointAnswer = z.infer<typeof nextPointAnswer>;
