import { Controller, Get, Param, ParseUUIDPipe, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  financeChoicesAnswer, financeMealsAnswer, financeMealsFileQuery, financeMealsQuery, mealProofAnswer, subsidyReportAnswer, subsidyReportQuery,
  type FinanceChoicesAnswer, type FinanceMealsAnswer, type FinanceMealsFileQuery, type FinanceMealsQuery, type MealProofAnswer,
  type SubsidyReportAnswer, type SubsidyReportQuery,
} from '../../contract/finance.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { PointScope } from '../sites/index.js';
import { fileAnswer, XLSX } from '../../infra/sheets/file-answer.js';
import { FinanceExports } from './finance-exports.js';
import { FinanceScopes } from './finance-scopes.js';
import { MealLists } from './meal-list.query.js';
import { MealProofs } from './meal-proof.query.js';
import { SubsidyReports } from './subsidy-report.query.js';

/** What meals cost, who paid, and the proof of each. Contractors see the meals of their own operator only. */
@Controller('finance')
export class FinanceController {
  constructor(
    private readonly scopes: FinanceScopes, private readonly reports: SubsidyReports, private readonly meals: MealLists,
    private readonly proofs: MealProofs, private readonly exports: FinanceExports, private readonly points: PointScope,
  ) {}

  @Get('subsidy')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'reportSubsidy', summary: 'Subsidy by day, point, operator, age tier, category or payer' })
  @ApiResponse({ status: 200, standardSchema: subsidyReportAnswer })
  async subsidy(@Query({ schema: subsidyReportQuery }) query: SubsidyReportQuery, @CurrentStaff() staff: StaffIdentity): Promise<SubsidyReportAnswer> {
    return this.reports.report(query, await this.scopes.scopeOf(staff, query));
  }

  @Get('subsidy.xlsx')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'exportSubsidy', summary: 'The subsidy report as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async subsidyFile(@Query({ schema: subsidyReportQuery }) query: SubsidyReportQuery, @CurrentStaff() staff: StaffIdentity): Promise<StreamableFile> {
    return fileAnswer(await this.exports.subsidy(query, await this.scopes.scopeOf(staff, query), staff));
  }

  @Get('choices')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'listFinanceChoices', summary: 'What the filters of finance pages can be set to' })
  @ApiResponse({ status: 200, standardSchema: financeChoicesAnswer })
  async choices(@CurrentStaff() staff: StaffIdentity): Promise<FinanceChoicesAnswer> {
    return this.meals.choices(await this.scopes.scopeOf(staff));
  }

  @Get('meals')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'listFinanceMeals', summary: 'The meals and reversals behind a figure' })
  @ApiResponse({ status: 200, standardSchema: financeMealsAnswer })
  async mealList(@Query({ schema: financeMealsQuery }) query: FinanceMealsQuery, @CurrentStaff() staff: StaffIdentity): Promise<FinanceMealsAnswer> {
    return this.meals.list(query, await this.scopes.scopeOf(staff, query));
  }

  @Get('meals.xlsx')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'exportFinanceMeals', summary: 'The meals behind a figure as a spreadsheet' })
  @ApiProduces(XLSX)
  @ApiResponse({ status: 200, description: 'The file' })
  async mealFile(@Query({ schema: financeMealsFileQuery }) query: FinanceMealsFileQuery, @CurrentStaff() staff: StaffIdentity): Promise<StreamableFile> {
    return fileAnswer(await this.exports.mealList(query, await this.scopes.scopeOf(staff, query), staff));
  }

  @Get('meals/:mealId')
  @Access('finance', 'street', 'administrator', 'auditor', 'contractor')
  @ApiOperation({ operationId: 'proveMeal', summary: 'One meal with its rule, payers, policy version, ledger entries and proof' })
  @ApiResponse({ status: 200, standardSchema: mealProofAnswer })
  async proof(@Param('mealId', ParseUUIDPipe) mealId: string, @CurrentStaff() staff: StaffIdentity): Promise<MealProofAnswer> {
    const proof = await this.proofs.proof(mealId, await this.scopes.scopeOf(staff));
    return proof ?? this.points.refuse(staff, 'meal', mealId);
  }
}
