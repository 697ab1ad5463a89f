import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  policyRunListAnswer, policyRunSchema, rehearsedPersonAnswer, startRunRequest, type PolicyRunAnswer, type PolicyRunListAnswer, type RehearsedPersonAnswer,
  type StartRunRequest,
} from '../../contract/policy-editor.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { PolicyRuns } from './policy-runs.query.js';
import { StartPolicyRun } from './start-policy-run.js';

/** Rehearsals of policies and replays of months: computed, shown, never posted. */
@Controller()
export class PolicyRunsController {
  constructor(private readonly start: StartPolicyRun, private readonly runs: PolicyRuns) {}

  @Post('policies/:policyId/rehearsals')
  @HttpCode(202)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'rehearsePolicy', summary: 'Price a past month’s real meals by these rules' })
  @ApiResponse({ status: 202, standardSchema: policyRunSchema })
  async rehearse(
    @Param('policyId', ParseUUIDPipe) policyId: string, @Body({ schema: startRunRequest }) body: StartRunRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PolicyRunAnswer> {
    return this.runs.run(staff, await this.start.execute(staff, policyId, body.month));
  }

  @Post('policy-runs/replays')
  @HttpCode(202)
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'replayMonth', summary: 'Price every meal of a month again under the rules of its day' })
  @ApiResponse({ status: 202, standardSchema: policyRunSchema })
  async replay(@Body({ schema: startRunRequest }) body: StartRunRequest, @CurrentStaff() staff: StaffIdentity): Promise<PolicyRunAnswer> {
    return this.runs.run(staff, await this.start.execute(staff, null, body.month));
  }

  @Get('policy-runs/replays')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listReplays', summary: 'The newest replays of the street' })
  @ApiResponse({ status: 200, standardSchema: policyRunListAnswer })
  async replays(@CurrentStaff() staff: StaffIdentity): Promise<PolicyRunListAnswer> {
    return { rows: await this.runs.replays(staff) };
  }

  @Get('policy-runs/:policyRunId')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readPolicyRun', summary: 'Progress and result of a rehearsal or replay' })
  @ApiResponse({ status: 200, standardSchema: policyRunSchema })
  run(@Param('policyRunId', ParseUUIDPipe) policyRunId: string, @CurrentStaff() staff: StaffIdentity): Promise<PolicyRunAnswer> {
    return this.runs.run(staff, policyRunId);
  }

  @Get('policy-runs/:policyRunId/people/:personCode')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readRehearsedPerson', summary: 'One person’s meals of a rehearsed month: paid, and under the rules' })
  @ApiResponse({ status: 200, standardSchema: rehearsedPersonAnswer })
  person(
    @Param('policyRunId', ParseUUIDPipe) policyRunId: string, @Param('personCode', ParseUUIDPipe) personCode: string, @CurrentStaff() staff: StaffIdentity,
  ): Promise<RehearsedPersonAnswer> {
    return this.runs.person(staff, policyRunId, personCode);
  }
}
