import { z } from 'zod';
import { panelNumberState } from './kiosk-panel.js';

/** What a staff member does here. Family members and volunteers sign in the same way, with narrower scopes. */
export const ROLES = [
  'administrator', 'street', 'finance', 'kitchen', 'attendant', 'dispatcher', 'crew', 'contractor', 'supervisor',
  'volunteer', 'family', 'auditor',
] as const;
export type Role = (typeof ROLES)[number];

/** What a staff member is limited to. */
export const SCOPE_KINDS = ['street', 'community', 'point', 'operator', 'kitchen', 'crew', 'senior'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** Which scopes fit a role; the first is what the form proposes. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly ScopeKind[]>> = {
  administrator: ['street'],
  street: ['street', 'community'],
  finance: ['street'],
  kitchen: ['kitchen'],
  attendant: ['point'],
  dispatcher: ['street', 'kitchen', 'point'],
  crew: ['crew'],
  contractor: ['operator'],
  supervisor: ['street', 'kitchen', 'point'],
  volunteer: ['point', 'crew'],
  family: ['senior'],
  auditor: ['street'],
};

/** Lower-case letters, digits, dot, hyphen and underscore: what can be typed on any keyboard and read out on the phone. */
export const loginName = z.string().regex(/^[a-z0-9][a-z0-9._-]{2,39}$/);
/** Length is what makes a password strong; no rule about kinds of characters. */
export const newPassword = z.string().min(12).max(128);
/** Any 8-4-4-4-12 id: ours are UUIDv7, a seed derives its own. */
const id = z.guid();
const instant = z.iso.datetime();
/** No control characters, no invisible direction marks. */
const shortName = z.string().trim().min(1).max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

export const loginRequest = z.strictObject({
  loginName: z.string().min(1).max(40),
  password: z.string().min(1).max(128),
});
export type LoginRequest = z.infer<typeof loginRequest>;

/** Who is signed in. `csrfToken` goes into the header X-CSRF-Token of every request that is not a GET. */
export const sessionAnswer = z.object({
  staff: z.object({
    id,
    loginName: z.string(),
    displayName: z.string(),
    role: z.enum(ROLES),
    scopeKind: z.enum(SCOPE_KINDS),
    scopeId: z.string(),
    scopeName: z.string(),
  }),
  csrfToken: z.string(),
  /** Ends without activity after this many seconds. */
  idleAfterS: z.int(),
  /** Ends at this instant in any case. */
  endsAt: instant,
  /** A password given out by an administrator must be replaced before anything else is allowed. */
  mustChangePassword: z.boolean(),
  /** Demo mode: figures and people are invented. */
  demo: z.boolean(),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;

/** GET /api/v1/session/points: the points inside the caller's scope, for every page that lets one choose. */
export const scopedPointsAnswer = z.object({
  points: z.array(z.object({ id: z.string(), code: z.string(), name: z.string(), communityId: z.string(), openToPublic: z.boolean() })),
});
export type ScopedPointsAnswer = z.infer<typeof scopedPointsAnswer>;

export const changePasswordRequest = z.strictObject({
  currentPassword: z.string().min(1).max(128),
  newPassword,
});
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;

/** First administrator of an empty production installation; the code is printed once by the server at its start. */
export const createFirstAdministratorRequest = z.strictObject({
  code: z.string().min(10).max(64),
  loginName,
  displayName: shortName,
  password: newPassword,
  /** The street that this installation serves, and its jurisdiction code (6 to 12 digits). */
  streetName: shortName,
  jurisdictionCode: z.string().regex(/^\d{6,12}$/),
});
export type CreateFirstAdministratorRequest = z.infer<typeof createFirstAdministratorRequest>;

export const staffListQuery = z.strictObject({
  search: z.string().trim().max(40).optional(),
  role: z.enum(ROLES).optional(),
  active: z.enum(['true', 'false']).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type StaffListQuery = z.infer<typeof staffListQuery>;

export const staffRow = z.object({
  id,
  loginName: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  scopeKind: z.enum(SCOPE_KINDS),
  scopeId: z.string(),
  scopeName: z.string(),
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  /** Of an active attendant of a point; null for everybody else. */
  panelNumber: panelNumberState.nullable(),
  lastSeenAt: instant.nullable(),
  createdAt: instant,
});
export type StaffRow = z.infer<typeof staffRow>;
export const staffListAnswer = z.object({ rows: z.array(staffRow), total: z.int() });
export type StaffListAnswer = z.infer<typeof staffListAnswer>;

/** Rows that a staff member can be limited to, by kind. Seniors are not listed: a family's scope is given by id. */
export const scopeChoicesAnswer = z.object({
  choices: z.array(z.object({ kind: z.enum(SCOPE_KINDS), id: z.string(), name: z.string() })),
});
export type ScopeChoicesAnswer = z.infer<typeof scopeChoicesAnswer>;

const scope = { role: z.enum(ROLES), scopeKind: z.enum(SCOPE_KINDS), scopeId: id };

export const createStaffRequest = z.strictObject({ loginName, displayName: shortName, ...scope });
export type CreateStaffRequest = z.infer<typeof createStaffRequest>;

/** Shown once to the administrator; the person must replace it at the first sign-in. */
export const temporaryPasswordAnswer = z.object({ staffId: id, loginName: z.string(), temporaryPassword: z.string() });
export type TemporaryPasswordAnswer = z.infer<typeof temporaryPasswordAnswer>;

const reason = z.string().trim().min(2).max(120);
export const changeScopeRequest = z.strictObject({ ...scope, reason });
export type ChangeScopeRequest = z.infer<typeof changeScopeRequest>;
export const staffReasonRequest = z.strictObject({ reason });
export type StaffReasonRequest = z.infer<typeof staffReasonRequest>;

/** Answer of acts that change something and have nothing to tell. */
export const doneAnswer = z.object({ done: z.literal(true) });
export type DoneAnswer = z.infer<typeof doneAnswer>;
