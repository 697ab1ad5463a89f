import { Injectable } from '@nestjs/common';
import type { DeskShiftAnswer } from '../../contract/cash-shifts.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PointId } from '../../domain/kernel/ids.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { SiteDirectory } from '../sites/index.js';
import { CashShiftListQuery } from './cash-shift-list.query.js';
import { StoredValueSettings } from './stored-value-settings.js';

/** The point an attendant works at. @throws DomainError ACCESS.DENIED for staff without a point */
export function deskPointOf(staff: StaffIdentity): PointId {
  if (staff.scopeKind !== 'point') throw new DomainError('ACCESS.DENIED', 'forbidden');
  return staff.scopeId as PointId;
}

/** The drawer as the desk shows it. */
@Injectable()
export class DeskDrawer {
  constructor(private readonly shifts: CashShiftListQuery, private readonly sites: SiteDirectory, private readonly settings: StoredValueSettings) {}

  async now(staff: StaffIdentity): Promise<DeskShiftAnswer> {
    const pointId = deskPointOf(staff);
    const { streetId } = await this.sites.point(pointId);
    const [shift, takeOver, { differenceLimitFen }] = await Promise.all([
      this.shifts.openOf(staff.staffId), this.shifts.toTakeOver(pointId), this.settings.of(streetId),
    ]);
    return { shift, takeOver, differenceLimitFen };
  }
}
