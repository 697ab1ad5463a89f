import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { doneAnswer, type DoneAnswer } from '../../contract/access.js';
import {
  checkPolicyAnswer, checkPolicyRequest, createPolicyRequest, importPolicyRequest, policyDetailAnswer, policyIdAnswer, policyListAnswer, policyStepRequest,
  savePolicyRequest, type CheckPolicyAnswer, type CheckPolicyRequest, type CreatePolicyRequest, type ImportPolicyRequest, type PolicyDetailAnswer,
  type PolicyIdAnswer, type PolicyListAnswer, type PolicyStepRequest, type SavePolicyRequest,
} from '../../contract/policy-editor.js';
import { Clock } from '../../infra/clock/clock.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { EditPolicy } from './edit-policy.js';
import { Policies } from './policies.query.js';
import { PolicyScope } from './policy-scope.js';
import { PublishPolicy } from './publish-policy.js';
import { tryPolicy } from './try-policy.js';

/** A street's policies: read by many, written by street and finance, published by a second person. */
@Controller('policies')
export class PoliciesController {
  constructor(
    private readonly policies: Policies, private readonly edit: EditPolicy, private readonly publishing: PublishPolicy, private readonly scope: PolicyScope,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'listPolicies', summary: 'Published versions, proposals and drafts of the street' })
  @ApiResponse({ status: 200, standardSchema: policyListAnswer })
  list(@CurrentStaff() staff: StaffIdentity): Promise<PolicyListAnswer> {
    return this.policies.list(staff);
  }

  @Post()
  @HttpCode(201)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'createPolicy', summary: 'A new draft of one’s own' })
  @ApiResponse({ status: 201, standardSchema: policyIdAnswer })
  async create(@Body({ schema: createPolicyRequest }) body: CreatePolicyRequest, @CurrentStaff() staff: StaffIdentity): Promise<PolicyIdAnswer> {
    return { policyId: await this.edit.create(staff, body) };
  }

  @Post('check')
  @HttpCode(200)
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'checkPolicy', summary: 'What is wrong with rules, what ages pay, whether test cases pass; stores nothing' })
  @ApiResponse({ status: 200, standardSchema: checkPolicyAnswer })
  async check(@Body({ schema: checkPolicyRequest }) body: CheckPolicyRequest, @CurrentStaff() staff: StaffIdentity): Promise<CheckPolicyAnswer> {
    const { area } = await this.scope.streetOf(staff);
    return tryPolicy(body.rules, body.testCases, body.previewGrossFen, { area, today: this.clock.today() });
  }

  @Post('import')
  @HttpCode(201)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'importPolicy', summary: 'A draft from an exported file; refused with row and reason' })
  @ApiResponse({ status: 201, standardSchema: policyIdAnswer })
  async import(@Body({ schema: importPolicyRequest }) body: ImportPolicyRequest, @CurrentStaff() staff: StaffIdentity): Promise<PolicyIdAnswer> {
    return { policyId: await this.edit.import(staff, body.text) };
  }

  @Get(':policyId')
  @Access('finance', 'street', 'supervisor', 'auditor')
  @ApiOperation({ operationId: 'readPolicy', summary: 'One policy with rules, test cases, rehearsal, comparison and audit lines' })
  @ApiResponse({ status: 200, standardSchema: policyDetailAnswer })
  detail(@Param('policyId', ParseUUIDPipe) policyId: string, @CurrentStaff() staff: StaffIdentity): Promise<PolicyDetailAnswer> {
    return this.policies.detail(staff, policyId);
  }

  @Put(':policyId')
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'savePolicy', summary: 'Save one’s own draft' })
  @ApiResponse({ status: 200, standardSchema: policyDetailAnswer })
  async save(
    @Param('policyId', ParseUUIDPipe) policyId: string, @Body({ schema: savePolicyRequest }) body: SavePolicyRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PolicyDetailAnswer> {
    await this.edit.save(staff, policyId, body);
    return this.policies.detail(staff, policyId);
  }

  @Delete(':policyId')
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'deletePolicy', summary: 'Throw one’s own draft away' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async remove(@Param('policyId', ParseUUIDPipe) policyId: string, @CurrentStaff() staff: StaffIdentity): Promise<DoneAnswer> {
    await this.edit.remove(staff, policyId);
    return { done: true };
  }

  @Post(':policyId/propose')
  @HttpCode(200)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'proposePolicy', summary: 'Ask for a second person; its test cases must pass' })
  @ApiResponse({ status: 200, standardSchema: policyDetailAnswer })
  async propose(
    @Param('policyId', ParseUUIDPipe) policyId: string, @Body({ schema: policyStepRequest }) body: PolicyStepRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PolicyDetailAnswer> {
    await this.publishing.propose(staff, policyId, body);
    return this.policies.detail(staff, policyId);
  }

  @Post(':policyId/return')
  @HttpCode(200)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'returnPolicy', summary: 'Send a proposal back to its author' })
  @ApiResponse({ status: 200, standardSchema: policyDetailAnswer })
  async takeBack(
    @Param('policyId', ParseUUIDPipe) policyId: string, @Body({ schema: policyStepRequest }) body: PolicyStepRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PolicyDetailAnswer> {
    await this.publishing.takeBack(staff, policyId, body);
    return this.policies.detail(staff, policyId);
  }

  @Post(':policyId/publish')
  @HttpCode(200)
  @Access('finance', 'street')
  @ApiOperation({ operationId: 'publishPolicy', summary: 'Publish another person’s rehearsed proposal' })
  @ApiResponse({ status: 200, standardSchema: policyDetailAnswer })
  async publish(
    @Param('policyId', ParseUUIDPipe) policyId: string, @Body({ schema: policyStepRequest }) body: PolicyStepRequest, @CurrentStaff() staff: StaffIdentity,
  ): Promise<PolicyDetailAnswer> {
    await this.publishing.publish(staff, policyId, body);
    return this.policies.detail(staff, policyId);
  }
}
