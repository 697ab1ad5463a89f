import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { Sex } from '../../domain/persons/index.js';
import { auditActor, type Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { AuditTrail } from '../audit/index.js';

/** A row of the register as stored: identity fields are ciphertexts. */
export interface SeniorRecord {
  readonly id: string;
  readonly personCode: string;
  readonly streetId: string;
  readonly communityId: string;
  readonly pointId: string;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: BusinessDay;
  readonly idNumberCipher: string;
  readonly phoneCipher: string;
  readonly addressCipher: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly floor: number;
  readonly hasLift: number;
  readonly doorNote: string;
  readonly hukouArea: string;
  readonly status: 'active' | 'suspended' | 'moved' | 'deceased' | 'merged';
  readonly statusFrom: BusinessDay | null;
  readonly createdAt: Date;
}

const COLUMNS = `s.id, s.person_code AS personCode, s.street_id AS streetId, s.community_id AS communityId, s.point_id AS pointId,
  s.name, s.sex, s.birth_date AS birthDate, s.id_number_cipher AS idNumberCipher, s.phone_cipher AS phoneCipher,
  s.address_cipher AS addressCipher, s.latitude, s.longitude, s.floor, s.has_lift AS hasLift, s.door_note AS doorNote,
  s.hukou_area AS hukouArea, s.status, s.status_from AS statusFrom, s.created_at AS createdAt`;

/** Where a senior belongs, for scopeFilter. */
export const SENIOR_SCOPE = { streetId: 's.street_id', communityId: 's.community_id', pointId: 's.point_id' } as const;

/** Finds a senior for a member of staff: outside of the scope nobody exists. */
@Injectable()
export class SeniorRecords {
  constructor(private readonly dataSource: DataSource, private readonly audit: AuditTrail) {}

  /**
   * @param lock true keeps the row until the transaction ends, so that two edits follow each other
   * @throws DomainError SENIOR.NOT_FOUND for unknown seniors and for those of other places alike
   */
  async find(seniorId: string, actor: Actor, tx: EntityManager = this.dataSource.manager, lock = false): Promise<SeniorRecord> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const [row] = await tx.query<SeniorRecord[]>(
      `SELECT ${COLUMNS} FROM senior s WHERE s.id = ? AND ${scope.sql}${lock ? ' FOR UPDATE' : ''}`, [seniorId, ...scope.params],
    );
    if (row === undefined) throw new DomainError('SENIOR.NOT_FOUND', 'not-found');
    return row;
  }

  /** The same, and nobody who has moved away or died. @throws DomainError SENIOR.NOT_FOUND, SENIOR.NOT_ACTIVE */
  async findActive(seniorId: string, actor: Actor, tx?: EntityManager, lock = false): Promise<SeniorRecord> {
    const record = await this.find(seniorId, actor, tx, lock);
    if (record.status !== 'active') throw new DomainError('SENIOR.NOT_ACTIVE', 'refused');
    return record;
  }

  /** One line in the record of what was done to a senior. Details are codes and dates, never names or numbers. */
  async note(tx: EntityManager, actor: Actor, action: string, seniorId: string, detail: Readonly<Record<string, string | number | boolean | null>> = {}): Promise<void> {
    await this.audit.record({ ...auditActor(actor), action, objectKind: 'senior', objectId: seniorId, outcome: 'done', detail }, tx);
  }

  /** What was refused stays on record although the transaction of the step does not. */
  async noteDenied(actor: Actor, action: string, seniorId: string): Promise<void> {
    await this.audit.record({ ...auditActor(actor), action, objectKind: 'senior', objectId: seniorId, outcome: 'denied' });
  }
}
