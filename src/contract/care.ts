import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();
const note = z.string().trim().max(200);

export const LADDER_STEP_CODES = ['ring', 'phone', 'neighbour', 'grid-worker', 'emergency-contact', 'community'] as const;
export const LADDER_OUTCOME_CODES = ['answered', 'away', 'in-hospital', 'needs-help', 'handed-over'] as const;
export const STEP_RESULTS = ['timed-out', 'tried', 'reached'] as const;
/** What a crew noticed; no diagnosis. */
export const CONDITION_SIGNS = ['confused', 'weak', 'cold-room', 'food-left', 'bruises', 'unkempt', 'other'] as const;
/** A crew calls for help, a person seems changed, or somebody got a box that must not reach them. */
export const ALERT_KINDS = ['alarm', 'condition', 'wrong-box', 'recalled'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
export const WELFARE_LEVELS = ['usual', 'different', 'worried'] as const;

const ladderStep = z.object({
  stepNo: z.int(), step: z.enum(LADDER_STEP_CODES), startedAt: instant, dueAt: instant, endedAt: instant.nullable(), result: z.enum(STEP_RESULTS).nullable(),
  recordedByName: z.string().nullable(), note: z.string(),
});
export const ladderRow = z.object({
  id, kind: z.enum(['door', 'absence']), seniorId: id, seniorName: z.string(), ageYears: z.int(), pointId: id, pointName: z.string(), crewName: z.string().nullable(),
  step: z.enum(LADDER_STEP_CODES), dueAt: instant, openedAt: instant, endedAt: instant.nullable(), outcome: z.enum(LADDER_OUTCOME_CODES).nullable(), note: z.string(),
  steps: z.array(ladderStep),
});
export type LadderRow = z.infer<typeof ladderRow>;
export const alertRow = z.object({
  id, kind: z.enum(ALERT_KINDS), seniorName: z.string().nullable(), pointName: z.string().nullable(), crewName: z.string().nullable(), signs: z.array(z.string()),
  latitude: z.number().nullable(), longitude: z.number().nullable(), deviceAt: instant, raisedAt: instant, reminders: z.int(), takenByName: z.string().nullable(),
  takenAt: instant.nullable(), closedAt: instant.nullable(), note: z.string(),
});
export type AlertRow = z.infer<typeof alertRow>;
export const welfareCallRow = z.object({
  id,
  /** The day whose meal it is about; one of the days before where nobody has called yet. */
  day,
  seniorId: id, seniorName: z.string(), pointName: z.string(), cause: z.enum(['ladder-open', 'worried', 'not-handed-over', 'on-no-trip', 'not-known']),
  result: z.enum(['well', 'unwell', 'not-reached']).nullable(), note: z.string(), calledByName: z.string().nullable(), calledAt: instant.nullable(),
});
export type WelfareCallRow = z.infer<typeof welfareCallRow>;

/** GET /api/v1/care: who is being looked for, who needs help, whom to call. `day` defaults to today. */
export const careBoardQuery = z.strictObject({ day: day.optional() });
export type CareBoardQuery = z.infer<typeof careBoardQuery>;
export const careBoardAnswer = z.object({
  day, asOf: instant, ladders: z.array(ladderRow), alerts: z.array(alertRow), calls: z.array(welfareCallRow), callsBuiltAt: instant.nullable(), callsFromMin: z.int(),
});
export type CareBoardAnswer = z.infer<typeof careBoardAnswer>;

/** POST /api/v1/care/ladders/:ladderId/steps: the step it stands at was tried; the next one begins at once. */
export const recordStepRequest = z.strictObject({ step: z.enum(LADDER_STEP_CODES), note: note.default('') });
export type RecordStepRequest = z.infer<typeof recordStepRequest>;
/** POST /api/v1/care/ladders/:ladderId/end */
export const endLadderRequest = z.strictObject({ outcome: z.enum(LADDER_OUTCOME_CODES), note: note.min(2) });
export type EndLadderRequest = z.infer<typeof endLadderRequest>;
export const ladderAnswer = z.object({ ladderId: id, step: z.enum(LADDER_STEP_CODES), dueAt: instant, endedAt: instant.nullable(), outcome: z.enum(LADDER_OUTCOME_CODES).nullable() });
export type LadderAnswer = z.infer<typeof ladderAnswer>;

/** GET /api/v1/care/ladders/:ladderId/people: whom to call, decrypted and on record. */
export const ladderPeopleAnswer = z.object({
  people: z.array(z.object({ role: z.enum(['senior', 'neighbour', 'grid-worker', 'emergency-contact', 'community']), name: z.string(), phone: z.string() })),
});
export type LadderPeopleAnswer = z.infer<typeof ladderPeopleAnswer>;

/** POST /api/v1/care/alerts/:alertId/take and /close */
export const takeAlertRequest = z.strictObject({});
export const closeAlertRequest = z.strictObject({ note: note.min(2) });
export type CloseAlertRequest = z.infer<typeof closeAlertRequest>;
export const alertAnswer = z.object({ alertId: id, takenAt: instant.nullable(), closedAt: instant.nullable() });
export type AlertAnswer = z.infer<typeof alertAnswer>;

/** POST /api/v1/care/calls/:callId; shownCalledAt is when the call had been made as far as the list showed, null where it waited. */
export const recordCallRequest = z.strictObject({ result: z.enum(['well', 'unwell', 'not-reached']), note: note.default(''), shownCalledAt: instant.nullable().optional() });
export type RecordCallRequest = z.infer<typeof recordCallRequest>;
export const callAnswer = z.object({ callId: id });
export type CallAnswer = z.infer<typeof callAnswer>;

/** PUT /api/v1/care/seniors/:seniorId: the neighbour who may be asked, and whether an unusual absence is looked into. */
export const careOfSeniorRequest = z.strictObject({
  neighbour: z.strictObject({ name: z.string().trim().min(1).max(40), phone: z.string().regex(/^\d{7,12}$/) }).nullable(), absenceWatched: z.boolean(),
});
export type CareOfSeniorRequest = z.infer<typeof careOfSeniorRequest>;
export const careOfSeniorAnswer = z.object({ seniorId: id });
export type CareOfSeniorAnswer = z.infer<typeof careOfSeniorAnswer>;

const namedPerson = z.strictObject({ name: z.string().trim().min(1).max(40), phone: z.string().regex(/^\d{7,12}$/) });
/** GET /api/v1/care/people: whom a ladder can ask in each community, and who agreed to be asked after; those whom nobody could call first. */
export const carePeopleAnswer = z.object({
  asOf: instant,
  communities: z.array(z.object({ communityId: id, name: z.string(), gridWorker: z.object({ name: z.string(), phone: z.string() }).nullable(), office: z.object({ name: z.string(), phone: z.string() }).nullable() })),
  watched: z.array(z.object({
    seniorId: id, seniorName: z.string(), ageYears: z.int(), pointName: z.string(), since: instant, recordedByName: z.string().nullable(), hasNeighbour: z.boolean(), contacts: z.int(),
  })),
});
export type CarePeopleAnswer = z.infer<typeof carePeopleAnswer>;
/** PUT /api/v1/care/communities/:communityId/people; null takes the person away. */
export const setCommunityPersonRequest = z.strictObject({ role: z.enum(['grid-worker', 'community']), person: namedPerson.nullable() });
export type SetCommunityPersonRequest = z.infer<typeof setCommunityPersonRequest>;
export const setCommunityPersonAnswer = z.object({ communityId: id });
export type SetCommunityPersonAnswer = z.infer<typeof setCommunityPersonAnswer>;
/** POST /api/v1/care/seniors/:seniorId/absence: a regular is missed at the canteen. */
export const openAbsenceRequest = z.strictObject({ period: mealPeriod });
export type OpenAbsenceRequest = z.infer<typeof openAbsenceRequest>;
export const openAbsenceAnswer = z.object({ ladderId: id, opened: z.boolean() });
export type OpenAbsenceAnswer = z.infer<typeof openAbsenceAnswer>;

/** POST /api/v1/crew/alarms: somebody needs help, now. Never refused for what is unknown about the place. */
export const raiseAlarmRequest = z.strictObject({
  id, stopId: id.nullable(), latitude: z.number().min(-90).max(90).nullable(), longitude: z.number().min(-180).max(180).nullable(), deviceAt: instant,
});
export type RaiseAlarmRequest = z.infer<typeof raiseAlarmRequest>;
/** POST /api/v1/crew/stops/:stopId/welfare: three taps at the door. */
export const welfareRequest = z.strictObject({ id, level: z.enum(WELFARE_LEVELS), signs: z.array(z.enum(CONDITION_SIGNS)).max(7), deviceAt: instant });
export type WelfareRequest = z.infer<typeof welfareRequest>;
export const welfareAnswer = z.object({ id });
export type WelfareAnswer = z.infer<typeof welfareAnswer>;
/** POST /api/v1/crew/stops/:stopId/ladder: what the crew tried at a door that does not open, or how it ended. */
export const crewLadderRequest = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('tried'), step: z.enum(['ring', 'phone', 'neighbour']), deviceAt: instant }),
  z.strictObject({ act: z.literal('ended'), outcome: z.enum(['answered', 'away', 'in-hospital']), deviceAt: instant }),
]);
export type CrewLadderRequest = z.infer<typeof crewLadderRequest>;
