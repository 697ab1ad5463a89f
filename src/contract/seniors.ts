import { z } from 'zod';
import { p256PublicKey } from './devices.js';
import { CONSENT_PURPOSES, formerFaceDays } from './faces.js';

/** The register of seniors: who they are, what they are entitled to, whom to call, what they agreed to. */

/** Names and notes: no control, invisible or direction-changing characters, no lone surrogates. */
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;
const printable = (longest: number): z.ZodString => z.string().trim().min(1).max(longest).regex(PRINTABLE);
const optionalText = (longest: number): z.ZodString => z.string().trim().max(longest).regex(PRINTABLE);
/** Any 8-4-4-4-12 id: ours are UUIDv7, a seed derives its own. */
export const pathId = z.guid();
const id = pathId;
const day = z.iso.date();
const instant = z.iso.datetime();

export const SEXES = ['M', 'F'] as const;
export const SENIOR_STATUSES = ['active', 'suspended', 'moved', 'deceased', 'merged'] as const;
export type SeniorStatus = (typeof SENIOR_STATUSES)[number];

/** The same list as domain/persons/category.ts; a test keeps both equal. */
export const CATEGORY_CODES = [
  'destitute', 'allowance', 'allowance-edge', 'low-income', 'disabled-severe', 'care-moderate', 'care-heavy', 'dementia',
  'merit', 'bereaved-parent', 'alone', 'empty-nest', 'special-senior',
] as const;
export const CATEGORY_STATUSES = ['applied', 'community', 'approved', 'refused'] as const;
export const CONTACT_KINDS = ['emergency', 'collector', 'guardian', 'family'] as const;
/** Who is told of everyday things where they agreed to it; the others are called when something has happened. */
export const MESSAGED_CONTACT_KINDS: readonly (typeof CONTACT_KINDS)[number][] = ['guardian', 'family'];
export const DIET_CODES = [
  'low-salt', 'diabetic', 'soft', 'minced', 'puree', 'low-fat', 'low-purine', 'low-potassium', 'vegetarian', 'halal',
  'no-peanut', 'no-egg', 'no-milk', 'no-fish', 'no-shrimp', 'no-soy', 'no-gluten', 'no-nut', 'no-sesame',
] as const;
export type DietCode = (typeof DIET_CODES)[number];
/** enrolled: the kiosks of the point know the face; consented: allowed, not yet captured; none: another way is used. */
export const FACE_STATES = ['enrolled', 'consented', 'none'] as const;

/**
 * GET /api/v1/seniors. `search`: a name or part of it, pinyin initials, an 11-digit phone, its last four digits, or an
 * ID number. Filters are intersected with the scope of the member of staff.
 */
export const seniorListQuery = z.strictObject({
  search: optionalText(40).optional(),
  pointId: id.optional(),
  communityId: id.optional(),
  status: z.enum(SENIOR_STATUSES).optional(),
  category: z.enum(CATEGORY_CODES).optional(),
  face: z.enum(FACE_STATES).optional(),
  minAgeYears: z.coerce.number().int().min(0).max(130).optional(),
  sort: z.enum(['name', 'age', 'newest']).default('name'),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type SeniorListQuery = z.infer<typeof seniorListQuery>;

export const seniorRow = z.object({
  id,
  name: z.string(),
  sex: z.enum(SEXES),
  birthDate: day,
  ageYears: z.number().int(),
  pointId: id,
  pointName: z.string(),
  communityName: z.string(),
  phoneMasked: z.string(),
  status: z.enum(SENIOR_STATUSES),
  /** Categories in force today. */
  categories: z.array(z.enum(CATEGORY_CODES)),
  face: z.enum(FACE_STATES),
});
export type SeniorRow = z.infer<typeof seniorRow>;
export const seniorListAnswer = z.object({ rows: z.array(seniorRow), total: z.number().int(), page: z.number().int(), size: z.number().int() });
export type SeniorListAnswer = z.infer<typeof seniorListAnswer>;

/** WGS-84 degrees; floor 1 is the ground floor. */
const home = {
  address: printable(120),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  floor: z.number().int().min(-3).max(120),
  hasLift: z.boolean(),
  doorNote: optionalText(60),
};
const areaCode = z.string().regex(/^\d{6,12}$/);

/**
 * POST /api/v1/seniors. `duplicateChecked`: the desk has looked at the people of the same name and birth date that
 * SENIOR.LOOKS_KNOWN counted and says that this is somebody else.
 */
export const createSeniorRequest = z.strictObject({
  name: z.string().max(80),
  sex: z.enum(SEXES),
  birthDate: day,
  idNumber: z.string().max(24),
  phone: z.string().max(24),
  pointId: id,
  communityId: id,
  hukouArea: areaCode,
  ...home,
  duplicateChecked: z.boolean(),
});
export type CreateSeniorRequest = z.infer<typeof createSeniorRequest>;
/** `notes`: codes of what the desk should look at again, for example a birth date that registrars wrote for an unknown day. */
export const createSeniorAnswer = z.object({ id, personCode: id, notes: z.array(z.enum(['customary-birth-date', 'shared-phone', 'same-last-four'])) });
export type CreateSeniorAnswer = z.infer<typeof createSeniorAnswer>;

/** PATCH /api/v1/seniors/:seniorId. Name, ID number, birth date and sex are changed together, with the reason on record. */
export const editSeniorRequest = z.strictObject({
  identity: z.strictObject({
    name: z.string().max(80), sex: z.enum(SEXES), birthDate: day, idNumber: z.string().max(24), reason: printable(120),
  }).optional(),
  phone: z.string().max(24).optional(),
  pointId: id.optional(),
  communityId: id.optional(),
  hukouArea: areaCode.optional(),
  home: z.strictObject(home).optional(),
});
export type EditSeniorRequest = z.infer<typeof editSeniorRequest>;

/** POST /api/v1/seniors/:seniorId/status: a suspension and its end. Death and moves are life events. */
export const changeSeniorStatusRequest = z.strictObject({ status: z.enum(['active', 'suspended']), from: day, reason: printable(120) });
export type ChangeSeniorStatusRequest = z.infer<typeof changeSeniorStatusRequest>;

export const seniorCategory = z.object({
  id,
  code: z.enum(CATEGORY_CODES),
  status: z.enum(CATEGORY_STATUSES),
  source: z.string(),
  evidence: z.string(),
  validFrom: day,
  /** The first day on which it no longer holds; null: no end known. */
  validTo: day.nullable(),
  inForce: z.boolean(),
  appliedByName: z.string().nullable(),
  communityCheckedByName: z.string().nullable(),
  streetDecidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  refusalReason: z.string().nullable(),
});
export type SeniorCategory = z.infer<typeof seniorCategory>;

export const seniorContact = z.object({
  id, kind: z.enum(CONTACT_KINDS), relation: z.string(), name: z.string(), phone: z.string(),
  /** Agreed to messages about everyday things, such as an account that is too low for a meal. */
  takesMessages: z.boolean(),
});
export type SeniorContact = z.infer<typeof seniorContact>;

/** `cardRef` names the card without its number. */
export const seniorCard = z.object({ cardRef: z.string(), masked: z.string(), active: z.boolean(), issuedAt: instant });
export type SeniorCard = z.infer<typeof seniorCard>;

export const seniorConsent = z.object({
  id,
  purpose: z.enum(CONSENT_PURPOSES),
  pointId: id.nullable(),
  pointName: z.string().nullable(),
  givenBy: z.enum(['self', 'guardian']),
  guardianName: z.string().nullable(),
  noticeVersion: z.string(),
  givenAt: instant,
  recordedByName: z.string(),
  withdrawnAt: instant.nullable(),
});
export type SeniorConsent = z.infer<typeof seniorConsent>;

/** GET /api/v1/seniors/:seniorId. ID number masked; phone and address masked for readers who never visit anybody. */
export const seniorDetail = z.object({
  id,
  personCode: id,
  name: z.string(),
  maskedName: z.string(),
  sex: z.enum(SEXES),
  birthDate: day,
  ageYears: z.number().int(),
  idNumberMasked: z.string(),
  phone: z.string(),
  address: z.string(),
  /** Where the home is: null for readers who do not go there. */
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  floor: z.number().int().nullable(),
  hasLift: z.boolean(),
  doorNote: z.string(),
  pointId: id,
  pointName: z.string(),
  communityId: id,
  communityName: z.string(),
  hukouArea: z.string(),
  status: z.enum(SENIOR_STATUSES),
  statusFrom: day.nullable(),
  categories: z.array(seniorCategory),
  contacts: z.array(seniorContact),
  cards: z.array(seniorCard),
  /** A secret is asked for beside the phone digits. */
  hasPin: z.boolean(),
  diets: z.array(z.string()),
  consents: z.array(seniorConsent),
  face: z.enum(FACE_STATES),
  createdAt: instant,
});
export type SeniorDetail = z.infer<typeof seniorDetail>;

/** POST /api/v1/seniors/:seniorId/id-number and /phone: the whole number, on record with its reason. */
export const revealNumberRequest = z.strictObject({ reason: printable(120) });
export type RevealNumberRequest = z.infer<typeof revealNumberRequest>;
export const revealIdNumberAnswer = z.object({ idNumber: z.string() });
export const revealPhoneAnswer = z.object({ phone: z.string() });

/** POST /api/v1/seniors/:seniorId/categories: every category except the special senior, from evidence seen. */
export const addCategoryRequest = z.strictObject({
  code: z.enum(CATEGORY_CODES).exclude(['special-senior']),
  source: printable(60),
  evidence: printable(120),
  validFrom: day,
  validTo: day.nullable(),
});
export type AddCategoryRequest = z.infer<typeof addCategoryRequest>;
export const addCategoryAnswer = z.object({ id });

/** POST /api/v1/seniors/:seniorId/categories/:categoryId/end: no longer true from `validTo` on. */
export const endCategoryRequest = z.strictObject({ validTo: day, reason: printable(120) });
export type EndCategoryRequest = z.infer<typeof endCategoryRequest>;

/** POST /api/v1/seniors/:seniorId/special-senior: the first of three steps. `validFrom` is what is asked for. */
export const applySpecialSeniorRequest = z.strictObject({
  source: printable(60), evidence: printable(120), validFrom: day,
  /** A renewal of an approval that ends, or an appeal against a refusal: the earlier application's id. */
  follows: z.strictObject({ kind: z.enum(['renewal', 'appeal']), applicationId: id }).optional(),
});
export type ApplySpecialSeniorRequest = z.infer<typeof applySpecialSeniorRequest>;

/** GET /api/v1/special-seniors: applications and decisions inside the scope. */
export const specialSeniorQuery = z.strictObject({
  status: z.enum(CATEGORY_STATUSES).optional(),
  /** Approvals that end within so many days, the soonest first. */
  endingInDays: z.coerce.number().int().min(0).max(366).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type SpecialSeniorQuery = z.infer<typeof specialSeniorQuery>;
export const specialSeniorRow = z.object({
  id,
  seniorId: id,
  seniorName: z.string(),
  ageYears: z.number().int(),
  pointName: z.string(),
  communityName: z.string(),
  status: z.enum(CATEGORY_STATUSES),
  source: z.string(),
  evidence: z.string(),
  validFrom: day,
  validTo: day.nullable(),
  appliedByName: z.string().nullable(),
  communityCheckedByName: z.string().nullable(),
  streetDecidedByName: z.string().nullable(),
  refusalReason: z.string().nullable(),
  createdAt: instant,
  follows: z.enum(['renewal', 'appeal']).nullable(),
  /** A later application that follows this one; nobody needs to be reminded. */
  followed: z.boolean(),
  endsInDays: z.number().int().nullable(),
  /** What the reader may do now: nothing where somebody else has to act. */
  mayCheck: z.boolean(),
  mayDecide: z.boolean(),
});
export type SpecialSeniorRow = z.infer<typeof specialSeniorRow>;
export const specialSeniorListAnswer = z.object({ rows: z.array(specialSeniorRow), total: z.number().int() });
export type SpecialSeniorListAnswer = z.infer<typeof specialSeniorListAnswer>;

/** POST /api/v1/special-seniors/:applicationId/{community-check, approve, refuse}. */
export const approveSpecialSeniorRequest = z.strictObject({ validFrom: day, validTo: day });
export type ApproveSpecialSeniorRequest = z.infer<typeof approveSpecialSeniorRequest>;
export const refuseSpecialSeniorRequest = z.strictObject({ reason: printable(120) });
export type RefuseSpecialSeniorRequest = z.infer<typeof refuseSpecialSeniorRequest>;
export const specialSeniorStepAnswer = z.object({ id, status: z.enum(CATEGORY_STATUSES) });

/** POST /api/v1/seniors/:seniorId/contacts; DELETE …/contacts/:contactId. */
export const addContactRequest = z.strictObject({
  kind: z.enum(CONTACT_KINDS), relation: printable(20), name: z.string().max(80), phone: z.string().max(24),
  /** Was asked and agreed to messages; false unless given, and kept for family and guardians alone. */
  takesMessages: z.boolean().optional(),
});
export type AddContactRequest = z.infer<typeof addContactRequest>;
export const addContactAnswer = z.object({ id });
/** PUT /api/v1/seniors/:seniorId/contacts/:contactId/messages: what somebody who is a contact already said when asked; family and guardians alone. */
export const setContactMessagesRequest = z.strictObject({ takesMessages: z.boolean() });
export type SetContactMessagesRequest = z.infer<typeof setContactMessagesRequest>;

export const cardRefParam = z.string().regex(/^[0-9a-f]{64}$/);

/** POST /api/v1/seniors/:seniorId/cards; POST …/cards/:cardRef/block. */
export const issueCardRequest = z.strictObject({ cardNo: z.string().max(40) });
export type IssueCardRequest = z.infer<typeof issueCardRequest>;
/** PUT /api/v1/seniors/:seniorId/pin: typed by the senior; never told back. */
export const setPinRequest = z.strictObject({ pin: z.string().regex(/^\d{4}$/) });
export type SetPinRequest = z.infer<typeof setPinRequest>;
export const issueCardAnswer = z.object({ cardRef: z.string(), masked: z.string() });
export const blockCardRequest = z.strictObject({ reason: printable(120) });
export type BlockCardRequest = z.infer<typeof blockCardRequest>;

/** PUT /api/v1/seniors/:seniorId/diets: the whole list. Needs and dislikes of the plate, never diagnoses. */
export const setDietsRequest = z.strictObject({ diets: z.array(z.enum(DIET_CODES)).max(DIET_CODES.length) });
export type SetDietsRequest = z.infer<typeof setDietsRequest>;

/** The notice that is shown and read aloud; its version is stored with each consent. */
export const CONSENT_NOTICE_VERSION = '2026-11-2';

/** POST /api/v1/seniors/:seniorId/consents: one purpose at a time. `readAloud`: the notice was read to the senior. */
export const giveConsentRequest = z.strictObject({
  purpose: z.enum(CONSENT_PURPOSES),
  givenBy: z.enum(['self', 'guardian']),
  guardianName: optionalText(40).nullable(),
  guardianProof: optionalText(80).nullable(),
  noticeVersion: z.literal(CONSENT_NOTICE_VERSION),
  /** With `face-point`: for how many days the words said that a face before is kept. Without it none is kept. */
  formerFaceDays: formerFaceDays.optional(),
  readAloud: z.literal(true),
});
export type GiveConsentRequest = z.infer<typeof giveConsentRequest>;
export const giveConsentAnswer = z.object({ id });

/**
 * POST /api/v1/seniors/:seniorId/consents/withdrawal: one action. Withdrawing the point's consent also ends roaming,
 * because nothing is left to compare with; the template is deleted in the same transaction.
 */
export const withdrawConsentRequest = z.strictObject({ purpose: z.enum(CONSENT_PURPOSES) });
export type WithdrawConsentRequest = z.infer<typeof withdrawConsentRequest>;

/** One kiosk and whether it has confirmed what it last had to do with this face. */
export const kioskReceipt = z.object({
  deviceId: id,
  name: z.string(),
  pointName: z.string(),
  status: z.enum(['active', 'revoked']),
  confirmed: z.boolean(),
  confirmedAt: instant.nullable(),
  lastSeenAt: instant.nullable(),
});
export type KioskReceipt = z.infer<typeof kioskReceipt>;

/** GET /api/v1/seniors/:seniorId/face. Never a template. `lastChange`: what the kiosks were last told. */
export const faceStateAnswer = z.object({
  face: z.enum(FACE_STATES),
  modelId: z.string().nullable(),
  quality: z.number().nullable(),
  enrolledAt: instant.nullable(),
  roaming: z.boolean(),
  /** Closed to the gallery key of the point: the server cannot open it. */
  sealed: z.boolean(),
  /** A copy that the server compares visitors of other points with; with a roaming consent and without it the face must be captured again. */
  serverCopy: z.boolean(),
  /** The key that a new capture of this senior is closed to at the station; null where the point has none. */
  sealTo: z.object({ pointId: id, keyId: id, publicKey: p256PublicKey }).nullable(),
  /** How long the street keeps a face that another took the place of: what the words of a consent say today; 0: not at all. */
  formerFaceDays: z.int(),
  /** Earlier faces within their term, latest first; never a template. `usable`: it can still be put back. */
  former: z.array(z.object({ enrolmentId: id, enrolledAt: instant, replacedAt: instant, keepUntil: instant, quality: z.number(), usable: z.boolean() })),
  lastChange: z.enum(['put', 'remove']).nullable(),
  changedAt: instant.nullable(),
  kiosks: z.array(kioskReceipt),
});
export type FaceStateAnswer = z.infer<typeof faceStateAnswer>;

/** GET /api/v1/seniors/places: communities and points that the form may offer, inside the scope. */
export const seniorPlacesAnswer = z.object({
  communities: z.array(z.object({ id, name: z.string() })),
  points: z.array(z.object({ id, name: z.string(), communityId: id, latitude: z.number(), longitude: z.number() })),
});
export type SeniorPlacesAnswer = z.infer<typeof seniorPlacesAnswer>;

/** GET /api/v1/seniors/:seniorId/history: what was done to this record, newest first; no values. */
export const seniorHistoryAnswer = z.object({
  rows: z.array(z.object({
    at: instant, actorName: z.string(), action: z.string(), outcome: z.enum(['done', 'denied', 'failed']),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })),
});
export type SeniorHistoryAnswer = z.infer<typeof seniorHistoryAnswer>;

/** GET /api/v1/seniors/:seniorId/wallet: what the senior has stored; the point's own attendants and the street read it. */
export const seniorWalletAnswer = z.object({ balanceFen: z.number().int() });
export type SeniorWalletAnswer = z.infer<typeof seniorWalletAnswer>;

/** The answer of actions that have nothing to tell. */
export const doneAnswer = z.object({ done: z.literal(true) });
