import { instantOf, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { DomainError } from '../../src/domain/kernel/domain-error.js';
import { PlanSchedule, RunPlan } from '../../src/modules/dispatch/index.js';
import { PlanRuns } from '../../src/modules/dispatch/plan-runs.js';
import { ChangePlan } from '../../src/modules/dispatch/change-plan.js';
import { PlanCures } from '../../src/modules/dispatch/plan-cures.js';
import type { TestApp } from '../../test/fixtures/start-app.js';
import { CrewLife } from './crew-life.js';
import type { SimulatedWeek } from './lay-week.js';
import { OfficeLife } from './office-life.js';
import type { Told } from './told.js';
import { TimerQueue } from './queue-faults.js';

/** Lives the week minute by minute. */
export async function liveWeek(world: TestApp, week: SimulatedWeek, say: (line: string) => void): Promise<Told> {
  const told: Told = {
    alarms: [], shutDoors: new Set(), handedOver: new Map(), misset: [], longestRecoveryS: 0,
    events: { absentCrews: 0, urgent: 0, urgentRefused: 0, breakdowns: 0, brokenSilently: 0, deadZones: 0, doubleSends: 0, wrongAddresses: 0, cures: 0, kills: 0, wipes: 0, lateRecords: 0 },
  };
  const timers = new TimerQueue(world);
  const office = new OfficeLife(world, week);
  const crews = new CrewLife(world, week, told);
  say('day         planned  on trips  unplanned  delivered  not handed over');
  let killing = false;
  for (const day of week.days) {
    await planDay(world, day);
    await decideCures(world, week, day, told);
    world.clock.moveTo(instantOf(day, 9 * 60));
    if (week.chance() < 0.5) await loseCrew(world, week, day, told);
    await crews.beginDay(day);
    // From nine, when phones that had no signal overnight are heard, so that no ladder they begin waits unwatched.
    for (let minute = 9 * 60; minute <= 16 * 60; minute += 1) {
      world.clock.moveTo(instantOf(day, minute));
      if (week.chance() < 0.02) await timers.wipe();
      killing ||= week.chance() < 0.004;
      if (minute % 10 === 0 && minute >= 9 * 60 + 30 && minute <= 11 * 60 + 30 && await askUrgently(world, week, day, told)) await crews.lookAgain();
      await crews.minute(minute);
      await office.minute();
      if (killing) killing = !await timers.killAtWork();
      if (await office.somethingRuns() || minute % 15 === 0) await timers.minute();
    }
    await crews.endDay();
    const [row] = await world.dataSource.query<Record<string, string>[]>(
      `SELECT COUNT(*) AS planned, COALESCE(SUM(s.id IS NOT NULL), 0) AS riding, COALESCE(SUM(s.result = 'delivered'), 0) AS delivered,
         COALESCE(SUM(s.result IN ('absent', 'refused')), 0) AS back, COALESCE(SUM(u.meal_order_id IS NOT NULL), 0) AS unplanned
       FROM meal_order o LEFT JOIN route_stop s ON s.meal_order_id = o.id LEFT JOIN unplanned_order u ON u.meal_order_id = o.id WHERE o.business_day = ? AND o.active = 1`, [day],
    );
    say(`${day}  ${String(row.planned).padStart(7)}  ${String(row.riding).padStart(8)}  ${String(row.unplanned).padStart(9)}  ${String(row.delivered).padStart(9)}  ${String(row.back).padStart(15)}`);
  }
  // What a phone could not send comes in on the day after the last.
  await crews.sendLate();
  for (let minute = 0; minute < 10; minute += 1) { await office.minute(); await timers.minute(); }
  await office.endAll();
  await crews.closeAll();
  told.events.kills = timers.kills;
  told.events.wipes = timers.wipes;
  told.longestRecoveryS = timers.longestRecoveryS;
  told.misset.push(...timers.misset);
  await timers.close();
  return told;
}

/** The cut-off of the evening before, and every plan that follows from it. */
async function planDay(world: TestApp, day: BusinessDay): Promise<void> {
  world.clock.moveTo(new Date(instantOf(day, 16 * 60 + 1).getTime() - 86_400_000));
  const schedule = world.app.get(PlanSchedule, { strict: false });
  const runs = world.app.get(PlanRuns, { strict: false });
  await schedule.sweep();
  for (let round = 0; round < 20; round += 1) {
    const open = await runs.open();
    if (open.length === 0) return;
    for (const run of open) await world.app.get(RunPlan, { strict: false }).execute(run);
  }
  throw new Error('the plans did not come to rest');
}

/** The dispatcher's evening: for whoever is on no trip, somebody brings it or something else is provided. */
async function decideCures(world: TestApp, week: SimulatedWeek, day: BusinessDay, told: Told): Promise<void> {
  const rows = await world.dataSource.query<{ orderId: string }[]>(
    'SELECT u.meal_order_id AS orderId FROM unplanned_order u JOIN route_plan r ON r.id = u.route_plan_id LEFT JOIN plan_cure c ON c.meal_order_id = u.meal_order_id WHERE r.business_day = ? AND c.kind IS NULL', [day],
  );
  for (const { orderId } of rows) {
    await world.app.get(PlanCures, { strict: false }).decide(orderId, { kind: week.chance() < 0.5 ? 'by-hand' : 'not-today', note: '社工上门' }, week.dispatcher);
    told.events.cures += 1;
  }
  const listed = await world.dataSource.query<{ orderId: string }[]>(
    "SELECT meal_order_id AS orderId FROM radius_decision WHERE business_day = ? AND decision = 'listed' AND decided_by IS NULL", [day],
  );
  for (const { orderId } of listed) {
    await world.dataSource.query('UPDATE radius_decision SET decided_by = ? WHERE meal_order_id = ?', [week.dispatcher.staffId, orderId]);
    told.events.cures += 1;
  }
}

/** Somebody's husband or wife wants a meal too: it is put into the plan of their point, or listed and decided about. @returns whether the plan changed */
async function askUrgently(world: TestApp, week: SimulatedWeek, day: BusinessDay, told: Told): Promise<boolean> {
  if (week.spouses.length === 0 || week.chance() >= 0.3) return false;
  const seniorId = week.spouses[Math.floor(week.chance() * week.spouses.length)];
  const [plan] = await world.dataSource.query<{ id: string }[]>(
    'SELECT r.id FROM route_plan r JOIN senior s ON s.point_id = r.depot_id WHERE s.id = ? AND r.business_day = ?', [seniorId, day],
  );
  if (plan === undefined) return false;
  const change = { kind: 'urgent' as const, seniorId, setCode: 'A' };
  const changes = world.app.get(ChangePlan, { strict: false });
  try {
    const { revision } = await changes.preview(plan.id, change, week.dispatcher);
    await changes.apply(plan.id, { change, revision }, week.dispatcher);
  } catch (error) {
    // Who has a meal already is told so; anything else is a fault of the house.
    if (!(error instanceof DomainError) || error.code !== 'ORDER.ALREADY_ORDERED') throw error;
    told.events.urgentRefused += 1;
    return false;
  }
  told.events.urgent += 1;
  await decideCures(world, week, day, told);
  return true;
}

/** A crew does not come; the others take its doors with the least disturbance, whoever is left is decided about. */
async function loseCrew(world: TestApp, week: SimulatedWeek, day: BusinessDay, told: Told): Promise<void> {
  const trips = await world.dataSource.query<{ planId: string; crewId: string; revision: number }[]>(
    `SELECT t.route_plan_id AS planId, t.crew_id AS crewId, r.revision FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id WHERE r.business_day = ?
     ORDER BY r.depot_id, t.crew_id, t.depart_s`, [day],
  );
  const trip = trips.at(Math.floor(week.chance() * trips.length));
  if (trip === undefined) return;
  await world.app.get(ChangePlan, { strict: false }).apply(trip.planId, { change: { kind: 'crew-absent', crewId: trip.crewId }, revision: trip.revision }, week.dispatcher);
  told.events.absentCrews += 1;
  await decideCures(world, week, day, told);
}
