import { z } from 'zod';

export const AUDIT_OUTCOMES = ['done', 'denied', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const auditListQuery = z.strictObject({
  /** First and last Shanghai day, both included. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  actorId: z.guid().optional(),
  action: z.string().regex(/^[a-z0-9.-]{1,60}$/).optional(),
  objectKind: z.string().regex(/^[a-z-]{1,30}$/).optional(),
  objectId: z.string().max(80).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditListQuery = z.infer<typeof auditListQuery>;

export const auditRow = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  /** Display name of a staff member, name of a device, empty for the system and for strangers. */
  actorName: z.string(),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string().nullable(),
  outcome: z.enum(AUDIT_OUTCOMES),
  requestId: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AuditRow = z.infer<typeof auditRow>;
export const auditListAnswer = z.object({ rows: z.array(auditRow), total: z.int() });
export type AuditListAnswer = z.infer<typeof auditListAnswer>;
