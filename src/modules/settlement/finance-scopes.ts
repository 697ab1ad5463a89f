import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FinanceFilters } from '../../contract/finance.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { operatorScopeOf, type FinanceScope } from './meal-lines.js';

/** What a member of staff may see of the money, and the refusal of filters that point elsewhere. */
@Injectable()
export class FinanceScopes {
  constructor(private readonly points: PointScope, private readonly dataSource: DataSource) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a point or operator outside; the denial is audited */
  async scopeOf(staff: StaffIdentity, filters: Pick<FinanceFilters, 'pointId' | 'operatorId'> = {}): Promise<FinanceScope> {
    const operator = operatorScopeOf(staff);
    if (operator?.kind === 'operator') {
      if (filters.operatorId !== undefined && filters.operatorId !== operator.operatorId) {
        return this.points.refuse(staff, 'operator', filters.operatorId);
      }
      await this.points.narrowed(staff, filters.pointId);
      return operator;
    }
    const pointIds = await this.points.points(staff);
    if (filters.pointId !== undefined && !pointIds.some((id) => id === filters.pointId)) return this.points.refuse(staff, 'point', filters.pointId);
    if (filters.operatorId !== undefined) await this.requireOperator(staff, pointIds, filters.operatorId);
    return { kind: 'points', pointIds };
  }

  private async requireOperator(staff: StaffIdentity, pointIds: readonly string[], operatorId: string): Promise<void> {
    if (pointIds.length === 0) return this.points.refuse(staff, 'operator', operatorId);
    const found = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM point WHERE operator_id = ? AND id IN (?)
       UNION ALL SELECT 1 FROM meal WHERE operator_id = ? AND point_id IN (?) LIMIT 1`,
      [operatorId, pointIds, operatorId, pointIds],
    );
    if (found.length === 0) await this.points.refuse(staff, 'operator', operatorId);
  }
}
