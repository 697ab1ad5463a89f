import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CreateSeniorAnswer, CreateSeniorRequest } from '../../contract/seniors.js';
import { isCustomaryBirthDate } from '../../domain/persons/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { newId } from '../../infra/ids.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorPlacesQuery } from './senior-places.query.js';
import { SeniorRecords } from './senior-records.js';

type Identity = ReturnType<IdentityColumns['identity']>;
type Phone = ReturnType<IdentityColumns['phone']>;

/** Puts a person on the register, once. */
@Injectable()
export class CreateSenior {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly columns: IdentityColumns,
    private readonly places: SeniorPlacesQuery,
    private readonly records: SeniorRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError PERSON.*, SENIOR.PLACE_UNKNOWN, SENIOR.ID_NUMBER_TAKEN, SENIOR.LOOKS_KNOWN (until the desk says
   *   that it has compared)
   */
  async execute(request: CreateSeniorRequest, actor: Actor): Promise<CreateSeniorAnswer> {
    const identity = this.columns.identity(request);
    const phone = this.columns.phone(request.phone, request.pointId);
    try {
      return await this.unitOfWork.run(async (tx) => {
        const { streetId } = await this.places.require(tx, actor.staff, request);
        await this.requireNew(tx, identity, request.duplicateChecked);
        const id = newId();
        const personCode = newId();
        const notes = await this.notes(tx, identity, phone, request.pointId);
        await this.insert(tx, { id, personCode, streetId, identity, phone }, request);
        await this.records.note(tx, actor, 'senior.created', id, { duplicateChecked: request.duplicateChecked });
        return { id, personCode, notes };
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_senior_id_number')) throw new DomainError('SENIOR.ID_NUMBER_TAKEN', 'conflict');
      throw error;
    }
  }

  private async requireNew(tx: EntityManager, identity: Identity, checked: boolean): Promise<void> {
    const [same] = await tx.query<{ id: string }[]>('SELECT id FROM senior WHERE id_number_hash = ?', [identity.idNumberHash]);
    if (same !== undefined) throw new DomainError('SENIOR.ID_NUMBER_TAKEN', 'conflict');
    if (checked) return;
    const [alike] = await tx.query<{ n: string | number }[]>(
      'SELECT COUNT(*) AS n FROM senior WHERE name = ? AND birth_date = ?', [identity.name, identity.birthDate],
    );
    const count = Number(alike?.n ?? 0);
    if (count > 0) throw new DomainError('SENIOR.LOOKS_KNOWN', 'conflict', { count });
  }

  private async notes(tx: EntityManager, identity: Identity, phone: Phone, pointId: string): Promise<CreateSeniorAnswer['notes']> {
    const [row] = await tx.query<{ phones: string | number; digits: string | number }[]>(
      `SELECT (SELECT COUNT(*) FROM senior WHERE phone_hash = ?) AS phones,
              (SELECT COUNT(*) FROM senior WHERE point_id = ? AND phone_last4_hash = ? AND phone_hash <> ?) AS digits`,
      [phone.phoneHash, pointId, phone.last4Hash, phone.phoneHash],
    );
    return [
      ...(isCustomaryBirthDate(identity.birthDate) ? ['customary-birth-date' as const] : []),
      ...(Number(row?.phones ?? 0) > 0 ? ['shared-phone' as const] : []),
      ...(Number(row?.digits ?? 0) > 0 ? ['same-last-four' as const] : []),
    ];
  }

  private async insert(
    tx: EntityManager, made: { id: string; personCode: string; streetId: string; identity: Identity; phone: Phone }, request: CreateSeniorRequest,
  ): Promise<void> {
    const { identity, phone } = made;
    await tx.query(
      `INSERT INTO senior (id, person_code, street_id, community_id, point_id, name, name_initials, sex, birth_date,
         id_number_cipher, id_number_hash, phone_cipher, phone_hash, phone_last4_hash, address_cipher, latitude, longitude,
         floor, has_lift, door_note, hukou_area, status, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?)`,
      [made.id, made.personCode, made.streetId, request.communityId, request.pointId, identity.name, identity.initials,
        identity.sex, identity.birthDate, identity.idNumberCipher, identity.idNumberHash, phone.phoneCipher, phone.phoneHash,
        phone.last4Hash, this.columns.seal(request.address), request.latitude, request.longitude, request.floor,
        request.hasLift ? 1 : 0, request.doorNote, request.hukouArea, this.clock.now()],
    );
  }
}
