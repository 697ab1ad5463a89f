import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  addPaperAnswer, addPaperRequest, createOperatorAnswer, createOperatorRequest, decidePaperRequest, operatorDetail, operatorListAnswer, setPointKindRequest,
  type AddPaperAnswer, type AddPaperRequest, type CreateOperatorRequest, type DecidePaperRequest, type OperatorDetail, type OperatorListAnswer, type SetPointKindRequest,
} from '../../contract/operators.js';
import { doneAnswer, pathId } from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { ChangePapers } from './change-papers.js';
import { OperatorLists } from './operator-list.query.js';

/** Operators, their contracts, licences and bank accounts with dates; the kinds of their points. */
@ApiTags('operators')
@Controller('operators')
export class OperatorsController {
  constructor(private readonly lists: OperatorLists, private readonly change: ChangePapers) {}

  @Get()
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'listOperators', summary: 'Operators of the street and how they stand today' })
  @ApiResponse({ status: 200, standardSchema: operatorListAnswer })
  list(@CurrentActor() actor: Actor): Promise<OperatorListAnswer> {
    return this.lists.list(actor);
  }

  @Get(':operatorId')
  @Access('administrator', 'street', 'finance', 'auditor')
  @ApiOperation({ operationId: 'readOperator', summary: 'An operator with every version of its papers' })
  @ApiResponse({ status: 200, standardSchema: operatorDetail })
  read(@Param('operatorId', { schema: pathId }) operatorId: string, @CurrentActor() actor: Actor): Promise<OperatorDetail> {
    return this.lists.detail(operatorId, actor);
  }

  @Post()
  @Access('street')
  @ApiOperation({ operationId: 'createOperator', summary: 'Register an operator with its first contract and licence' })
  @ApiResponse({ status: 201, standardSchema: createOperatorAnswer })
  create(@Body({ schema: createOperatorRequest }) request: CreateOperatorRequest, @CurrentActor() actor: Actor): Promise<{ operatorId: string }> {
    return this.change.create(request, actor);
  }

  @Post(':operatorId/papers')
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'addOperatorPaper', summary: 'Append a version of a contract, licence or bank account' })
  @ApiResponse({ status: 201, standardSchema: addPaperAnswer })
  add(
    @Param('operatorId', { schema: pathId }) operatorId: string, @Body({ schema: addPaperRequest }) request: AddPaperRequest, @CurrentActor() actor: Actor,
  ): Promise<AddPaperAnswer> {
    return this.change.add(operatorId, request, actor);
  }

  @Post(':operatorId/papers/:paperId/decision')
  @HttpCode(200)
  @Access('street', 'finance')
  @ApiOperation({ operationId: 'decideOperatorPaper', summary: 'A second person approves or refuses a bank account' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  decide(
    @Param('operatorId', { schema: pathId }) operatorId: string, @Param('paperId', { schema: pathId }) paperId: string,
    @Body({ schema: decidePaperRequest }) request: DecidePaperRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.change.decide(operatorId, paperId, request, actor);
  }

  @Put(':operatorId/points/:pointId')
  @Access('street')
  @ApiOperation({ operationId: 'setPointKind', summary: 'What kind of place a point is and how its meals come about' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  pointKind(
    @Param('operatorId', { schema: pathId }) operatorId: string, @Param('pointId', { schema: pathId }) pointId: string,
    @Body({ schema: setPointKindRequest }) request: SetPointKindRequest, @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.change.setPointKind(operatorId, pointId, request, actor);
  }
}
