import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DonationFundAnswer, StoredValueSettings as WantedSettings, StoredValueSettingsAnswer } from '../../contract/wallets.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope, SiteDirectory } from '../sites/index.js';
import { PayerWords } from '../subsidy/index.js';
import { MoveGifts } from './move-gifts.js';
import { StoredValueSettings } from './stored-value-settings.js';

/** The street of whoever asks, and what it has decided. */
@Injectable()
export class StreetSettings {
  constructor(
    private readonly dataSource: DataSource, private readonly points: PointScope, private readonly sites: SiteDirectory, private readonly settings: StoredValueSettings, private readonly gifts: MoveGifts,
    private readonly payerWords: PayerWords,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for staff without a place */
  async streetOf(staff: StaffIdentity): Promise<string> {
    if (staff.scopeKind === 'street') return staff.scopeId;
    const [pointId] = await this.points.points(staff);
    if (pointId === undefined) throw new DomainError('REQUEST.NOT_FOUND', 'not-found');
    return (await this.sites.point(pointId)).streetId;
  }

  async read(staff: StaffIdentity): Promise<StoredValueSettingsAnswer> {
    const streetId = await this.streetOf(staff);
    const { limits, merchantPayers, ...settings } = await this.settings.of(streetId);
    return { ...settings, merchantPayers: [...merchantPayers], companyLimitFen: limits.companyFen, otherLimitFen: limits.otherFen, payers: await this.payerWords.ofStreet(this.dataSource.manager, streetId) };
  }

  /** @throws DomainError ACCESS.DENIED for a community's staff */
  async change(staff: StaffIdentity, wanted: WantedSettings): Promise<StoredValueSettingsAnswer> {
    if (staff.scopeKind !== 'street') throw new DomainError('ACCESS.DENIED', 'forbidden');
    await this.settings.change(staff, staff.scopeId, wanted);
    return this.read(staff);
  }

  async fund(staff: StaffIdentity): Promise<DonationFundAnswer> {
    return this.gifts.fund(await this.streetOf(staff));
  }
}
