import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  confirmOfflineSaleRequest, decideOfflineSaleRequest, offlineLimits, offlineReviewAnswer, offlineReviewQuery, offlineReviewRow, offlineSettingsAnswer, type ConfirmOfflineSaleRequest, type DecideOfflineSaleRequest,
  type OfflineLimitsRequest, type OfflineReviewAnswer, type OfflineReviewQuery, type OfflineReviewRow, type OfflineSettingsAnswer,
} from '../../contract/offline.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { DecideOfflineSale } from './decide-offline-sale.js';
import { OfflineReview } from './offline-review.query.js';
import { OfflineSettingsBook } from './offline-settings-book.js';

/** Finance looks at what kiosks sold without network, and signs how much they may. */
@ApiTags('offline')
@Controller()
export class OfflineReviewController {
  constructor(
    private readonly scope: PointScope, private readonly review: OfflineReview, private readonly decideSale: DecideOfflineSale, private readonly settings: OfflineSettingsBook,
  ) {}

  @Get('offline-sales')
  @Access('street', 'finance', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listOfflineSales', summary: 'Sales without network that wait for a decision, or all' })
  @ApiResponse({ status: 200, standardSchema: offlineReviewAnswer })
  async list(@Query({ schema: offlineReviewQuery }) query: OfflineReviewQuery, @CurrentStaff() staff: StaffIdentity): Promise<OfflineReviewAnswer> {
    return this.review.read(await this.scope.narrowed(staff, query.pointId), query, staff.staffId);
  }

  @Post('offline-sales/:saleId/decision')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'decideOfflineSale', summary: 'Proposes to post one of them and who bears the difference, or to set it aside' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: offlineReviewRow })
  decide(
    @Param('saleId', ParseUUIDPipe) saleId: string, @Body({ schema: decideOfflineSaleRequest }) request: DecideOfflineSaleRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<OfflineReviewRow> {
    return this.decideSale.execute(saleId, request, staff, key);
  }

  @Post('offline-sales/:saleId/confirmation')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'confirmOfflineSale', summary: 'Another person carries a proposed decision out, or sends it back' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: offlineReviewRow })
  confirm(
    @Param('saleId', ParseUUIDPipe) saleId: string, @Body({ schema: confirmOfflineSaleRequest }) request: ConfirmOfflineSaleRequest, @CurrentStaff() staff: StaffIdentity,
    @IdempotencyKey() key: string,
  ): Promise<OfflineReviewRow> {
    return this.decideSale.confirm(saleId, request, staff, key);
  }

  @Get('offline-settings')
  @Access('street', 'finance', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'offlineSettings', summary: 'What each point’s kiosks may sell without network' })
  @ApiResponse({ status: 200, standardSchema: offlineSettingsAnswer })
  showSettings(@CurrentStaff() staff: StaffIdentity): Promise<OfflineSettingsAnswer> {
    return this.settings.list(staff);
  }

  @Put('offline-settings/:pointId')
  @Access('finance')
  @ApiOperation({ operationId: 'signOfflineSettings', summary: 'Signs the limits of a point' })
  @ApiResponse({ status: 200, standardSchema: offlineSettingsAnswer })
  signSettings(
    @Param('pointId', ParseUUIDPipe) pointId: string, @Body({ schema: offlineLimits }) limits: OfflineLimitsRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<OfflineSettingsAnswer> {
    return this.settings.sign(pointId, limits, staff);
  }
}
