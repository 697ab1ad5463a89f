import { Injectable } from '@nestjs/common';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { EndCrewAccounts } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { PointScope } from '../sites/index.js';
import { VolunteerTasks } from './volunteer-tasks.js';

/** A volunteer who stops takes the consent back: name and telephone are erased, cards not yet begun are open again, the account signs in no more. */
@Injectable()
export class EndVolunteer {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly points: PointScope, private readonly tasks: VolunteerTasks, private readonly keyring: Keyring,
    private readonly accounts: EndCrewAccounts, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** Repeating it is harmless. @returns cards given back. @throws DomainError VOLUNTEER.ON_THE_ROAD; REQUEST.NOT_FOUND outside the scope */
  async execute(crewId: string, staff: StaffIdentity): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const points = await this.points.points(staff, tx);
      const [volunteer] = points.length === 0 ? [] : await tx.query<{ leftAt: Date | null }[]>(
        'SELECT v.left_at AS leftAt FROM volunteer v WHERE v.crew_id = ? AND v.community_id IN (SELECT p.community_id FROM point p WHERE p.id IN (?)) FOR UPDATE', [crewId, points],
      );
      if (volunteer === undefined) return this.points.refuse(staff, 'crew', crewId);
      if (volunteer.leftAt !== null) return 0;
      const given = await this.tasks.giveAllBack(tx, crewId);
      const nobody = this.keyring.seal('identity', '');
      await tx.query('UPDATE volunteer SET left_at = ?, name_cipher = ?, phone_cipher = ? WHERE crew_id = ?', [this.clock.now(), nobody, nobody, crewId]);
      await tx.query("UPDATE crew SET name = CONCAT('志愿者·', UPPER(RIGHT(id, 4))) WHERE id = ?", [crewId]);
      const accounts = await this.accounts.of(tx, crewId);
      await this.audit.record({
        actorKind: 'staff', actorId: staff.staffId, action: 'volunteer.left', objectKind: 'crew', objectId: crewId, outcome: 'done', detail: { cards: given, accounts },
      }, tx);
      return given;
    });
  }
}
