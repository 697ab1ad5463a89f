import { z } from 'zod';

/**
 * The wished bound: how often, in a million, a stranger before a kiosk may be taken for somebody of its gallery by the face
 * alone. Above it the digits are asked for. What is installed is the loosest that can be chosen.
 */
export const RISK_BOUNDS_PPM = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000] as const;

/**
 * GET /api/v1/face-models/risk-bound (administrator): what the bound is, and what each choice costs the own street.
 * `calibrated`: the rates are those of the site's own people. `meals`: paid by
 * the face alone in the last four weeks; `mealsAsked` of them rested on a greater risk, so that digits would have been asked for
 * at most so often. `upToPeople`: a gallery of so many is decided by the face alone at any match, `upToClear`: by the clearest
 * match; null without limit. `pointsAbove`, `pointsNever`: galleries that are larger.
 * `large`: points with more people in the gallery than the bound as it is set allows; there only `upToExpected` of those who are
 * expected today are known by the face alone, null without limit.
 */
export const riskBound = z.object({
  maxRiskPpm: z.int(),
  calibrated: z.boolean(),
  points: z.int(),
  meals: z.int(),
  large: z.array(z.object({ pointName: z.string(), people: z.int() })),
  upToExpected: z.int().nullable(),
  choices: z.array(z.object({
    maxRiskPpm: z.int(), upToPeople: z.int().nullable(), upToClear: z.int().nullable(), pointsAbove: z.int(), pointsNever: z.int(), mealsAsked: z.int(),
  })),
});
export type RiskBound = z.infer<typeof riskBound>;

/** PUT /api/v1/face-models/risk-bound (administrator): from the next contact of each kiosk on. */
export const setRiskBoundRequest = z.strictObject({
  maxRiskPpm: z.literal(RISK_BOUNDS_PPM),
  reason: z.string().trim().min(2).max(120),
});
export type SetRiskBoundRequest = z.infer<typeof setRiskBoundRequest>;
