import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  askUndoRequest, decideUndoAnswer, decideUndoRequest, letterAnswer, lifeEventAnswer, lifeEventPreview, lifeEventRequest, lifeEventsAnswer,
  namePayeeRequest, type AskUndoRequest, type DecideUndoAnswer, type DecideUndoRequest, type LetterAnswer, type LifeEventAnswer,
  type LifeEventPreview, type LifeEventRequest, type LifeEventsAnswer, type NamePayeeRequest,
} from '../../contract/life-events.js';
import { doneAnswer, pathId } from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { LetterQuery } from './letter.query.js';
import { LifeEventList } from './life-event-list.query.js';
import { NamePayee } from './name-payee.js';
import { RecordLifeEvent } from './record-life-event.js';
import { UndoLifeEvent } from './undo-life-event.js';

/** What happened in a person's life, what it stopped, and how a wrong report is taken back. */
@ApiTags('life-events')
@Controller()
export class LifeEventsController {
  constructor(
    private readonly list: LifeEventList,
    private readonly recordEvent: RecordLifeEvent,
    private readonly undo: UndoLifeEvent,
    private readonly letter: LetterQuery,
    private readonly namePayee: NamePayee,
  ) {}

  @Get('seniors/:seniorId/life-events')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listLifeEvents', summary: 'A person’s events with their effects, stays, last sign of life' })
  @ApiResponse({ status: 200, standardSchema: lifeEventsAnswer })
  of(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<LifeEventsAnswer> {
    return this.list.of(seniorId, actor);
  }

  @Post('seniors/:seniorId/life-events/preview')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'previewLifeEvent', summary: 'What the event would stop and start; changes nothing' })
  @ApiResponse({ status: 200, standardSchema: lifeEventPreview })
  preview(
    @Param('seniorId', { schema: pathId }) seniorId: string, @Body({ schema: lifeEventRequest }) request: LifeEventRequest, @CurrentActor() actor: Actor,
  ): Promise<LifeEventPreview> {
    return this.recordEvent.preview(seniorId, request, actor);
  }

  @Post('seniors/:seniorId/life-events')
  @Access('street')
  @ApiOperation({ operationId: 'recordLifeEvent', summary: 'Record the event; everything that follows happens in the same transaction' })
  @ApiResponse({ status: 201, standardSchema: lifeEventAnswer })
  record(
    @Param('seniorId', { schema: pathId }) seniorId: string, @Body({ schema: lifeEventRequest }) request: LifeEventRequest, @CurrentActor() actor: Actor,
  ): Promise<LifeEventAnswer> {
    return this.recordEvent.execute(seniorId, request, actor);
  }

  @Post('life-events/:lifeEventId/undo')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'askUndoLifeEvent', summary: 'The event was reported by mistake; a second person decides' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  askUndo(
    @Param('lifeEventId', { schema: pathId }) eventId: string, @Body({ schema: askUndoRequest }) request: AskUndoRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.undo.ask(eventId, request, actor);
  }

  @Post('life-events/:lifeEventId/undo/decision')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'decideUndoLifeEvent', summary: 'The second person takes the event back, or leaves it' })
  @ApiResponse({ status: 200, standardSchema: decideUndoAnswer })
  decideUndo(
    @Param('lifeEventId', { schema: pathId }) eventId: string, @Body({ schema: decideUndoRequest }) request: DecideUndoRequest, @CurrentActor() actor: Actor,
  ): Promise<DecideUndoAnswer> {
    return this.undo.decide(eventId, request, actor);
  }

  @Get('life-events/:lifeEventId/letter')
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'lifeEventLetter', summary: 'The letter to the family, for print' })
  @ApiResponse({ status: 200, standardSchema: letterAnswer })
  readLetter(@Param('lifeEventId', { schema: pathId }) eventId: string, @CurrentActor() actor: Actor): Promise<LetterAnswer> {
    return this.letter.of(eventId, actor);
  }

  @Put('life-events/:lifeEventId/payee')
  @Access('street')
  @ApiOperation({ operationId: 'namePayee', summary: 'Who may receive the own money that was freed, with proof' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  payee(
    @Param('lifeEventId', { schema: pathId }) eventId: string, @Body({ schema: namePayeeRequest }) request: NamePayeeRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.namePayee.execute(eventId, request, actor);
  }
}
