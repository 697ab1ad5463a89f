import { Injectable } from '@nestjs/common';
import type { DonationFundAnswer, StoredValueSettings as SettingsAnswer } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope, SiteDirectory } from '../sites/index.js';
import { MoveGifts } from './move-gifts.js';
import { StoredValueSettings } from './stored-value-settings.js';

/** The street of whoever asks, and what it has decided. */
@Injectable()
export class StreetSettings {
  constructor(private readonly points: PointScope, private readonly sites: SiteDirectory, private readonly settings: StoredValueSettings, private readonly gifts: MoveGifts) {}

  /** @throws DomainError REQUEST.NOT_FOUND for staff without a place */
  async streetOf(staff: StaffIdentity): Promise<string> {
    if (staff.scopeKind === 'street') return staff.scopeId;
    const [pointId] = await this.points.points(staff);
    if (pointId === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return (await this.sites.point(pointId)).streetId;
  }

  async read(staff: StaffIdentity): Promise<SettingsAnswer> {
    const { limits, merchantPayers, ...settings } = await this.settings.of(await this.streetOf(staff));
    return { ...settings, merchantPayers: [...merchantPayers], companyLimitFen: limits.companyFen, otherLimitFen: limits.otherFen };
  }

  /** @throws DomainError ACCESS.DENIED for a community's staff */
  async change(staff: StaffIdentity, wanted: SettingsAnswer): Promise<SettingsAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    return this.settings.change(staff, staff.scopeId, wanted);
  }

  async fund(staff: StaffIdentity): Promise<DonationFundAnswer> {
    return this.gifts.fund(await this.streetOf(staff));
  }
}
