import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BoxKind, CrewStop, CrewTodayAnswer, CrewTrip, Receiver, RouteSheetsAnswer } from '../../contract/delivery.js';
import { addDays, secondOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import type { MealPeriod } from '../../domain/kernel/meal-period.js';
import { RECEIVERS, routeSheetsAnswer } from '../../contract/delivery.js';
import { Clock } from '../../infra/clock/clock.js';
import { AppConfig } from '../../infra/config/app-config.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { DeliverySettingsBook, DepotScope, placeOf, sketchTrips, TravelTimes, TripRows, type TripWithStops } from '../dispatch/index.js';
import { SeniorHomes, type DoorContact } from '../seniors/index.js';
import { DepotDirectory, PointScope, type DepotSite } from '../sites/index.js';
import { crewOf, CrewTrips } from './crew-trips.js';
import { TripBoxes } from './trip-boxes.query.js';
import { toGcj02 } from '../../infra/maps/gcj02.js';
import { qrPicture } from '../../infra/sheets/qr-picture.js';

const VOLUNTEER_AHEAD_MS = 3_600_000;
type Sought = ReadonlyMap<string, NonNullable<CrewStop['soughtStep']>>;

/** A crew's own day on the phone, and the same trips as printable pages for the dispatcher. */
@Injectable()
export class CrewDay {
  constructor(
    private readonly dataSource: DataSource,
    private readonly trips: TripRows,
    private readonly crewTrips: CrewTrips,
    private readonly boxes: TripBoxes,
    private readonly homes: SeniorHomes,
    private readonly depots: DepotDirectory,
    private readonly depotScope: DepotScope,
    private readonly points: PointScope,
    private readonly settings: DeliverySettingsBook,
    private readonly travel: TravelTimes,
    private readonly audit: AuditTrail,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The trips of today of the crew that asks, and its open ones of the days before. Addresses are decrypted for these doors only, and that is on record. */
  async today(staff: StaffIdentity): Promise<CrewTodayAnswer> {
    const day = this.clock.today();
    const crewId = crewOf(staff);
    const [crew] = await this.dataSource.query<{ name: string }[]>('SELECT name FROM crew WHERE id = ?', [crewId]);
    const answer = { day, asOf: this.clock.now().toISOString(), crewName: crew?.name ?? '' };
    const found = await this.openDoors(crewId, await this.crewTrips.visible(crewId));
    if (found.length === 0) return { ...answer, freshnessMin: 0, keepUntil: day, trips: [] };
    const contacts = await this.homes.contacts(found.flatMap(({ stops }) => stops.map((stop) => stop.seniorId)));
    const depots = await this.depotsOf(found);
    const sought = await this.soughtAt(found);
    const recalled = new Set((await this.boxes.of(found.map(({ trip }) => trip.id))).filter(({ recalledAt }) => recalledAt !== null).map(({ stopId }) => stopId));
    const { tripFreshnessMin, lateRecordDays } = await this.settings.of(depots[0].streetId);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'route-sheet.viewed', objectKind: 'crew', objectId: crewId, outcome: 'done', detail: { trips: found.length },
    });
    return { ...answer, freshnessMin: tripFreshnessMin, keepUntil: addDays(day, lateRecordDays), trips: found.map((trip, index) => crewTripOf(trip, depots[index], contacts, { sought, recalled })) };
  }

  /** The depot of each trip: a crew that is lent for a meal leaves from elsewhere. */
  private async depotsOf(found: readonly TripWithStops[]): Promise<DepotSite[]> {
    const depots: DepotSite[] = [];
    for (const { trip } of found) depots.push(await this.depots.depot(trip.depotKind, trip.depotId));
    return depots;
  }

  /** A volunteer learns of doors an hour before the trip leaves; until then the card says enough. */
  private async openDoors(crewId: string, found: readonly TripWithStops[]): Promise<readonly TripWithStops[]> {
    const [crew] = await this.dataSource.query<{ kind: string }[]>('SELECT kind FROM crew WHERE id = ?', [crewId]);
    if (crew?.kind !== 'volunteer') return found;
    const soon = this.clock.now().getTime() + VOLUNTEER_AHEAD_MS;
    return found.filter(({ trip }) => trip.leftAt !== null || secondOf(trip.day, trip.departS).getTime() <= soon);
  }

  /** The doors of these trips where somebody is being looked for. */
  private async soughtAt(found: readonly TripWithStops[]): Promise<Sought> {
    const stopIds = found.flatMap(({ stops }) => stops.map((stop) => stop.id));
    const rows = stopIds.length === 0 ? [] : await this.dataSource.query<{ stopId: string; step: NonNullable<CrewStop['soughtStep']> }[]>(
      'SELECT route_stop_id AS stopId, step FROM care_ladder WHERE route_stop_id IN (?) AND ended_at IS NULL', [stopIds],
    );
    return new Map(rows.map((row) => [row.stopId, row.step]));
  }

  /** One page per trip of a plan. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async sheets(planId: string, staff: StaffIdentity): Promise<RouteSheetsAnswer> {
    const [plan] = await this.dataSource.query<{ depotKind: 'point' | 'kitchen'; depotId: string; day: BusinessDay; period: MealPeriod; status: 'draft' | 'final' }[]>(
      'SELECT depot_kind AS depotKind, depot_id AS depotId, business_day AS day, period, status FROM route_plan WHERE id = ?', [planId],
    );
    if (plan === undefined) return this.points.refuse(staff, 'route-plan', planId);
    const depot = await this.depotScope.require(staff, plan.depotKind, plan.depotId);
    const found = await this.trips.ofPlan(planId);
    const contacts = await this.homes.contacts(found.flatMap(({ stops }) => stops.map((stop) => stop.seniorId)));
    const { graph } = await this.travel.of(depot.streetId, plan.day);
    const { tripFreshnessMin } = await this.settings.of(depot.streetId);
    await this.audit.record({
      actorKind: 'staff', actorId: staff.staffId, action: 'route-sheet.printed', objectKind: 'route-plan', objectId: planId, outcome: 'done', detail: { trips: found.length },
    });
    const phonePageUrl = `${this.config.publicOrigin}/console/crew`;
    // Parsed on the way out: the schema of the paper leaves out telephones and results.
    return routeSheetsAnswer.parse({
      day: plan.day, period: plan.period, status: plan.status, depotName: depot.name, depotPhone: depot.phone, printedAt: this.clock.now().toISOString(),
      freshnessMin: tripFreshnessMin, phonePageUrl, phonePageQr: await qrPicture(phonePageUrl),
      pages: await Promise.all(found.map(async (trip) => ({
        ...crewTripOf(trip, depot, contacts, { sought: new Map(), recalled: new Set() }), crewName: trip.trip.crewName, revision: trip.trip.revision,
        changed: trip.trip.revision > trip.trip.printedRevision, crateQr: await qrPicture(`${phonePageUrl}?crate=${trip.trip.id}`),
        sketch: sketchTrips(depot, [{ tripId: trip.trip.id, doors: trip.stops.map((stop) => ({ seq: stop.seq, place: placeOf(stop.home) })) }], graph),
      }))),
    });
  }
}

function crewTripOf({ trip, stops }: TripWithStops, depot: DepotSite, contacts: ReadonlyMap<string, DoorContact>, { sought, recalled }: { sought: Sought; recalled: ReadonlySet<string> }): CrewTrip {
  return {
    tripId: trip.id, tripNo: trip.tripNo, day: trip.day, period: trip.period as MealPeriod, depotName: depot.name, depotPhone: depot.phone,
    departS: trip.departS, lastDoorS: trip.lastDoorS, backS: trip.backS, boxes: trip.boxes, boxKinds: boxKindsOf(stops),
    leftAt: trip.leftAt?.toISOString() ?? null, closedAt: trip.closedAt?.toISOString() ?? null,
    stops: stops.map((stop): CrewStop => ({
      stopId: stop.id, seq: stop.seq, callName: stop.home.callName, address: contacts.get(stop.seniorId)?.address ?? '', phone: contacts.get(stop.seniorId)?.phone ?? '',
      floor: stop.home.floor, hasLift: stop.home.hasLift, doorNote: stop.home.doorNote, diets: [...stop.home.diets], setCode: stop.setCode, setName: stop.setName,
      latitude: stop.home.latitude, longitude: stop.home.longitude, gcj02: toGcj02(stop.home),
      photo: Number(stop.photoStored) === 1 ? 'stored' : stop.photoId === null ? 'none' : 'awaited', swappedTo: stop.swappedTo, recalled: recalled.has(stop.id), doorAtS: stop.doorAtS, windowEndS: stop.windowEndS,
      result: stop.result, reason: stop.reason, receivedBy: receiverOf(stop.receivedBy), proven: stop.proof !== null, resultAt: stop.resultAt?.toISOString() ?? null,
      soughtStep: sought.get(stop.id) ?? null,
    })),
  };
}

function receiverOf(text: string | null): Receiver | null {
  return RECEIVERS.find((receiver) => receiver === text) ?? null;
}

/** Boxes by set meal and diet, ordinary portions first: what the crew counts into the crate. */
function boxKindsOf(stops: TripWithStops['stops']): BoxKind[] {
  const kinds = new Map<string, BoxKind>();
  for (const stop of stops) {
    const key = [stop.setCode, ...stop.home.diets].join('+');
    const known = kinds.get(key);
    kinds.set(key, { setCode: stop.setCode, setName: stop.setName, diets: [...stop.home.diets], boxes: (known?.boxes ?? 0) + 1 });
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}
