import { Injectable } from '@nestjs/common';
import type { CarePeopleAnswer, SetCommunityPersonRequest } from '../../contract/care.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { newId } from '../../infra/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';

interface PersonRow { communityId: string; role: 'grid-worker' | 'community'; name: string; phone: string }
type WatchedRow = Omit<CarePeopleAnswer['watched'][number], 'since' | 'ageYears' | 'hasNeighbour' | 'contacts'> & {
  since: Date; birthDate: BusinessDay; neighbours: string | number; contacts: string | number;
};

/** Whom a ladder can ask, seen from its community: who is missing shows before somebody does not open the door. */
@Injectable()
export class CarePeople {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly keyring: Keyring, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Grid workers and community desks, and everybody who agreed to be asked after, within the points of the reader. Telephones are read on record. */
  async read(staff: StaffIdentity): Promise<CarePeopleAnswer> {
    const points = await this.points.points(staff);
    const asOf = this.clock.now().toISOString();
    if (points.length === 0) return { asOf, communities: [], watched: [] };
    const db = this.unitOfWork.reader;
    const communities = await db.query<{ id: string; name: string }[]>(
      'SELECT DISTINCT c.id, c.name FROM community c JOIN point p ON p.community_id = c.id WHERE p.id IN (?) ORDER BY c.name, c.id', [points],
    );
    const people = await db.query<PersonRow[]>(
      "SELECT scope_id AS communityId, role, name_cipher AS name, phone_cipher AS phone FROM care_person WHERE scope_kind = 'community' AND scope_id IN (?)", [communities.map(({ id }) => id)],
    );
    const watched = await db.query<WatchedRow[]>(
      `SELECT a.senior_id AS seniorId, s.name AS seniorName, s.birth_date AS birthDate, p.name AS pointName, a.since, f.display_name AS recordedByName,
         (SELECT COUNT(*) FROM care_person n WHERE n.scope_kind = 'senior' AND n.scope_id = s.id) AS neighbours,
         (SELECT COUNT(*) FROM senior_contact x WHERE x.senior_id = s.id AND x.kind IN ('emergency', 'guardian', 'family')) AS contacts
       FROM absence_opt_in a JOIN senior s ON s.id = a.senior_id JOIN point p ON p.id = s.point_id LEFT JOIN staff f ON f.id = a.recorded_by
       WHERE a.withdrawn_at IS NULL AND s.status = 'active' AND s.point_id IN (?) ORDER BY contacts > 0, p.code, s.name, s.id LIMIT 500`, [points],
    );
    await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'care-people.read', objectKind: 'care-people', objectId: staff.scopeId, outcome: 'done', detail: { communities: communities.length } });
    const personOf = (communityId: string, role: PersonRow['role']): { name: string; phone: string } | null => {
      const found = people.find((person) => person.communityId === communityId && person.role === role);
      return found === undefined ? null : { name: this.keyring.open('identity', found.name), phone: this.keyring.open('identity', found.phone) };
    };
    return {
      asOf,
      communities: communities.map(({ id, name }) => ({ communityId: id, name, gridWorker: personOf(id, 'grid-worker'), office: personOf(id, 'community') })),
      watched: watched.map(({ birthDate, since, neighbours, contacts, ...row }) => ({
        ...row, since: since.toISOString(), ageYears: ageOn(birthDate, this.clock.today()), hasNeighbour: Number(neighbours) > 0, contacts: Number(contacts),
      })),
    };
  }

  /** Names, changes or takes away the grid worker or the desk of a community. @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async set(communityId: string, request: SetCommunityPersonRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const points = await this.points.points(staff, tx);
      const [own] = points.length === 0 ? [] : await tx.query<{ id: string }[]>('SELECT community_id AS id FROM point WHERE community_id = ? AND id IN (?) LIMIT 1', [communityId, points]);
      if (own === undefined) return this.points.refuse(staff, 'community', communityId);
      await tx.query("DELETE FROM care_person WHERE scope_kind = 'community' AND scope_id = ? AND role = ?", [communityId, request.role]);
      if (request.person !== null) {
        await tx.query('INSERT INTO care_person (id, scope_kind, scope_id, role, name_cipher, phone_cipher, set_by, set_at) VALUES (?)',
          [[newId(), 'community', communityId, request.role, this.keyring.seal('identity', request.person.name), this.keyring.seal('identity', request.person.phone), staff.staffId, this.clock.now()]]);
      }
      return this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'care-people.set', objectKind: 'community', objectId: communityId, outcome: 'done',
        detail: { role: request.role, named: request.person === null ? 0 : 1 },
      }, tx);
    });
  }
}
