import { z } from 'zod';
import { planRunRow } from './dispatch.js';
import { mealPeriod } from './menu.js';

const id = z.uuid();
const day = z.iso.date();
const minuteOfDay = z.int().min(0).max(1440);

/** What a crew can do; `lift-only` is a cart that takes no stairs. */
export const CREW_SKILLS = ['lift-only', 'dialect', 'sign-language', 'two-people'] as const;
/** What a door asks of its crew. Stairs are known from floor and lift. */
export const DOOR_NEEDS = ['dialect', 'sign-language', 'two-people'] as const;

const crewBreak = z.strictObject({ fromMin: minuteOfDay, toMin: minuteOfDay });

/** GET /api/v1/dispatch/crews: the crews of the depots in scope; absentOn: meals from today on for which it was said that they do not come. */
export const dispatchCrewRow = z.object({
  crewId: id, name: z.string(), depotId: id, depotName: z.string(), vehicle: z.string(), capacityBoxes: z.int(), shiftStartMin: z.int(), shiftEndMin: z.int(),
  active: z.boolean(), skills: z.array(z.enum(CREW_SKILLS)), breaks: z.array(z.object(crewBreak.shape)),
  absentOn: z.array(z.object({ day, period: mealPeriod })),
});
export type DispatchCrewRow = z.infer<typeof dispatchCrewRow>;
export const dispatchCrewsAnswer = z.object({ crews: z.array(dispatchCrewRow) });
export type DispatchCrewsAnswer = z.infer<typeof dispatchCrewsAnswer>;

/** PUT /api/v1/dispatch/crews/:crewId: skills and breaks; plans made from now on use them. */
export const changeCrewRequest = z.strictObject({
  skills: z.array(z.enum(CREW_SKILLS)).max(4), breaks: z.array(crewBreak).max(4),
}).refine(({ breaks }) => breaks.every((rest, index) => rest.fromMin < rest.toMin && (index === 0 || breaks[index - 1].toMin <= rest.fromMin)), {
  message: 'breaks end after they begin and follow each other',
});
export type ChangeCrewRequest = z.infer<typeof changeCrewRequest>;
export const changeCrewAnswer = z.object({ crew: dispatchCrewRow });
export type ChangeCrewAnswer = z.infer<typeof changeCrewAnswer>;

/** GET /api/v1/dispatch/doors: seniors with a rule of their own, or those found by name. */
export const doorListQuery = z.strictObject({
  search: z.string().trim().max(40).regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type DoorListQuery = z.infer<typeof doorListQuery>;
export const doorRuleRow = z.object({
  seniorId: id, seniorName: z.string(), pointName: z.string(), floor: z.int(), hasLift: z.boolean(),
  needs: z.array(z.enum(DOOR_NEEDS)), wheelchair: z.boolean(), extraS: z.int(), knownCrewId: id.nullable(), knownCrewName: z.string().nullable(),
});
export type DoorRuleRow = z.infer<typeof doorRuleRow>;
export const doorListAnswer = z.object({ rows: z.array(doorRuleRow), total: z.int() });
export type DoorListAnswer = z.infer<typeof doorListAnswer>;

/** PUT /api/v1/dispatch/doors/:seniorId */
export const changeDoorRequest = z.strictObject({
  needs: z.array(z.enum(DOOR_NEEDS)).max(3), wheelchair: z.boolean(), extraS: z.int().min(0).max(1800), knownCrewId: id.nullable(),
});
export type ChangeDoorRequest = z.infer<typeof changeDoorRequest>;
export const changeDoorAnswer = z.object({ seniorId: id });
export type ChangeDoorAnswer = z.infer<typeof changeDoorAnswer>;

/** POST /api/v1/dispatch/plans/:routePlanId/remember: the order of this plan is the remembered one from now on. */
export const rememberOrderRequest = z.strictObject({});
export const rememberOrderAnswer = z.object({ doors: z.int() });
export type RememberOrderAnswer = z.infer<typeof rememberOrderAnswer>;

/**
 * POST /api/v1/dispatch/unplanned/:orderId: what is done about a person on no trip. A moved window, a lent crew and another
 * depot ask for a new plan; by-hand (who brings it) and not-today (what the person gets instead) settle it.
 */
export const decideCureRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('window-moved'), earlierMin: z.int().min(0).max(120), laterMin: z.int().min(0).max(120) }),
  z.strictObject({ kind: z.literal('crew-lent'), crewId: id }),
  z.strictObject({ kind: z.literal('other-depot'), depotKind: z.enum(['point', 'kitchen']), depotId: id }),
  z.strictObject({ kind: z.enum(['by-hand', 'not-today']), note: z.string().trim().min(2).max(200) }),
]);
export type DecideCureRequest = z.infer<typeof decideCureRequest>;
export const decideCureAnswer = z.object({ orderId: id, run: planRunRow.nullable() });
export type DecideCureAnswer = z.infer<typeof decideCureAnswer>;
