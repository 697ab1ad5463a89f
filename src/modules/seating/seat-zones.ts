import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SeatMoveRequest, SeatsAnswer, SeatZoneRequest } from '../../contract/seats.js';
import { minuteOfDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { freeSeats, isPeak, publicWaits, type SeatZone } from '../../domain/seating/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';

const MINUTE_MS = 60_000;
const ZONE_SQL = 'SELECT seats, stay_min AS stayMin, peak_from_min AS peakFromMin, peak_to_min AS peakToMin, keep_free AS keepFree FROM seat_zone WHERE point_id = ?';
const TAKEN_SQL = 'point_id = ? AND left_at IS NULL AND leaves_at > ?';

/** How many seats of a point's reserved zone are taken. A seat that nobody gave back is free again when its stay has run out. */
@Injectable()
export class SeatZones {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly audit: AuditTrail, private readonly clock: Clock) {}

  async state(pointId: string, tx: EntityManager = this.unitOfWork.reader): Promise<SeatsAnswer> {
    const zone = await this.zoneOf(tx, pointId);
    if (zone === null) return { zone, taken: 0, free: 0, isPeak: false, publicWaits: false };
    const [taken, minute] = [await this.taken(tx, pointId), minuteOfDay(this.clock.now())];
    return { zone, taken, free: freeSeats(zone, taken), isPeak: isPeak(zone, minute), publicWaits: publicWaits(zone, taken, minute) };
  }

  /** @throws DomainError PAYMENT.PUBLIC_WAITS while seats are short at the peak */
  async requirePublicMayBuy(pointId: string): Promise<void> {
    if ((await this.state(pointId)).publicWaits) throw new DomainError('PAYMENT.PUBLIC_WAITS', 'refused');
  }

  async set(pointId: string, request: SeatZoneRequest, staff: StaffIdentity): Promise<SeatsAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const { seats, stayMin, peakFromMin, peakToMin, keepFree } = request;
      await tx.query(
        `INSERT INTO seat_zone (point_id, seats, stay_min, peak_from_min, peak_to_min, keep_free, set_by, set_at) VALUES (?)
         ON DUPLICATE KEY UPDATE seats = VALUES(seats), stay_min = VALUES(stay_min), peak_from_min = VALUES(peak_from_min),
           peak_to_min = VALUES(peak_to_min), keep_free = VALUES(keep_free), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
        [[pointId, seats, stayMin, peakFromMin, peakToMin, keepFree, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'zone.set', objectKind: 'point', objectId: pointId, outcome: 'done', detail: { ...request } }, tx);
    });
    return this.state(pointId);
  }

  /** By hand: in takes a seat, also above the number of seats; out gives the one back that was taken first. @throws DomainError SEATS.NO_ZONE */
  async move(pointId: string, { move }: SeatMoveRequest, staff: StaffIdentity): Promise<SeatsAnswer> {
    await this.unitOfWork.run(async (tx) => {
      const zone = await this.held(tx, pointId);
      if (move === 'in') await this.seat(tx, pointId, zone, null);
      else await tx.query(`UPDATE seat_visit SET left_at = ? WHERE ${TAKEN_SQL} ORDER BY entered_at, id LIMIT 1`, [this.clock.now(), pointId, this.clock.now()]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'zone.moved', objectKind: 'point', objectId: pointId, outcome: 'done', detail: { move } }, tx);
    });
    return this.state(pointId);
  }

  async zoneOf(tx: EntityManager, pointId: string): Promise<SeatZone | null> {
    const [zone] = await tx.query<SeatZone[]>(ZONE_SQL, [pointId]);
    return zone ?? null;
  }

  /** The zone, held until the transaction ends, so that two gates do not give one seat twice. No payment waits for this row. */
  async held(tx: EntityManager, pointId: string): Promise<SeatZone> {
    const [zone] = await tx.query<SeatZone[]>(`${ZONE_SQL} FOR UPDATE`, [pointId]);
    if (zone === undefined) throw new DomainError('SEATS.NO_ZONE', 'refused');
    return zone;
  }

  async taken(tx: EntityManager, pointId: string): Promise<number> {
    const [row] = await tx.query<{ n: string | number }[]>(`SELECT COUNT(*) AS n FROM seat_visit WHERE ${TAKEN_SQL}`, [pointId, this.clock.now()]);
    return Number(row?.n ?? 0);
  }

  async isSeated(tx: EntityManager, pointId: string, seniorId: string): Promise<boolean> {
    return (await tx.query<unknown[]>(`SELECT 1 FROM seat_visit WHERE ${TAKEN_SQL} AND senior_id = ?`, [pointId, this.clock.now(), seniorId])).length > 0;
  }

  async seat(tx: EntityManager, pointId: string, zone: SeatZone, seniorId: string | null): Promise<void> {
    const now = this.clock.now();
    await tx.query('INSERT INTO seat_visit (id, point_id, senior_id, entered_at, leaves_at) VALUES (?)', [[newId(), pointId, seniorId, now, new Date(now.getTime() + zone.stayMin * MINUTE_MS)]]);
  }
}
