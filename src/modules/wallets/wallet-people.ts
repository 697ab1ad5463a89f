import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId, SeniorId } from '../../domain/kernel/ids.js';
import { fen, type Fen } from '../../domain/kernel/money.js';
import { debtOf } from '../../domain/ledger/index.js';
import { maskName } from '../../domain/persons/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { Ledger } from '../ledger/index.js';

/** Whose money it is, as far as money needs to know. */
export interface WalletOwner {
  readonly seniorId: SeniorId;
  readonly name: string;
  readonly maskedName: string;
  readonly birthDate: BusinessDay;
  readonly status: 'active' | 'suspended' | 'moved' | 'deceased';
  readonly pointId: PointId;
  readonly pointName: string;
  readonly streetId: string;
}

interface OwnerRow extends Omit<WalletOwner, 'maskedName'> { sex: 'M' | 'F' }

/** Finds the owner of a wallet; outside the scope of who asks nobody exists. */
@Injectable()
export class WalletPeople {
  constructor(private readonly dataSource: DataSource, private readonly ledger: Ledger) {}

  /**
   * The owner, whose row stays locked until the transaction ends: everything that pays in, settles or refunds passes here
   * first, so that no two of them see the same debt or the same limit. Meals do not wait for it.
   *
   * @throws DomainError SENIOR.NOT_FOUND
   */
  async lock(tx: EntityManager, seniorId: string): Promise<WalletOwner> {
    await tx.query('SELECT id FROM senior WHERE id = ? FOR UPDATE', [seniorId]);
    return this.one(tx, seniorId, '1 = 1', []);
  }

  /** The owner, if who asks may see it: staff of the place, family of the person. @throws DomainError SENIOR.NOT_FOUND */
  async find(staff: StaffIdentity, seniorId: string, tx: EntityManager = this.dataSource.manager): Promise<WalletOwner> {
    if (staff.scopeKind === 'senior') return this.one(tx, seniorId, 's.id = ?', [staff.scopeId]);
    const scope = scopeFilter(staff, { streetId: 's.street_id', communityId: 's.community_id', pointId: 's.point_id' });
    return this.one(tx, seniorId, scope.sql, scope.params);
  }

  /** What the senior owes for delivered meals, as a positive amount. */
  async debtFen(tx: EntityManager, seniorId: string): Promise<Fen> {
    return fen(-await this.ledger.sumOf(debtOf(seniorId), tx));
  }

  private async one(tx: EntityManager, seniorId: string, where: string, params: readonly unknown[]): Promise<WalletOwner> {
    const [row] = await tx.query<OwnerRow[]>(
      `SELECT s.id AS seniorId, s.name, s.sex, s.birth_date AS birthDate, s.status, s.point_id AS pointId, p.name AS pointName, s.street_id AS streetId
       FROM senior s JOIN point p ON p.id = s.point_id WHERE s.id = ? AND ${where}`, [seniorId, ...params],
    );
    if (row === undefined) throw new DomainError('SENIOR.NOT_FOUND', 'not-found');
    const { sex, ...owner } = row;
    return { ...owner, maskedName: maskName(row.name, sex) };
  }
}

/**
 * For `catch`: a senior outside the scope is told in the words of what was asked for; whatever else went wrong, a lock or
 * a lost connection, stays what it is.
 */
export function unseenAs(code: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof DomainError && error.code === 'SENIOR.NOT_FOUND' ? new DomainError(code, 'not-found') : error;
  };
}
