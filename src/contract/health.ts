import { z } from 'zod';

export const healthAnswer = z.object({
  status: z.enum(['ok', 'degraded']),
  database: z.enum(['ok', 'unknown']),
  /** Payments do not need Redis; jobs wait in the database until it is back. */
  redis: z.enum(['ok', 'down', 'unknown']),
});
export type HealthAnswer = z.infer<typeof healthAnswer>;
