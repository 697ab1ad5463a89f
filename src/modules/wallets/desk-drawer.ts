import { Injectable } from '@nestjs/common';
import type { DeskShiftAnswer } from '../../contract/cash-shifts.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { Clock } from '../../infra/clock/clock.js';
import { deskPointOf } from '../../infra/http/desk-point.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { SiteDirectory } from '../sites/index.js';
import { CashShiftListQuery } from './cash-shift-list.query.js';
import { StoredValueSettings } from './stored-value-settings.js';
import { KioskSalesUntold } from './kiosk-sales-untold.js';

/** The drawer as the desk shows it. */
@Injectable()
export class DeskDrawer {
  constructor(
    private readonly shifts: CashShiftListQuery, private readonly sites: SiteDirectory, private readonly settings: StoredValueSettings,
    private readonly unsent: KioskSalesUntold, private readonly clock: Clock,
  ) {}

  async now(staff: StaffIdentity): Promise<DeskShiftAnswer> {
    const pointId = deskPointOf(staff);
    const { streetId } = await this.sites.point(pointId);
    const [shift, takeOver, { differenceLimitFen }] = await Promise.all([
      this.shifts.openOf(staff.staffId), this.shifts.toTakeOver(pointId), this.settings.of(streetId),
    ]);
    const unsent = await this.unsent.of(pointId, (shift?.businessDay as BusinessDay | undefined) ?? this.clock.today());
    return { shift, takeOver, differenceLimitFen, unsent };
  }
}
