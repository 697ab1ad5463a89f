import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  donationFundAnswer, donationGiftRequest, donationGrantRequest, giftMovementsAnswer, giftMovementsQuery, pointsRequest, walletListAnswer, walletListQuery, type GiftMovementsAnswer,
  type GiftMovementsQuery, type WalletListAnswer, type WalletListQuery, purseAnswer, refundPreviewAnswer, statementAnswer, statementQuery, storedValueSettings, storedValueSettingsAnswer,
  walletAnswer, walletMovementsAnswer, walletMovementsFileQuery, walletMovementsQuery, type DonationFundAnswer, type DonationGiftRequest, type DonationGrantRequest,
  type PointsRequest, type PurseAnswer, type RefundPreviewAnswer, type StatementAnswer, type StatementQuery, type StoredValueSettings as WantedSettings, type StoredValueSettingsAnswer, type WalletAnswer,
  type WalletMovementsAnswer, type WalletMovementsFilter, type WalletMovementsQuery,
} from '../../contract/wallets.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../infra/http/request-context.js';
import { fileAnswer, XLSX } from '../../infra/sheets/file-answer.js';
import { PointScope } from '../sites/index.js';
import { GiftMovements } from './gift-movements.query.js';
import { MoveGifts } from './move-gifts.js';
import { StatementReport } from './statement.query.js';
import { StreetSettings } from './street-settings.js';
import { WalletDesk } from './wallet-desk.js';
import { WalletListQueries } from './wallet-list.query.js';
import { WalletMovements } from './wallet-movements.query.js';
import { WalletSheets } from './wallet-sheets.js';

const EXPORT_MOST = 20_000;

/** Wallets as their owners, the point, the family and finance read them. */
@ApiTags('wallets')
@Controller()
export class WalletsController {
  constructor(
    private readonly desk: WalletDesk, private readonly statements: StatementReport, private readonly sheets: WalletSheets, private readonly movements: WalletMovements,
    private readonly gifts: MoveGifts, private readonly settings: StreetSettings, private readonly points: PointScope, private readonly walletList: WalletListQueries,
    private readonly giftMovements: GiftMovements,
  ) {}

  @Get('wallets')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listWallets', summary: 'The purses of everybody, side by side' })
  @ApiResponse({ status: 200, standardSchema: walletListAnswer })
  async wallets(@CurrentStaff() staff: StaffIdentity, @Query({ schema: walletListQuery }) query: WalletListQuery): Promise<WalletListAnswer> {
    return this.walletList.list(query, await this.points.points(staff));
  }

  @Get('wallets/:seniorId')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'readWallet', summary: 'All purses of a senior, side by side' })
  @ApiResponse({ status: 200, standardSchema: walletAnswer })
  wallet(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string): Promise<WalletAnswer> {
    return this.desk.overview(staff, seniorId);
  }

  @Get('wallets/:seniorId/refund')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'previewRefund', summary: 'What would go back for each cause' })
  @ApiResponse({ status: 200, standardSchema: refundPreviewAnswer })
  refund(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string): Promise<RefundPreviewAnswer> {
    return this.desk.value(staff, seniorId);
  }

  @Get('wallets/:seniorId/statement')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'walletStatement', summary: 'Every movement of a senior between two days' })
  @ApiResponse({ status: 200, standardSchema: statementAnswer })
  async statement(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Query({ schema: statementQuery }) query: StatementQuery): Promise<StatementAnswer> {
    return this.statements.of(await this.desk.owner(staff, seniorId), query);
  }

  @Get('wallets/:seniorId/statement.xlsx')
  @Access('administrator', 'street', 'finance', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'exportWalletStatement', summary: 'The statement as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async statementFile(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @Query({ schema: statementQuery }) query: StatementQuery): Promise<StreamableFile> {
    return fileAnswer(await this.sheets.statement(await this.statements.of(await this.desk.owner(staff, seniorId), query), staff));
  }

  @Get('family/statement')
  @Access('family')
  @ApiOperation({ operationId: 'familyStatement', summary: 'The statement of the own senior' })
  @ApiResponse({ status: 200, standardSchema: statementAnswer })
  async familyStatement(@CurrentStaff() staff: StaffIdentity, @Query({ schema: statementQuery }) query: StatementQuery): Promise<StatementAnswer> {
    return this.statements.of(await this.desk.owner(staff, staff.scopeId), query);
  }

  @Post('wallets/:seniorId/donations')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'grantDonation', summary: 'Grants charity to a senior, or takes back what was not eaten' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: purseAnswer })
  donation(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @IdempotencyKey() key: string, @Body({ schema: donationGrantRequest }) request: DonationGrantRequest): Promise<PurseAnswer> {
    return this.gifts.donation(staff, seniorId, key, request);
  }

  @Post('wallets/:seniorId/points')
  @HttpCode(200)
  @Access('street', 'attendant')
  @ApiOperation({ operationId: 'movePoints', summary: 'Grants points, or uses them for a service' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiResponse({ status: 200, standardSchema: purseAnswer })
  pointsOf(@CurrentStaff() staff: StaffIdentity, @Param('seniorId', ParseUUIDPipe) seniorId: string, @IdempotencyKey() key: string, @Body({ schema: pointsRequest }) request: PointsRequest): Promise<PurseAnswer> {
    return this.gifts.points(staff, seniorId, key, request);
  }

  @Get('wallet-movements')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listWalletMovements', summary: 'Own money of all seniors: opening, in, out, closing' })
  @ApiResponse({ status: 200, standardSchema: walletMovementsAnswer })
  async movementList(@CurrentStaff() staff: StaffIdentity, @Query({ schema: walletMovementsQuery }) query: WalletMovementsQuery): Promise<WalletMovementsAnswer> {
    return this.movements.list(query, await this.points.narrowed(staff, query.pointId), query);
  }

  @Get('wallet-movements.xlsx')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'exportWalletMovements', summary: 'Wallet movements as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async movementFile(@CurrentStaff() staff: StaffIdentity, @Query({ schema: walletMovementsFileQuery }) query: WalletMovementsFilter): Promise<StreamableFile> {
    const answer = await this.movements.list(query, await this.points.narrowed(staff, query.pointId), { page: 1, size: EXPORT_MOST });
    return fileAnswer(await this.sheets.movements(answer, query, staff));
  }

  @Get('gift-movements')
  @Access('street', 'finance', 'administrator', 'auditor', 'attendant')
  @ApiOperation({ operationId: 'listGiftMovements', summary: 'Charity or points: given, granted, used, returned' })
  @ApiResponse({ status: 200, standardSchema: giftMovementsAnswer })
  async giftList(@CurrentStaff() staff: StaffIdentity, @Query({ schema: giftMovementsQuery }) query: GiftMovementsQuery): Promise<GiftMovementsAnswer> {
    return this.giftMovements.list(query, await this.points.points(staff), staff.scopeKind === 'street' ? staff.scopeId : null);
  }

  @Get('donation-fund')
  @Access('street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'donationFund', summary: 'What charity holds and has granted' })
  @ApiResponse({ status: 200, standardSchema: donationFundAnswer })
  fund(@CurrentStaff() staff: StaffIdentity): Promise<DonationFundAnswer> {
    return this.settings.fund(staff);
  }

  @Post('donation-fund')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'receiveDonation', summary: 'A gift that arrived at the bank; its reference enters once' })
  @ApiResponse({ status: 200, standardSchema: donationFundAnswer })
  gift(@CurrentStaff() staff: StaffIdentity, @Body({ schema: donationGiftRequest }) request: DonationGiftRequest): Promise<DonationFundAnswer> {
    return this.gifts.give(staff, request);
  }

  @Get('stored-value-settings')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'storedValueSettings', summary: 'The street’s decisions on refunds and drawers' })
  @ApiResponse({ status: 200, standardSchema: storedValueSettingsAnswer })
  readSettings(@CurrentStaff() staff: StaffIdentity): Promise<StoredValueSettingsAnswer> {
    return this.settings.read(staff);
  }

  @Put('stored-value-settings')
  @Access('street')
  @ApiOperation({ operationId: 'setStoredValueSettings', summary: 'Changes how refunds are valued and which differences need two people' })
  @ApiResponse({ status: 200, standardSchema: storedValueSettingsAnswer })
  changeSettings(@CurrentStaff() staff: StaffIdentity, @Body({ schema: storedValueSettings }) request: WantedSettings): Promise<StoredValueSettingsAnswer> {
    return this.settings.change(staff, request);
  }
}
