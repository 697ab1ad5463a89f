import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  claimAnswer, claimListAnswer, claimListQuery, claimStepRequest, draftClaimRequest, payClaimRequest, returnClaimRequest, signClaimRequest,
  type ClaimAnswer, type ClaimListAnswer, type ClaimListQuery, type ClaimStepRequest, type DraftClaimRequest, type PayClaimRequest, type ReturnClaimRequest, type SignClaimRequest,
} from '../../../contract/finance-claims.js';
import { Access } from '../../../infra/http/access.decorator.js';
import { CurrentStaff, IdempotencyKey, type StaffIdentity } from '../../../infra/http/request-context.js';
import { PointScope } from '../../sites/index.js';
import { fileAnswer, XLSX } from '../../../infra/sheets/file-answer.js';
import { ClaimDetails } from './claim-detail.query.js';
import { ClaimHeads } from './claim-heads.query.js';
import { ClaimSteps } from './claim-steps.js';
import { ClaimStore } from './claim-store.js';
import { DraftClaim } from './draft-claim.js';
import { ExportClaim } from './export-claim.js';

/** Month claims of a street: reading, and the steps that lead from a draft to a payment. */
@Controller('finance/claims')
export class ClaimsController {
  constructor(
    private readonly store: ClaimStore, private readonly heads: ClaimHeads, private readonly details: ClaimDetails, private readonly draftClaim: DraftClaim,
    private readonly steps: ClaimSteps, private readonly exportClaim: ExportClaim, private readonly points: PointScope,
  ) {}

  @Get()
  @Access('finance', 'street', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'listClaims', summary: 'Each payer and operator of a month with its claim, and what waits for its money' })
  @ApiResponse({ status: 200, standardSchema: claimListAnswer })
  async list(@Query({ schema: claimListQuery }) query: ClaimListQuery, @CurrentStaff() staff: StaffIdentity): Promise<ClaimListAnswer> {
    return this.heads.list(await this.store.streetOf(staff), query.month);
  }

  @Post()
  @Access('finance')
  @HttpCode(200)
  @ApiOperation({ operationId: 'draftClaim', summary: 'Draft the claim of a payer or operator from the events of a month that has ended' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async draft(@Body({ schema: draftClaimRequest }) body: DraftClaimRequest, @CurrentStaff() staff: StaffIdentity): Promise<ClaimAnswer> {
    const { claimId } = await this.draftClaim.execute(staff, body);
    return this.answer(staff, claimId);
  }

  @Get(':claimId')
  @Access('finance', 'street', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'readClaim', summary: 'One claim with its sums, adjustments, papers, policies and signatures' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async read(@Param('claimId', ParseUUIDPipe) claimId: string, @CurrentStaff() staff: StaffIdentity): Promise<ClaimAnswer> {
    return this.answer(staff, claimId);
  }

  @Get(':claimId/file.xlsx')
  @Access('finance', 'street', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'exportClaim', summary: 'A claim with all its lines as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async file(@Param('claimId', ParseUUIDPipe) claimId: string, @CurrentStaff() staff: StaffIdentity): Promise<StreamableFile> {
    return fileAnswer(await this.exportClaim.execute(staff, claimId));
  }

  @Post(':claimId/check')
  @Access('finance', 'street')
  @HttpCode(200)
  @ApiOperation({ operationId: 'checkClaim', summary: 'Vouch for a draft as a second person, after meals and ledger were counted again' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async check(@Param('claimId', ParseUUIDPipe) claimId: string, @Body({ schema: claimStepRequest }) body: ClaimStepRequest, @CurrentStaff() staff: StaffIdentity): Promise<ClaimAnswer> {
    await this.steps.check.execute(staff, claimId, body.snapshotId);
    return this.answer(staff, claimId);
  }

  @Post(':claimId/signature')
  @Access('finance', 'street')
  @HttpCode(200)
  @ApiOperation({ operationId: 'signClaim', summary: 'Sign a checked claim; the second signature freezes it, with a reason where meals of operators without papers are on it' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async sign(@Param('claimId', ParseUUIDPipe) claimId: string, @Body({ schema: signClaimRequest }) body: SignClaimRequest, @CurrentStaff() staff: StaffIdentity): Promise<ClaimAnswer> {
    await this.steps.sign.execute(staff, claimId, body);
    return this.answer(staff, claimId);
  }

  @Post(':claimId/return')
  @Access('finance', 'street')
  @HttpCode(200)
  @ApiOperation({ operationId: 'returnClaim', summary: 'Send a claim that is not frozen back to its maker, with a reason' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async giveBack(@Param('claimId', ParseUUIDPipe) claimId: string, @Body({ schema: returnClaimRequest }) body: ReturnClaimRequest, @CurrentStaff() staff: StaffIdentity): Promise<ClaimAnswer> {
    await this.steps.giveBack.execute(staff, claimId, body);
    return this.answer(staff, claimId);
  }

  @Post(':claimId/payment')
  @Access('finance')
  @HttpCode(200)
  @ApiOperation({ operationId: 'payClaim', summary: 'Record that a frozen claim was paid, with the reference of the bank' })
  @ApiResponse({ status: 200, standardSchema: claimAnswer })
  async pay(
    @Param('claimId', ParseUUIDPipe) claimId: string, @Body({ schema: payClaimRequest }) body: PayClaimRequest, @IdempotencyKey() key: string,
    @CurrentStaff() staff: StaffIdentity,
  ): Promise<ClaimAnswer> {
    await this.steps.pay.execute(staff, key, claimId, body);
    return this.answer(staff, claimId);
  }

  private async answer(staff: StaffIdentity, claimId: string): Promise<ClaimAnswer> {
    const found = await this.details.claim(await this.store.streetOf(staff), claimId);
    return found?.answer ?? this.points.refuse(staff, 'claim', claimId);
  }
}
