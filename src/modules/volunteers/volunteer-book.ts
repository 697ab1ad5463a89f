import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RegisterVolunteerRequest, VolunteerRow } from '../../contract/volunteers.js';
import { straightDistanceM, type Place } from '../../domain/routing/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';

/** A volunteer carries little and walks; its crew goes out only for what it has claimed. */
const BOXES = 8;

/** Who offers to carry meals. Name and telephone are sealed; a volunteer is a crew of one that no plan uses by itself. */
@Injectable()
export class VolunteerBook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly points: PointScope,
    private readonly keyring: Keyring,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @returns the crew the volunteer rides as. @throws DomainError REQUEST.NOT_FOUND for a community outside the scope */
  async register(request: RegisterVolunteerRequest, staff: StaffIdentity): Promise<string> {
    const crewId = newId();
    await this.unitOfWork.run(async (tx) => {
      const points = await this.points.points(staff, tx);
      const [home] = points.length === 0 ? [] : await tx.query<{ pointId: string; latitude: number; longitude: number; streetId: string }[]>(
        `SELECT p.id AS pointId, p.latitude, p.longitude, c.street_id AS streetId FROM point p JOIN community c ON c.id = p.community_id WHERE c.id = ? AND p.id IN (?) ORDER BY p.code LIMIT 1`,
        [request.communityId, points],
      );
      if (home === undefined) return this.points.refuse(staff, 'community', request.communityId);
      await tx.query(
        `INSERT INTO crew (id, name, kind, depot_kind, depot_id, vehicle, capacity_boxes, shift_start_min, shift_end_min, active) VALUES (?, ?, 'volunteer', 'point', ?, 'foot', ?, 360, 1260, 0)`,
        [crewId, `志愿者 ${request.name.slice(0, 1)}·${crewId.slice(-4).toUpperCase()}`, home.pointId, BOXES],
      );
      await tx.query(
        `INSERT INTO volunteer (crew_id, street_id, community_id, name_cipher, phone_cipher, latitude, longitude, consent_version, consented_at, registered_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [crewId, home.streetId, request.communityId, this.keyring.seal('identity', request.name), this.keyring.seal('identity', request.phone), home.latitude, home.longitude,
          request.consentVersion, this.clock.now(), staff.staffId],
      );
      return this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'volunteer.registered', objectKind: 'crew', objectId: crewId, outcome: 'done' }, tx);
    });
    return crewId;
  }

  async list(staff: StaffIdentity): Promise<{ volunteers: VolunteerRow[]; communities: { id: string; name: string }[] }> {
    const points = await this.points.points(staff);
    if (points.length === 0) return { volunteers: [], communities: [] };
    const reader = this.unitOfWork.reader;
    const communities = await reader.query<{ id: string; name: string }[]>(
      'SELECT DISTINCT c.id, c.name FROM community c JOIN point p ON p.community_id = c.id WHERE p.id IN (?) ORDER BY c.name', [points],
    );
    const rows = await reader.query<{ crewId: string; name: string; phone: string; communityId: string; communityName: string; consentedAt: Date; claims: string | number; noShows: string | number }[]>(
      `SELECT v.crew_id AS crewId, v.name_cipher AS name, v.phone_cipher AS phone, v.community_id AS communityId, c.name AS communityName, v.consented_at AS consentedAt,
         (SELECT COUNT(*) FROM volunteer_claim x WHERE x.crew_id = v.crew_id AND x.standing = 1) AS claims,
         (SELECT COUNT(*) FROM volunteer_claim x WHERE x.crew_id = v.crew_id AND x.ended = 'no-show') AS noShows
       FROM volunteer v JOIN community c ON c.id = v.community_id WHERE v.community_id IN (?) AND v.left_at IS NULL ORDER BY v.consented_at`, [communities.map((one) => one.id)],
    );
    return {
      communities,
      volunteers: rows.map((row) => ({
        ...row, name: this.keyring.open('identity', row.name), phone: this.keyring.open('identity', row.phone), consentedAt: row.consentedAt.toISOString(),
        claims: Number(row.claims), noShows: Number(row.noShows),
      })),
    };
  }

  /** Volunteers of a street from the nearest to the farthest, without those given. */
  async nearest(tx: EntityManager, streetId: string, place: Place, without: readonly string[], most: number): Promise<{ crewId: string; distanceM: number }[]> {
    const rows = await tx.query<{ crewId: string; latitude: number; longitude: number }[]>(
      'SELECT crew_id AS crewId, latitude, longitude FROM volunteer WHERE street_id = ? AND left_at IS NULL ORDER BY crew_id', [streetId],
    );
    return rows.filter((row) => !without.includes(row.crewId))
      .map((row) => ({ crewId: row.crewId, distanceM: Math.round(straightDistanceM(row, place)) }))
      .sort((a, b) => a.distanceM - b.distanceM || (a.crewId < b.crewId ? -1 : 1)).slice(0, most);
  }
}
