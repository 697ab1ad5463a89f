import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SeniorListAnswer, SeniorListQuery as Filter, SeniorRow } from '../../contract/seniors.js';
import { ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { maskPhone } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { identityHashes } from '../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { likeLiteral, scopeFilter, type SqlCondition } from '../../infra/http/scope-filter.js';
import { SENIOR_SCOPE } from './senior-records.js';

/** The only orders a list can have; the text of a request never reaches ORDER BY. */
const ORDER: Readonly<Record<Filter['sort'], string>> = {
  name: 's.name_initials, s.name, s.id',
  age: 's.birth_date, s.id',
  newest: 's.created_at DESC, s.id DESC',
};

/** enrolled, consented or none, for one senior `s`. */
export const FACE_STATE_SQL = `CASE
  WHEN EXISTS (SELECT 1 FROM face_template t WHERE t.person_code = s.person_code AND t.point_id = s.point_id) THEN 'enrolled'
  WHEN EXISTS (SELECT 1 FROM consent n WHERE n.senior_id = s.id AND n.purpose = 'face-point' AND n.point_id = s.point_id
    AND n.withdrawn_at IS NULL) THEN 'consented'
  ELSE 'none' END`;

interface Row extends Omit<SeniorRow, 'ageYears' | 'phoneMasked' | 'categories'> {
  birthDate: BusinessDay; phoneCipher: string; categories: string | null;
}

/** The register as a list: searched, filtered, inside the scope. */
@Injectable()
export class SeniorListQuery {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring, private readonly clock: Clock) {}

  async run(filter: Filter, staff: StaffIdentity): Promise<SeniorListAnswer> {
    const where = await this.where(filter, staff);
    const [count] = await this.dataSource.query<{ n: string | number }[]>(
      `SELECT COUNT(*) AS n FROM senior s WHERE ${where.sql}`, [...where.params],
    );
    const rows = await this.rows(where, filter.sort, filter.size, (filter.page - 1) * filter.size);
    return { rows, total: Number(count?.n ?? 0), page: filter.page, size: filter.size };
  }

  /** The same rows without pages, for export; `limit` rows at most. */
  async all(filter: Filter, staff: StaffIdentity, limit: number): Promise<SeniorRow[]> {
    return this.rows(await this.where(filter, staff), filter.sort, limit, 0);
  }

  private async rows(where: SqlCondition, sort: Filter['sort'], limit: number, offset: number): Promise<SeniorRow[]> {
    const today = this.clock.today();
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.id, s.name, s.sex, s.birth_date AS birthDate, s.point_id AS pointId, p.name AS pointName, c.name AS communityName,
              s.phone_cipher AS phoneCipher, s.status, ${FACE_STATE_SQL} AS face,
              (SELECT GROUP_CONCAT(DISTINCT k.code ORDER BY k.code) FROM senior_category k WHERE k.senior_id = s.id
                AND k.status = 'approved' AND k.valid_from <= ? AND (k.valid_to IS NULL OR k.valid_to > ?)) AS categories
       FROM senior s JOIN point p ON p.id = s.point_id JOIN community c ON c.id = s.community_id
       WHERE ${where.sql} ORDER BY ${ORDER[sort]} LIMIT ? OFFSET ?`,
      [today, today, ...where.params, limit, offset],
    );
    return rows.map(({ phoneCipher, categories, ...row }) => ({
      ...row,
      ageYears: ageOn(row.birthDate, today),
      phoneMasked: maskPhone(this.keyring.open('identity', phoneCipher)),
      categories: categories === null ? [] : categories.split(',') as SeniorRow['categories'],
    }));
  }

  private async where(filter: Filter, staff: StaffIdentity): Promise<SqlCondition> {
    const today = this.clock.today();
    const conditions: SqlCondition[] = [scopeFilter(staff, SENIOR_SCOPE)];
    const add = (sql: string, ...params: unknown[]): void => { conditions.push({ sql, params }); };
    if (filter.pointId !== undefined) add('s.point_id = ?', filter.pointId);
    if (filter.communityId !== undefined) add('s.community_id = ?', filter.communityId);
    if (filter.status !== undefined) add('s.status = ?', filter.status);
    if (filter.face !== undefined) add(`${FACE_STATE_SQL} = ?`, filter.face);
    if (filter.minAgeYears !== undefined) add('TIMESTAMPDIFF(YEAR, s.birth_date, ?) >= ?', today, filter.minAgeYears);
    if (filter.category !== undefined) {
      add(`EXISTS (SELECT 1 FROM senior_category k WHERE k.senior_id = s.id AND k.code = ? AND k.status = 'approved'
        AND k.valid_from <= ? AND (k.valid_to IS NULL OR k.valid_to > ?))`, filter.category, today, today);
    }
    if (filter.search) conditions.push(await this.searchCondition(filter.search));
    return { sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '), params: conditions.flatMap(({ params }) => params) };
  }

  /** What was typed decides what is searched: sealed columns are found by keyed hash only, in full. */
  private async searchCondition(search: string): Promise<SqlCondition> {
    const compact = search.replace(/[ -]/g, '').toUpperCase();
    if (/^\d{4}$/.test(compact)) return this.lastFourCondition(compact);
    if (/^(\d{10,19}|\d{17}X)$/.test(compact)) return this.wholeNumberCondition(compact);
    if (/^[A-Z]{1,8}$/.test(compact)) {
      return { sql: 's.name_initials LIKE ? OR s.name LIKE ?', params: [`${compact.toLowerCase()}%`, `${likeLiteral(search)}%`] };
    }
    return { sql: 's.name LIKE ?', params: [`%${likeLiteral(search.replaceAll('•', '·'))}%`] };
  }

  /** A number in full may be that of a card in use as well as a phone or an identity card: people say one, a reader sends the other. */
  private wholeNumberCondition(digits: string): SqlCondition {
    const card = { sql: 's.id = (SELECT k.senior_id FROM senior_card k WHERE k.card_hash = ? AND k.active = 1)', params: [identityHashes.card(this.keyring, digits)] };
    if (digits.length === 18) return { sql: `s.id_number_hash = ? OR ${card.sql}`, params: [identityHashes.idNumber(this.keyring, digits), ...card.params] };
    if (digits.length <= 12) return { sql: `s.phone_hash = ? OR ${card.sql}`, params: [identityHashes.phone(this.keyring, digits), ...card.params] };
    return card;
  }

  /** The digits are hashed with each point's id, so every point is asked for; the scope is applied besides. */
  private async lastFourCondition(digits: string): Promise<SqlCondition> {
    const points = await this.dataSource.query<{ id: string }[]>('SELECT id FROM point');
    const hashes = points.map((point) => identityHashes.last4(this.keyring, point.id, digits));
    if (hashes.length === 0) return { sql: '1 = 0', params: [] };
    return { sql: `s.phone_last4_hash IN (${hashes.map(() => '?').join(', ')})`, params: hashes };
  }
}
