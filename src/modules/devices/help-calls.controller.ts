import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { helpCallsAnswer, takenHelpCallAnswer, type HelpCallsAnswer, type TakenHelpCallAnswer } from '../../contract/help-calls.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { deskPointOf } from '../../infra/http/desk-point.js';
import { HelpCalls } from './help-calls.js';

/** Who stands before a kiosk of the point and waits for a person. */
@ApiTags('desk')
@Controller('desk/help-calls')
export class HelpCallsController {
  constructor(private readonly helpCalls: HelpCalls) {}

  @Get()
  @Access('attendant')
  @ApiOperation({ operationId: 'listHelpCalls', summary: 'Calls from the kiosks of the own point that nobody has gone to yet' })
  @ApiResponse({ status: 200, standardSchema: helpCallsAnswer })
  open(@CurrentActor() actor: Actor): Promise<HelpCallsAnswer> {
    return this.helpCalls.openAt(deskPointOf(actor.staff));
  }

  @Post(':helpCallId/take')
  @HttpCode(200)
  @Access('attendant')
  @ApiOperation({ operationId: 'takeHelpCall', summary: 'Says that one goes to whoever called from a kiosk' })
  @ApiResponse({ status: 200, standardSchema: takenHelpCallAnswer })
  take(@CurrentActor() actor: Actor, @Param('helpCallId', ParseUUIDPipe) helpCallId: string): Promise<TakenHelpCallAnswer> {
    return this.helpCalls.take(deskPointOf(actor.staff), helpCallId, actor);
  }
}
