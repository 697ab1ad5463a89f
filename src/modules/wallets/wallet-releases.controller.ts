import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  moneyRequestAnswer, payReleaseRequest, walletReleasesAnswer, walletReleasesQuery, type MoneyRequestAnswer, type PayReleaseRequest, type WalletReleasesAnswer,
  type WalletReleasesQuery,
} from '../../contract/wallets.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { AskMoneyRequest } from './ask-money-request.js';
import { WalletReleaseList } from './wallet-release-list.query.js';

/** Own money freed by a death, a move or a merge, on its way to whoever may have it. */
@ApiTags('wallets')
@Controller('wallet-releases')
export class WalletReleasesController {
  constructor(private readonly releases: WalletReleaseList, private readonly asking: AskMoneyRequest) {}

  @Get()
  @Access('street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listWalletReleases', summary: 'Freed balances, their payees and payouts' })
  @ApiResponse({ status: 200, standardSchema: walletReleasesAnswer })
  list(@CurrentStaff() staff: StaffIdentity, @Query({ schema: walletReleasesQuery }) query: WalletReleasesQuery): Promise<WalletReleasesAnswer> {
    return this.releases.list(staff, query);
  }

  @Post(':releaseId/payout-requests')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'askReleasePayout', summary: 'Asks for the payout to the payee with proof; another person of finance lets it happen' })
  @ApiResponse({ status: 200, standardSchema: moneyRequestAnswer })
  ask(@CurrentStaff() staff: StaffIdentity, @Param('releaseId', ParseUUIDPipe) releaseId: string, @Body({ schema: payReleaseRequest }) request: PayReleaseRequest): Promise<MoneyRequestAnswer> {
    return this.asking.release(staff, releaseId, request);
  }
}
