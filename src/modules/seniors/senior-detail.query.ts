import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SeniorCard, SeniorCategory, SeniorConsent, SeniorContact, SeniorDetail } from '../../contract/seniors.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { isValidOn, maskCardNumber, maskIdNumber, maskName, maskPhone, surnameOf } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { Actor } from '../../infra/http/actor.js';
import { IdentityColumns } from './identity-columns.js';
import { FACE_STATE_SQL } from './senior-list.query.js';
import { SeniorRecords, type SeniorRecord } from './senior-records.js';

/** Roles that visit or telephone people; everybody else reads masked phones and nothing of the home. */
const REACHING_ROLES = new Set(['administrator', 'street', 'attendant']);
/** Whoever may charge a wallet on the digits of a phone does not read them off a page: they ask for the number, on record. */
const CHARGING_ROLES = new Set(['attendant']);

const NOWHERE = { latitude: null, longitude: null, floor: null, doorNote: '' } as const;

type CategoryRow = Omit<SeniorCategory, 'inForce' | 'decidedAt'> & { validFrom: BusinessDay; validTo: BusinessDay | null; decidedAt: Date | null };
type ConsentRow = Omit<SeniorConsent, 'givenAt' | 'withdrawnAt'> & { givenAt: Date; withdrawnAt: Date | null };
interface ContactRow extends Omit<SeniorContact, 'name' | 'phone' | 'takesMessages'> { nameCipher: string; phoneCipher: string; takesMessages: number }
interface Place { pointName: string; communityName: string; face: SeniorDetail['face'] }

/** Everything the register says about one senior, to one reader. */
@Injectable()
export class SeniorDetailQuery {
  constructor(
    private readonly dataSource: DataSource,
    private readonly records: SeniorRecords,
    private readonly columns: IdentityColumns,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async run(seniorId: string, actor: Actor): Promise<SeniorDetail> {
    const record = await this.records.find(seniorId, actor);
    const reaches = REACHING_ROLES.has(actor.staff.role);
    const [categories, contacts, cards, diets, consents, place, hasPin] = await Promise.all([
      this.categories(seniorId), this.contacts(seniorId, reaches), this.cards(seniorId), this.diets(seniorId),
      this.consents(seniorId), this.place(seniorId), this.hasPin(seniorId),
    ]);
    return { ...this.person(record, reaches, CHARGING_ROLES.has(actor.staff.role)), ...place, categories, contacts, cards, hasPin, diets, consents };
  }

  private async hasPin(seniorId: string): Promise<boolean> {
    return (await this.dataSource.query<unknown[]>('SELECT 1 FROM senior_pin WHERE senior_id = ?', [seniorId])).length > 0;
  }

  private person(record: SeniorRecord, reaches: boolean, charges: boolean): Omit<SeniorDetail, keyof Place | 'categories' | 'contacts' | 'cards' | 'hasPin' | 'diets' | 'consents'> {
    const { id, personCode, name, sex, birthDate, idNumberCipher, phoneCipher, addressCipher, hasLift, createdAt } = record;
    const { hukouArea, pointId, communityId, status, statusFrom } = record;
    const { latitude, longitude, floor, doorNote } = reaches ? record : NOWHERE;
    const phone = this.columns.open(phoneCipher);
    return {
      id, personCode, name, sex, birthDate, latitude, longitude, floor, doorNote, hukouArea, pointId, communityId, status, statusFrom,
      hasLift: hasLift === 1,
      createdAt: createdAt.toISOString(),
      maskedName: maskName(record.name, record.sex),
      ageYears: ageOn(record.birthDate, this.clock.today()),
      idNumberMasked: maskIdNumber(this.columns.open(idNumberCipher)),
      phone: reaches && !charges ? phone : maskPhone(phone),
      address: reaches ? this.columns.open(addressCipher) : '***',
    };
  }

  private async place(seniorId: string): Promise<Place> {
    const [row] = await this.dataSource.query<Place[]>(
      `SELECT p.name AS pointName, c.name AS communityName, ${FACE_STATE_SQL} AS face
       FROM senior s JOIN point p ON p.id = s.point_id JOIN community c ON c.id = s.community_id WHERE s.id = ?`, [seniorId],
    );
    return row ?? { pointName: '', communityName: '', face: 'none' };
  }

  private async categories(seniorId: string): Promise<SeniorCategory[]> {
    const today = this.clock.today();
    const rows = await this.dataSource.query<CategoryRow[]>(
      `SELECT k.id, k.code, k.status, k.source, k.evidence, k.valid_from AS validFrom, k.valid_to AS validTo,
              a.display_name AS appliedByName, b.display_name AS communityCheckedByName, d.display_name AS streetDecidedByName,
              k.decided_at AS decidedAt, k.refusal_reason AS refusalReason
       FROM senior_category k LEFT JOIN staff a ON a.id = k.applied_by LEFT JOIN staff b ON b.id = k.community_checked_by
       LEFT JOIN staff d ON d.id = k.street_decided_by WHERE k.senior_id = ? ORDER BY k.valid_from DESC, k.code`, [seniorId],
    );
    return rows.map((row) => ({
      ...row, decidedAt: row.decidedAt?.toISOString() ?? null, inForce: row.status === 'approved' && isValidOn(row, today),
    }));
  }

  private async contacts(seniorId: string, reaches: boolean): Promise<SeniorContact[]> {
    const rows = await this.dataSource.query<ContactRow[]>(
      'SELECT id, kind, relation, name_cipher AS nameCipher, phone_cipher AS phoneCipher, takes_messages AS takesMessages FROM senior_contact WHERE senior_id = ? ORDER BY kind, id', [seniorId],
    );
    return rows.map(({ nameCipher, phoneCipher, ...row }) => {
      const phone = this.columns.open(phoneCipher);
      const name = this.columns.open(nameCipher);
      return { ...row, takesMessages: Number(row.takesMessages) === 1, name: reaches ? name : `${surnameOf(name)}**`, phone: reaches ? phone : maskPhone(phone) };
    });
  }

  private async cards(seniorId: string): Promise<SeniorCard[]> {
    const rows = await this.dataSource.query<{ cardRef: string; last4: string; active: number; issuedAt: Date }[]>(
      'SELECT card_hash AS cardRef, last4, active, issued_at AS issuedAt FROM senior_card WHERE senior_id = ? ORDER BY issued_at DESC', [seniorId],
    );
    return rows.map((row) => ({
      cardRef: row.cardRef, masked: maskCardNumber(row.last4), active: row.active === 1, issuedAt: row.issuedAt.toISOString(),
    }));
  }

  private async diets(seniorId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ code: string }[]>('SELECT code FROM senior_diet WHERE senior_id = ? ORDER BY code', [seniorId]);
    return rows.map((row) => row.code);
  }

  private async consents(seniorId: string): Promise<SeniorConsent[]> {
    const rows = await this.dataSource.query<ConsentRow[]>(
      `SELECT n.id, n.purpose, n.point_id AS pointId, p.name AS pointName, n.given_by AS givenBy, n.guardian_name AS guardianName,
              n.notice_version AS noticeVersion, n.given_at AS givenAt, COALESCE(f.display_name, '') AS recordedByName, n.withdrawn_at AS withdrawnAt
       FROM consent n LEFT JOIN point p ON p.id = n.point_id LEFT JOIN staff f ON f.id = n.recorded_by
       WHERE n.senior_id = ? ORDER BY n.given_at DESC, n.purpose`, [seniorId],
    );
    return rows.map((row) => ({ ...row, givenAt: row.givenAt.toISOString(), withdrawnAt: row.withdrawnAt?.toISOString() ?? null }));
  }
}
