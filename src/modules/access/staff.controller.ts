import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changeScopeRequest, createStaffRequest, doneAnswer, scopeChoicesAnswer, staffListAnswer, staffListQuery, staffReasonRequest, temporaryPasswordAnswer,
  type ChangeScopeRequest, type CreateStaffRequest, type DoneAnswer, type ScopeChoicesAnswer, type StaffListAnswer, type StaffListQuery,
  type StaffReasonRequest, type TemporaryPasswordAnswer,
} from '../../contract/access.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, RequestId, type StaffIdentity } from '../../infra/http/request-context.js';
import { ChangeScope } from './change-scope.js';
import { CreateStaff } from './create-staff.js';
import { ResetPassword } from './reset-password.js';
import { ScopeQuery } from './scope.query.js';
import { SetStaffActive } from './set-staff-active.js';
import { StaffRegisterQuery } from './staff-register.query.js';

const staffIdParam = { schema: z.guid() };

/** Administration of people: nobody else reaches these routes. */
@Controller('staff')
export class StaffController {
  constructor(
    private readonly register: StaffRegisterQuery,
    private readonly scopes: ScopeQuery,
    private readonly createStaff: CreateStaff,
    private readonly setActive: SetStaffActive,
    private readonly resetPasswordOf: ResetPassword,
    private readonly changeScopeOf: ChangeScope,
  ) {}

  @Get()
  @Access('administrator')
  @ApiOperation({ operationId: 'listStaff', summary: 'Staff of the street' })
  @ApiResponse({ status: 200, standardSchema: staffListAnswer })
  async list(@CurrentStaff() staff: StaffIdentity, @Query({ schema: staffListQuery }) query: StaffListQuery): Promise<StaffListAnswer> {
    return this.register.list(await this.scopes.streetsOf(staff.scopeKind, staff.scopeId), query);
  }

  @Get('scopes')
  @Access('administrator')
  @ApiOperation({ operationId: 'listScopeChoices', summary: 'What a staff member can be limited to' })
  @ApiResponse({ status: 200, standardSchema: scopeChoicesAnswer })
  async choices(@CurrentStaff() staff: StaffIdentity): Promise<ScopeChoicesAnswer> {
    const streets = await this.scopes.streetsOf(staff.scopeKind, staff.scopeId);
    const lists = await Promise.all(streets.map((street) => this.scopes.choicesIn(street)));
    return { choices: lists.flat() };
  }

  @Post()
  @HttpCode(201)
  @Access('administrator')
  @ApiOperation({ operationId: 'createStaff', summary: 'Add a person; answers a temporary password once' })
  @ApiResponse({ status: 201, standardSchema: temporaryPasswordAnswer })
  create(@CurrentStaff() staff: StaffIdentity, @Body({ schema: createStaffRequest }) body: CreateStaffRequest, @RequestId() requestId: string): Promise<TemporaryPasswordAnswer> {
    return this.createStaff.execute(staff, body, requestId);
  }

  @Post(':staffId/disable')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'disableStaff', summary: 'Disable a person; their sessions end at once' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async disable(@CurrentStaff() staff: StaffIdentity, @Param('staffId', staffIdParam) staffId: string, @Body({ schema: staffReasonRequest }) body: StaffReasonRequest, @RequestId() requestId: string): Promise<DoneAnswer> {
    await this.setActive.execute(staff, { staffId, active: false, reason: body.reason, requestId });
    return { done: true };
  }

  @Post(':staffId/enable')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'enableStaff', summary: 'Enable a disabled person' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async enable(@CurrentStaff() staff: StaffIdentity, @Param('staffId', staffIdParam) staffId: string, @Body({ schema: staffReasonRequest }) body: StaffReasonRequest, @RequestId() requestId: string): Promise<DoneAnswer> {
    await this.setActive.execute(staff, { staffId, active: true, reason: body.reason, requestId });
    return { done: true };
  }

  @Post(':staffId/reset-password')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'resetPassword', summary: 'Give a temporary password; sessions end at once' })
  @ApiResponse({ status: 200, standardSchema: temporaryPasswordAnswer })
  resetPassword(@CurrentStaff() staff: StaffIdentity, @Param('staffId', staffIdParam) staffId: string, @Body({ schema: staffReasonRequest }) body: StaffReasonRequest, @RequestId() requestId: string): Promise<TemporaryPasswordAnswer> {
    return this.resetPasswordOf.execute(staff, { staffId, reason: body.reason, requestId });
  }

  @Post(':staffId/scope')
  @HttpCode(200)
  @Access('administrator')
  @ApiOperation({ operationId: 'changeScope', summary: 'Change role and scope; sessions end at once' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async changeScope(@CurrentStaff() staff: StaffIdentity, @Param('staffId', staffIdParam) staffId: string, @Body({ schema: changeScopeRequest }) body: ChangeScopeRequest, @RequestId() requestId: string): Promise<DoneAnswer> {
    await this.changeScopeOf.execute(staff, staffId, body, requestId);
    return { done: true };
  }
}
