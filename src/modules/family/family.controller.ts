import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { familyTodayAnswer, type FamilyTodayAnswer } from '../../contract/family.js';
import { takenNutritionAnswer, type TakenNutritionAnswer } from '../../contract/nutrition.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ReadFamilyToday } from './read-family-today.js';

@ApiTags('family')
@Controller('family')
export class FamilyController {
  constructor(private readonly readFamilyToday: ReadFamilyToday) {}

  @Get('nutrition')
  @Access('family')
  @ApiOperation({ operationId: 'familyNutrition', summary: 'What the lunches of the last 30 days held, from what was taken' })
  @ApiResponse({ status: 200, standardSchema: takenNutritionAnswer })
  nutrition(@CurrentStaff() staff: StaffIdentity): Promise<TakenNutritionAnswer> {
    return this.readFamilyToday.nutrition(staff);
  }

  @Get('today')
  @Access('family')
  @ApiOperation({ operationId: 'familyToday', summary: 'Whether the own senior has eaten, and the last 30 days' })
  @ApiResponse({ status: 200, standardSchema: familyTodayAnswer })
  today(@CurrentStaff() staff: StaffIdentity): Promise<FamilyTodayAnswer> {
    return this.readFamilyToday.execute(staff);
  }
}
