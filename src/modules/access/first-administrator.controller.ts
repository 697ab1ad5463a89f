import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { createFirstAdministratorRequest, doneAnswer, type CreateFirstAdministratorRequest, type DoneAnswer } from '../../contract/access.js';
import { PublicRoute } from '../../infra/http/access.decorator.js';
import type { AppRequest } from '../../infra/http/request-context.js';
import { CreateFirstAdministrator } from './create-first-administrator.js';
import { networkPlace } from './login-throttle.js';

@Controller('first-administrator')
export class FirstAdministratorController {
  constructor(private readonly createFirst: CreateFirstAdministrator) {}

  @Post()
  @HttpCode(200)
  @PublicRoute()
  @ApiOperation({ operationId: 'createFirstAdministrator', summary: 'Create the first administrator of an empty installation from the one-time code' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  async create(@Body({ schema: createFirstAdministratorRequest }) body: CreateFirstAdministratorRequest, @Req() request: AppRequest): Promise<DoneAnswer> {
    await this.createFirst.execute(body, networkPlace(request.ip), request.requestId);
    return { done: true };
  }
}
