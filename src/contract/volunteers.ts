import { z } from 'zod';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const instant = z.iso.datetime();

/** The text a volunteer agrees to: what is kept, for how long, who sees it. */
export const VOLUNTEER_CONSENT = '2026-1';

/** GET /api/v1/volunteers: who has registered, for those who look after them. */
export const volunteerRow = z.object({ crewId: id, name: z.string(), phone: z.string(), communityId: id, communityName: z.string(), consentedAt: instant, claims: z.int(), noShows: z.int() });
export type VolunteerRow = z.infer<typeof volunteerRow>;
export const volunteersAnswer = z.object({ volunteers: z.array(volunteerRow), communities: z.array(z.object({ id, name: z.string() })), consentVersion: z.string() });
export type VolunteersAnswer = z.infer<typeof volunteersAnswer>;

/** POST /api/v1/volunteers. `consentVersion` must be the present text, agreed to in person. */
export const registerVolunteerRequest = z.strictObject({
  name: z.string().trim().min(1).max(40), phone: z.string().regex(/^1\d{10}$/), communityId: id, consentVersion: z.literal(VOLUNTEER_CONSENT),
});
export type RegisterVolunteerRequest = z.infer<typeof registerVolunteerRequest>;
export const registerVolunteerAnswer = z.object({ crewId: id });
export type RegisterVolunteerAnswer = z.infer<typeof registerVolunteerAnswer>;

/** POST /api/v1/volunteers/:crewId/leave: the consent is taken back. */
export const endVolunteerAnswer = z.object({ crewId: id, cardsBack: z.int() });
export type EndVolunteerAnswer = z.infer<typeof endVolunteerAnswer>;

/** A trip as a card: nothing on it names a senior. */
export const taskCard = z.object({
  taskId: id, day, period: mealPeriod, areaName: z.string(), pointName: z.string(), departS: z.int(), minutes: z.int(), doors: z.int(), floorsOnFoot: z.int(), boxes: z.int(),
  /** The card as text for a group chat. */
  text: z.object({ zh: z.string(), en: z.string() }),
  state: z.enum(['open', 'mine', 'taken', 'left', 'closed']), claimedByName: z.string().nullable(),
});
export type TaskCard = z.infer<typeof taskCard>;
/** GET /api/v1/volunteers/tasks: cards from today on; a volunteer sees whether a card is its own, the office by whom. */
export const taskListAnswer = z.object({ tasks: z.array(taskCard) });
export type TaskListAnswer = z.infer<typeof taskListAnswer>;

/** POST /api/v1/volunteers/tasks: a trip that has not left is offered. */
export const offerTaskRequest = z.strictObject({ tripId: id });
export type OfferTaskRequest = z.infer<typeof offerTaskRequest>;
export const taskAnswer = z.object({ taskId: id });
export type TaskAnswer = z.infer<typeof taskAnswer>;
/** POST /api/v1/volunteers/tasks/:taskId/claim and /no-show */
export const claimTaskRequest = z.strictObject({});
export const noShowAnswer = z.object({ taskId: id, paged: z.array(z.object({ crewId: id, distanceM: z.int() })) });
export type NoShowAnswer = z.infer<typeof noShowAnswer>;

/** POST /api/v1/storms: one decision; what would be collected at these points is brought instead. */
export const decideStormRequest = z.strictObject({ day, period: mealPeriod, pointIds: z.array(id).min(1).max(100), reason: z.string().trim().min(2).max(200) });
export type DecideStormRequest = z.infer<typeof decideStormRequest>;
export const stormRow = z.object({
  stormId: id, day, period: mealPeriod, reason: z.string(), pointNames: z.array(z.string()), turned: z.int(), decidedByName: z.string(), decidedAt: instant, undoneAt: instant.nullable(),
});
export type StormRow = z.infer<typeof stormRow>;
/** notServed: names of points that serve no such meal; they were left out. */
export const stormAnswer = z.object({ stormId: id, turned: z.int(), pagedVolunteers: z.int(), toldCrews: z.int(), notServed: z.array(z.string()) });
export type StormAnswer = z.infer<typeof stormAnswer>;
/** GET /api/v1/storms */
export const stormListAnswer = z.object({ storms: z.array(stormRow), points: z.array(z.object({ id, name: z.string() })) });
export type StormListAnswer = z.infer<typeof stormListAnswer>;
/** POST /api/v1/storms/:stormId/undo: what no crew has left with is collected again. */
export const undoStormRequest = z.strictObject({});
export const undoStormAnswer = z.object({ stormId: id, turnedBack: z.int() });
export type UndoStormAnswer = z.infer<typeof undoStormAnswer>;
