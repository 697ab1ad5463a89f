import type { StopResultRequest } from '../../src/contract/delivery.js';
import { addDays, instantOf, type BusinessDay } from '../../src/domain/kernel/business-day.js';
import { DomainError } from '../../src/domain/kernel/domain-error.js';
import { newId } from '../../src/infra/ids.js';
import type { StaffIdentity } from '../../src/infra/http/request-context.js';
import { CloseTrip } from '../../src/modules/delivery/close-trip.js';
import { LeaveTrip } from '../../src/modules/delivery/leave-trip.js';
import { RecordStopResult } from '../../src/modules/delivery/record-stop-result.js';
import { ReportFromDoor } from '../../src/modules/delivery/report-from-door.js';
import { TakeOver } from '../../src/modules/delivery/take-over.js';
import type { TestApp } from '../../test/fixtures/start-app.js';
import type { SimulatedWeek } from './lay-week.js';
import type { Told } from './told.js';

interface Ride { readonly tripId: string; crewId: string; readonly departS: number; readonly boxes: number; slowness: number; left: boolean; done: boolean }
interface StopRow { id: string; doorAtS: number; departS: number }
/** What a phone holds until it has a signal. */
interface Held { readonly from: number; readonly send: () => Promise<void> }

const UNTIL_MORNING_MIN = 10_000;

/** The crews on the road: traffic slows them, dead zones hold back what they record, doors stay shut. */
export class CrewLife {
  private rides: Ride[] = [];
  private held: Held[] = [];
  private day: BusinessDay;
  private silent = new Map<string, number>();
  private recorded = new Set<string>();

  constructor(private readonly world: TestApp, private readonly week: SimulatedWeek, private readonly told: Told) {
    [this.day] = week.days;
  }

  async beginDay(day: BusinessDay): Promise<void> {
    await this.sendKept();
    this.day = day;
    this.silent = new Map();
    const trips = await this.world.dataSource.query<{ tripId: string; crewId: string; departS: number; boxes: number }[]>(
      `SELECT t.id AS tripId, t.crew_id AS crewId, t.depart_s AS departS, t.boxes FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.business_day = ? AND r.status = 'final' ORDER BY t.depart_s, t.id`, [day],
    );
    const jam = 0.9 + this.week.chance() * 0.6;
    this.rides = trips.map((trip) => ({ ...trip, slowness: jam * (0.9 + this.week.chance() * 0.3), left: false, done: false }));
  }

  /** Trips that were opened, and moved, since the morning. */
  async lookAgain(): Promise<void> {
    const trips = await this.world.dataSource.query<{ tripId: string; crewId: string; departS: number; boxes: number }[]>(
      `SELECT t.id AS tripId, t.crew_id AS crewId, t.depart_s AS departS, t.boxes FROM route_trip t JOIN route_plan r ON r.id = t.route_plan_id
       WHERE r.business_day = ? AND r.status = 'final' AND t.left_at IS NULL ORDER BY t.depart_s, t.id`, [this.day],
    );
    this.rides = [...this.rides.filter((ride) => ride.left), ...trips.map((trip) => ({ ...trip, slowness: this.rides.find((ride) => ride.tripId === trip.tripId)?.slowness ?? 1, left: false, done: false }))];
  }

  async minute(minute: number): Promise<void> {
    for (const ride of this.rides) {
      if (!ride.left && minute * 60 >= ride.departS) await this.leave(ride);
      else if (ride.left && !ride.done) await this.ride(ride, minute);
    }
    await this.deliverHeld(minute);
  }

  /** What could not be sent until evening stays on the phone past midnight. */
  async endDay(): Promise<void> {
    await this.closeAll();
  }

  /** The morning after the last day. */
  async sendLate(): Promise<void> {
    this.world.clock.moveTo(instantOf(addDays(this.day, 1), 8 * 60));
    await this.sendKept();
  }

  private async sendKept(): Promise<void> {
    this.told.events.lateRecords += this.held.length;
    for (const one of this.held) await one.send();
    this.held = [];
    await this.closeAll();
  }

  /** Trips end once every door has its result and nobody is being looked for. */
  async closeAll(): Promise<void> {
    const open = await this.world.dataSource.query<{ tripId: string; crewId: string }[]>('SELECT id AS tripId, crew_id AS crewId FROM route_trip WHERE left_at IS NOT NULL AND closed_at IS NULL ORDER BY id');
    for (const { tripId, crewId } of open) {
      await this.world.app.get(CloseTrip, { strict: false }).execute(tripId, { deviceAt: this.world.clock.now().toISOString() }, this.staffOf(crewId)).catch(refusal);
    }
  }

  private async leave(ride: Ride): Promise<void> {
    const [{ boxes }] = await this.world.dataSource.query<{ boxes: number }[]>('SELECT boxes FROM route_trip WHERE id = ?', [ride.tripId]);
    await this.world.app.get(LeaveTrip, { strict: false }).execute(ride.tripId, { boxes, deviceAt: this.world.clock.now().toISOString() }, this.staffOf(ride.crewId));
    ride.left = true;
    // Some phones find no signal for an hour, a few none before the next morning.
    if (this.week.chance() < 0.1) this.silent.set(ride.crewId, this.week.chance() < 0.3 ? UNTIL_MORNING_MIN : Math.floor(this.week.chance() * 90) + 10);
  }

  private async ride(ride: Ride, minute: number): Promise<void> {
    const { chance } = this.week;
    const stops = (await this.world.dataSource.query<StopRow[]>(
      `SELECT s.id, s.door_at_s AS doorAtS, t.depart_s AS departS FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id
       WHERE s.route_trip_id = ? AND s.result = 'open' ORDER BY s.seq, s.id`, [ride.tripId],
    )).filter((stop) => !this.recorded.has(stop.id));
    if (stops.length === 0) { ride.done = true; return; }
    if (chance() < 0.008 && await this.breakDown(ride)) return;
    for (const stop of stops) {
      const atS = stop.departS + (stop.doorAtS - stop.departS) * ride.slowness;
      if (atS > minute * 60) break;
      this.atDoor(ride, stop, minute);
    }
    const inSilence = this.silent.get(ride.crewId) ?? 0;
    if (inSilence > 0) this.silent.set(ride.crewId, inSilence - 1);
  }

  private atDoor(ride: Ride, stop: StopRow, minute: number): void {
    const { chance } = this.week;
    const deviceAt = this.world.clock.now().toISOString();
    const staff = this.staffOf(ride.crewId);
    const key = newId();
    const body = this.outcome(stop.id, deviceAt);
    this.recorded.add(stop.id);
    if (body.result === 'delivered') this.told.handedOver.set(stop.id, ride.crewId);
    const send = async (): Promise<void> => {
      await this.world.app.get(RecordStopResult, { strict: false }).execute(stop.id, body, staff, key);
      // A phone that heard no answer sends the same again.
      if (chance() < 0.1) {
        this.told.events.doubleSends += 1;
        await this.world.app.get(RecordStopResult, { strict: false }).execute(stop.id, body, staff, key);
      }
    };
    const report = this.world.app.get(ReportFromDoor, { strict: false });
    const quiet = this.silent.get(ride.crewId) ?? 0;
    if (quiet > 0) this.told.events.deadZones += 1;
    const from = minute + (quiet > 0 ? quiet : 0);
    this.held.push({ from, send });
    if (body.result === 'delivered' && chance() < 0.05) {
      const note = { id: newId(), level: chance() < 0.3 ? 'worried' as const : 'different' as const, signs: ['weak' as const], deviceAt };
      this.held.push({ from, send: () => report.welfare(stop.id, note, staff) });
    }
    if (chance() < 0.01) {
      const id = newId();
      this.told.alarms.push(id);
      const alarm = { id, stopId: chance() < 0.8 ? stop.id : newId(), latitude: 30.31, longitude: 120.35, deviceAt };
      for (let times = 0; times < 2; times += 1) this.held.push({ from: from + times, send: () => report.alarm(alarm, staff) });
    }
    if (body.result === 'absent' && body.reason === 'not-answering' && chance() < 0.4) {
      this.held.push({ from: from + 1, send: () => report.ladder(stop.id, { act: 'tried', step: 'ring', deviceAt }, staff).then(() => undefined, refusal) });
    }
  }

  private outcome(stopId: string, deviceAt: string): StopResultRequest {
    const draw = this.week.chance();
    if (draw < 0.07) {
      this.told.shutDoors.add(stopId);
      return { result: 'absent', reason: 'not-answering', deviceAt };
    }
    if (draw < 0.09) {
      this.told.events.wrongAddresses += 1;
      return { result: 'absent', reason: 'moved-away', deviceAt };
    }
    if (draw < 0.12) return { result: 'refused', reason: 'not-hungry', deviceAt };
    return { result: 'delivered', receivedBy: draw < 0.9 ? 'self' : 'family', proofLast2: null, deviceAt };
  }

  /** A tricycle stops for good; another crew of the street scans the crate. What the phone of the first holds is sent whenever it finds a signal. */
  private async breakDown(ride: Ride): Promise<boolean> {
    const helper = this.week.crews.find((crew) => crew.id !== ride.crewId);
    if (helper === undefined) return false;
    const taken = await this.world.app.get(TakeOver, { strict: false })
      .execute({ tripId: ride.tripId, deviceAt: this.world.clock.now().toISOString() }, helper.staff).catch(refusal);
    if (taken === undefined) return false;
    this.told.events.breakdowns += 1;
    if ((this.silent.get(ride.crewId) ?? 0) > 0) this.told.events.brokenSilently += 1;
    ride.done = true;
    this.rides.push({ ...ride, tripId: taken.tripId, crewId: helper.id, slowness: ride.slowness * 1.3, left: true, done: false });
    return true;
  }

  private async deliverHeld(minute: number): Promise<void> {
    const ready = this.held.filter((one) => one.from <= minute);
    this.held = this.held.filter((one) => one.from > minute);
    for (const one of ready) await one.send();
  }

  private staffOf(crewId: string): StaffIdentity {
    const crew = this.week.crews.find((one) => one.id === crewId);
    if (crew === undefined) throw new Error(`no crew ${crewId}`);
    return crew.staff;
  }
}

/** A refusal is an answer; anything else is a fault of the house. */
function refusal(error: unknown): undefined {
  if (error instanceof DomainError) return undefined;
  throw error;
}
