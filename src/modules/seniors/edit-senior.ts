import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EditSeniorRequest } from '../../contract/seniors.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { Actor } from '../../infra/http/actor.js';
import { FaceStore } from '../faces/index.js';
import { EndFaceUse } from './end-face-use.js';
import { IdentityColumns } from './identity-columns.js';
import { SeniorPlacesQuery } from './senior-places.query.js';
import { SeniorRecords, type SeniorRecord } from './senior-records.js';

type Column = [name: string, value: string | number];

/** Changes what the register says about a senior. */
@Injectable()
export class EditSenior {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly columns: IdentityColumns,
    private readonly places: SeniorPlacesQuery,
    private readonly records: SeniorRecords,
    private readonly endFaceUse: EndFaceUse,
    private readonly faces: FaceStore,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND, SENIOR.PLACE_UNKNOWN, SENIOR.NOTHING_TO_CHANGE, SENIOR.ID_NUMBER_TAKEN, PERSON.* */
  async execute(seniorId: string, request: EditSeniorRequest, actor: Actor): Promise<{ done: true }> {
    if (Object.keys(request).length === 0) throw new DomainError('SENIOR.NOTHING_TO_CHANGE', 'invalid');
    try {
      await this.unitOfWork.run((tx) => this.edit(tx, seniorId, request, actor));
    } catch (error) {
      if (isDuplicateKey(error, 'uq_senior_id_number')) throw new DomainError('SENIOR.ID_NUMBER_TAKEN', 'conflict');
      throw error;
    }
    return { done: true };
  }

  /** The same in the caller's transaction. @returns the row as it was */
  async edit(tx: EntityManager, seniorId: string, request: EditSeniorRequest, actor: Actor): Promise<SeniorRecord> {
    const record = await this.records.find(seniorId, actor, tx, true);
    const changes = [
      ...this.identityChanges(request), ...this.phoneChanges(record, request), ...this.homeChanges(request),
      ...await this.placeChanges(tx, record, request, actor),
    ];
    await tx.query(
      `UPDATE senior SET ${changes.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`,
      [...changes.map(([, value]) => value), seniorId],
    );
    const { identity } = request;
    if (identity !== undefined && (identity.name !== record.name || identity.sex !== record.sex)) await this.faces.retell(tx, record.personCode);
    await this.records.note(tx, actor, 'senior.edited', seniorId, {
      parts: Object.keys(request).sort().join(','), reason: request.identity?.reason ?? null,
    });
    return record;
  }

  /** Puts a home, point and community back as they were; the consent for the former point stays ended. */
  async putHomeBack(tx: EntityManager, record: SeniorRecord): Promise<void> {
    const phone = this.columns.phone(this.columns.open(record.phoneCipher), record.pointId);
    await tx.query(
      `UPDATE senior SET street_id = ?, community_id = ?, point_id = ?, address_cipher = ?, latitude = ?, longitude = ?, floor = ?, has_lift = ?,
         door_note = ?, phone_last4_hash = ? WHERE id = ?`,
      [record.streetId, record.communityId, record.pointId, record.addressCipher, record.latitude, record.longitude, record.floor, record.hasLift,
        record.doorNote, phone.last4Hash, record.id],
    );
  }

  private identityChanges(request: EditSeniorRequest): Column[] {
    if (request.identity === undefined) return [];
    const identity = this.columns.identity(request.identity);
    return [
      ['name', identity.name], ['name_initials', identity.initials], ['sex', identity.sex], ['birth_date', identity.birthDate],
      ['id_number_cipher', identity.idNumberCipher], ['id_number_hash', identity.idNumberHash],
    ];
  }

  /** The digits are hashed with the point, so another point or another number both make them anew. */
  private phoneChanges(record: SeniorRecord, request: EditSeniorRequest): Column[] {
    const moved = request.pointId !== undefined && request.pointId !== record.pointId;
    if (request.phone === undefined && !moved) return [];
    const phone = this.columns.phone(request.phone ?? this.columns.open(record.phoneCipher), request.pointId ?? record.pointId);
    return [['phone_cipher', phone.phoneCipher], ['phone_hash', phone.phoneHash], ['phone_last4_hash', phone.last4Hash]];
  }

  private homeChanges(request: EditSeniorRequest): Column[] {
    const area: Column[] = request.hukouArea === undefined ? [] : [['hukou_area', request.hukouArea]];
    if (request.home === undefined) return area;
    const { address, latitude, longitude, floor, hasLift, doorNote } = request.home;
    return [
      ...area, ['address_cipher', this.columns.seal(address)], ['latitude', latitude], ['longitude', longitude],
      ['floor', floor], ['has_lift', hasLift ? 1 : 0], ['door_note', doorNote],
    ];
  }

  /** A consent was given for the kiosks of one point: at another the face is unknown until it is asked for again. */
  private async placeChanges(tx: EntityManager, record: SeniorRecord, request: EditSeniorRequest, actor: Actor): Promise<Column[]> {
    if (request.pointId === undefined && request.communityId === undefined) return [];
    const place = { pointId: request.pointId ?? record.pointId, communityId: request.communityId ?? record.communityId };
    const { streetId } = await this.places.require(tx, actor.staff, place);
    if (place.pointId !== record.pointId) await this.endFaceUse.execute(tx, record, 'face-point', actor.staff.staffId);
    return [['street_id', streetId], ['point_id', place.pointId], ['community_id', place.communityId]];
  }
}
