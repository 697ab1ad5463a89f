import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';

const STREET_OF_SCOPE: Readonly<Record<string, string>> = {
  street: 'SELECT id, jurisdiction_code AS area FROM street WHERE id = ?',
  community: 'SELECT s.id, s.jurisdiction_code AS area FROM street s JOIN community c ON c.street_id = s.id WHERE c.id = ?',
  point: 'SELECT s.id, s.jurisdiction_code AS area FROM street s JOIN community c ON c.street_id = s.id JOIN point p ON p.community_id = c.id WHERE p.id = ?',
};

export interface PolicyStreet {
  readonly streetId: string;
  /** Administrative code of the street. */
  readonly area: string;
}

/** Whose policies a member of staff reads and writes: those of their street. */
@Injectable()
export class PolicyScope {
  constructor(private readonly dataSource: DataSource, private readonly points: PointScope) {}

  /** @throws DomainError ACCESS.DENIED for staff without a street */
  async streetOf(staff: StaffIdentity): Promise<PolicyStreet> {
    const sql = STREET_OF_SCOPE[staff.scopeKind];
    const [row] = sql === undefined ? [] : await this.dataSource.query<{ id: string; area: string }[]>(sql, [staff.scopeId]);
    if (row === undefined) throw new DomainError('ACCESS.DENIED', 'forbidden');
    return { streetId: row.id, area: row.area };
  }

  /** @throws DomainError REQUEST.NOT_FOUND; the denial is audited */
  refuse(staff: StaffIdentity, objectKind: 'policy' | 'policy-run' | 'senior', objectId: string): Promise<never> {
    return this.points.refuse(staff, objectKind, objectId);
  }
}
