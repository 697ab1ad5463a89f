import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  askMergeUndoRequest, decideMergeAnswer, decideMergeRequest, duplicatesAnswer, mergeAnswer, mergeRequest, mergesAnswer,
  type AskMergeUndoRequest, type DecideMergeAnswer, type DecideMergeRequest, type DuplicatesAnswer, type MergeAnswer, type MergeRequest, type MergesAnswer,
} from '../../../contract/life-events.js';
import { pathId } from '../../../contract/seniors.js';
import { Access } from '../../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../../infra/http/actor.js';
import { MergeCases } from './merge-cases.js';
import { MergeLists } from './merge-lists.query.js';

/** Two records of one person: found, proposed by one, decided by another, taken back by two. */
@ApiTags('life-events')
@Controller()
export class MergesController {
  constructor(private readonly cases: MergeCases, private readonly lists: MergeLists) {}

  @Get('person-duplicates')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listPersonDuplicates', summary: 'Records that look like one person' })
  @ApiResponse({ status: 200, standardSchema: duplicatesAnswer })
  duplicates(@CurrentActor() actor: Actor): Promise<DuplicatesAnswer> {
    return this.lists.duplicates(actor);
  }

  @Post('seniors/:seniorId/merge')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'mergeSenior', summary: 'Proposes that this record was the same person as another one' })
  @ApiResponse({ status: 200, standardSchema: mergeAnswer })
  propose(
    @Param('seniorId', { schema: pathId }) seniorId: string, @Body({ schema: mergeRequest }) request: MergeRequest, @CurrentActor() actor: Actor,
  ): Promise<MergeAnswer> {
    return this.cases.propose(seniorId, request, actor);
  }

  @Get('person-merges')
  @Access('administrator', 'street', 'auditor')
  @ApiOperation({ operationId: 'listPersonMerges', summary: 'Merges proposed, decided and taken back' })
  @ApiResponse({ status: 200, standardSchema: mergesAnswer })
  list(@CurrentActor() actor: Actor): Promise<MergesAnswer> {
    return this.lists.merges(actor);
  }

  @Post('person-merges/:mergeId/decision')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'decideMerge', summary: 'Another person merges, or refuses' })
  @ApiResponse({ status: 200, standardSchema: decideMergeAnswer })
  decide(
    @Param('mergeId', { schema: pathId }) mergeId: string, @Body({ schema: decideMergeRequest }) request: DecideMergeRequest, @CurrentActor() actor: Actor,
  ): Promise<DecideMergeAnswer> {
    return this.cases.decide(mergeId, request, actor);
  }

  @Post('person-merges/:mergeId/undo')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'askMergeUndo', summary: 'Asks to take a merge back' })
  @ApiResponse({ status: 200, standardSchema: mergeAnswer })
  askUndo(
    @Param('mergeId', { schema: pathId }) mergeId: string, @Body({ schema: askMergeUndoRequest }) request: AskMergeUndoRequest, @CurrentActor() actor: Actor,
  ): Promise<MergeAnswer> {
    return this.cases.askUndo(mergeId, request, actor);
  }

  @Post('person-merges/:mergeId/undo/decision')
  @HttpCode(200)
  @Access('street')
  @ApiOperation({ operationId: 'decideMergeUndo', summary: 'Another person takes the merge back, or refuses' })
  @ApiResponse({ status: 200, standardSchema: decideMergeAnswer })
  decideUndo(
    @Param('mergeId', { schema: pathId }) mergeId: string, @Body({ schema: decideMergeRequest }) request: DecideMergeRequest, @CurrentActor() actor: Actor,
  ): Promise<DecideMergeAnswer> {
    return this.cases.decideUndo(mergeId, request, actor);
  }
}
