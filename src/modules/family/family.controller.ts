import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { familyTodayAnswer, type FamilyTodayAnswer } from '../../contract/family.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ReadFamilyToday } from './read-family-today.js';

@ApiTags('family')
@Controller('family')
export class FamilyController {
  constructor(private readonly readFamilyToday: ReadFamilyToday) {}

  @Get('today')
  @Access('family')
  @ApiOperation({ operationId: 'familyToday', summary: 'Whether the own senior has eaten, and the last 30 days' })
  @ApiResponse({ status: 200, standardSchema: familyTodayAnswer })
  today(@CurrentStaff() staff: StaffIdentity): Promise<FamilyTodayAnswer> {
    return this.readFamilyToday.execute(staff);
  }
}
