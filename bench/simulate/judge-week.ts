import type { LedgerVerifier } from '../../src/modules/ledger/index.js';
import type { TestApp } from '../../test/fixtures/start-app.js';
import type { SimulatedWeek } from './lay-week.js';
import type { Told } from './told.js';

export interface Judgement {
  readonly seed: number;
  readonly seconds: number;
  readonly ordered: number;
  readonly states: Readonly<Record<string, number>>;
  readonly ladders: number;
  readonly ladderSteps: number;
  readonly latestStepS: number;
  readonly alarmsRaised: number;
  readonly alarmsKept: number;
  /** Real seconds until a killed worker's timer was carried out by the next. */
  readonly longestRecoveryS: number;
  readonly events: Told['events'];
  readonly faults: readonly string[];
}

interface OrderRow { id: string; result: string | null; reason: string | null; mealId: string | null; decided: string | null; unplanned: number; listed: number; stops: number }
interface StepRow { ladderId: string; stepNo: number; startedAt: Date; dueAt: Date; endedAt: Date | null; result: string | null }

/** The lock's ten seconds, the look for lost jobs every five, and the start of a process on a busy machine. */
const RECOVERED_WITHIN_S = 40;
/** A timer is rung in the minute after its time. */
const LATEST_S = 120;
const OVERNIGHT_S = 6 * 3600;

/** Holds the database against what happened. */
export async function judgeWeek(world: TestApp, week: SimulatedWeek, told: Told, ledger: Awaited<ReturnType<LedgerVerifier['verify']>>): Promise<Judgement> {
  const faults: string[] = [];
  const states = await judgeOrders(world, week, faults);
  const ladders = await judgeLadders(world, told, faults);
  await judgeHandedOver(world, told, faults);
  await judgeCounts(world, faults);
  faults.push(...told.misset);
  if (told.longestRecoveryS > RECOVERED_WITHIN_S) faults.push(`a timer of a killed worker was carried out ${told.longestRecoveryS} s later`);
  if (told.events.kills === 0 || told.events.wipes === 0) faults.push('no worker was killed at work or no Redis wiped: the week shows nothing of it');
  const alarms = await world.dataSource.query<{ id: string; takenAt: Date | null; notices: number }[]>(
    "SELECT a.id, a.taken_at AS takenAt, (SELECT COUNT(*) FROM notice n WHERE n.dedup_key LIKE CONCAT('alert-', a.id, '-0-%')) AS notices FROM care_alert a WHERE a.kind = 'alarm'",
  );
  const kept = new Set(alarms.map((alarm) => alarm.id));
  for (const id of told.alarms) if (!kept.has(id)) faults.push(`alarm ${id} was lost`);
  if (kept.size !== told.alarms.length) faults.push(`${told.alarms.length} alarms became ${kept.size}`);
  for (const alarm of alarms) if (Number(alarm.notices) < 2) faults.push(`alarm ${alarm.id} was told to nobody`);
  const lists = await world.dataSource.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM welfare_list WHERE business_day IN (?)', [week.days]);
  if (Number(lists[0].n) !== week.days.length) faults.push(`${lists[0].n} welfare lists for ${week.days.length} days`);
  const broken = ledger.findings.flatMap((finding) => finding.examples.map((example) => `ledger: ${JSON.stringify(example)}`));
  return {
    seed: week.seed, seconds: 0, ordered: Object.values(states).reduce((sum, count) => sum + count, 0), states, ...ladders,
    alarmsRaised: told.alarms.length, alarmsKept: kept.size, longestRecoveryS: told.longestRecoveryS, events: told.events, faults: [...faults, ...broken].slice(0, 20),
  };
}

/** What a crew handed over is delivered, by that crew, whoever had the door afterwards. */
async function judgeHandedOver(world: TestApp, told: Told, faults: string[]): Promise<void> {
  const stops = await world.dataSource.query<{ id: string; result: string; crewId: string }[]>(
    'SELECT s.id, s.result, t.crew_id AS crewId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id',
  );
  const known = new Map(stops.map((stop) => [stop.id, stop]));
  for (const [stopId, crewId] of told.handedOver) {
    const stop = known.get(stopId);
    if (stop?.result !== 'delivered') faults.push(`door ${stopId} was handed its meal and is ${stop?.result ?? 'on no trip'}`);
    else if (stop.crewId !== crewId) faults.push(`the meal of door ${stopId} is with a crew that did not hand it over`);
  }
}

/** A crew takes as many boxes as it has doors, a couple's one for each. */
async function judgeCounts(world: TestApp, faults: string[]): Promise<void> {
  const trips = await world.dataSource.query<{ id: string; boxes: number; stops: string | number }[]>(
    'SELECT t.id, t.boxes, COUNT(s.id) AS stops FROM route_trip t LEFT JOIN route_stop s ON s.route_trip_id = t.id GROUP BY t.id HAVING t.boxes <> COUNT(s.id)',
  );
  for (const trip of trips) faults.push(`trip ${trip.id} says ${trip.boxes} boxes for ${trip.stops} doors`);
}

async function judgeOrders(world: TestApp, week: SimulatedWeek, faults: string[]): Promise<Record<string, number>> {
  const orders = await world.dataSource.query<OrderRow[]>(
    `SELECT o.id, s.result, s.reason, s.meal_id AS mealId, c.kind AS decided, u.meal_order_id IS NOT NULL AS unplanned,
       d.decision IS NOT NULL AND d.decision = 'listed' AND d.decided_by IS NOT NULL AS listed, (SELECT COUNT(*) FROM route_stop x WHERE x.meal_order_id = o.id) AS stops
     FROM meal_order o LEFT JOIN route_stop s ON s.meal_order_id = o.id LEFT JOIN unplanned_order u ON u.meal_order_id = o.id
     LEFT JOIN plan_cure c ON c.meal_order_id = o.id LEFT JOIN radius_decision d ON d.meal_order_id = o.id
     WHERE o.business_day IN (?) AND o.active = 1 AND o.fulfilment = 'delivery'`, [week.days],
  );
  const states: Record<string, number> = {};
  for (const order of orders) {
    const known = statesOf(order);
    if (known.length !== 1) faults.push(`order ${order.id} is in ${known.length} states: ${known.join(', ') || 'none'}`);
    const [state = 'unknown'] = known;
    states[state] = (states[state] ?? 0) + 1;
  }
  const meals = await world.dataSource.query<{ n: string | number }[]>('SELECT COUNT(*) AS n FROM meal WHERE business_day IN (?) AND route_stop_id IS NOT NULL', [week.days]);
  if (Number(meals[0].n) !== (states['delivered'] ?? 0)) faults.push(`${meals[0].n} meals posted for ${states['delivered'] ?? 0} delivered`);
  return states;
}

function statesOf(order: OrderRow): string[] {
  const states: string[] = [];
  if (order.result !== null && order.result !== 'open') states.push(order.result === 'delivered' && order.mealId === null ? `delivered, ${order.reason ?? 'without a meal'}` : order.result);
  if (Number(order.unplanned) === 1 && (order.decided === 'by-hand' || order.decided === 'not-today')) states.push(order.decided);
  if (Number(order.listed) === 1 && Number(order.stops) === 0 && Number(order.unplanned) === 0) states.push('outside, decided');
  return states;
}

async function judgeLadders(world: TestApp, told: Told, faults: string[]): Promise<Pick<Judgement, 'ladders' | 'ladderSteps' | 'latestStepS'>> {
  const ladders = await world.dataSource.query<{ id: string; stopId: string; endedAt: Date | null }[]>('SELECT id, route_stop_id AS stopId, ended_at AS endedAt FROM care_ladder');
  const doors = new Set(ladders.map((ladder) => ladder.stopId));
  for (const stopId of told.shutDoors) if (!doors.has(stopId)) faults.push(`nobody looks for the person of door ${stopId}`);
  for (const ladder of ladders) if (ladder.endedAt === null) faults.push(`ladder ${ladder.id} was left open`);
  const steps = await world.dataSource.query<StepRow[]>(
    'SELECT ladder_id AS ladderId, step_no AS stepNo, started_at AS startedAt, due_at AS dueAt, ended_at AS endedAt, result FROM care_step ORDER BY ladder_id, step_no',
  );
  let latestStepS = 0;
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    if (before?.ladderId === step.ladderId && before.endedAt?.getTime() !== step.startedAt.getTime()) faults.push(`a gap in ladder ${step.ladderId} before step ${step.stepNo}`);
    if (step.result !== 'timed-out' || step.endedAt === null) return;
    // A step that was over before anybody heard of the door is passed as soon as it begins.
    const lateS = (step.endedAt.getTime() - Math.max(step.dueAt.getTime(), step.startedAt.getTime())) / 1000;
    if (lateS < OVERNIGHT_S) latestStepS = Math.max(latestStepS, lateS);
    if (lateS < 0) faults.push(`step ${step.stepNo} of ladder ${step.ladderId} ended ${-lateS} s too early`);
    // Overnight nobody simulates minutes: what ran over the end of the day is rung in the morning.
    if (lateS > LATEST_S && lateS < OVERNIGHT_S) faults.push(`step ${step.stepNo} of ladder ${step.ladderId} ended ${lateS} s too late`);
  });
  return { ladders: ladders.length, ladderSteps: steps.length, latestStepS };
}
