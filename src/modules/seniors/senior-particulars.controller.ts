import { Body, Controller, Delete, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  addCategoryAnswer, addCategoryRequest, addContactAnswer, addContactRequest, blockCardRequest, cardRefParam, doneAnswer,
  endCategoryRequest, issueCardAnswer, issueCardRequest, pathId, setContactMessagesRequest, setDietsRequest, setPinRequest,
  type AddCategoryRequest, type AddContactRequest, type BlockCardRequest, type EndCategoryRequest, type IssueCardRequest, type SetContactMessagesRequest, type SetDietsRequest, type SetPinRequest,
} from '../../contract/seniors.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { ChangeCards } from './change-cards.js';
import { ChangeContacts } from './change-contacts.js';
import { RecordCategory } from './record-category.js';
import { SeniorPins } from './senior-pins.js';
import { SetDiets } from './set-diets.js';

/** What hangs on one senior: categories, contacts, cards, secret, diets. */
@ApiTags('seniors')
@Controller('seniors/:seniorId')
export class SeniorParticularsController {
  constructor(
    private readonly categories: RecordCategory, private readonly contacts: ChangeContacts, private readonly cards: ChangeCards,
    private readonly diets: SetDiets, private readonly pins: SeniorPins,
  ) {}

  @Post('categories')
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'addSeniorCategory', summary: 'Record a category from evidence seen' })
  @ApiResponse({ status: 201, standardSchema: addCategoryAnswer })
  addCategory(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: addCategoryRequest }) request: AddCategoryRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ id: string }> {
    return this.categories.add(seniorId, request, actor);
  }

  @Post('categories/:categoryId/end')
  @HttpCode(200)
  @Access('administrator', 'street')
  @ApiOperation({ operationId: 'endSeniorCategory', summary: 'End a category on a day' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  endCategory(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Param('categoryId', { schema: pathId }) categoryId: string,
    @Body({ schema: endCategoryRequest }) request: EndCategoryRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.categories.end(seniorId, categoryId, request, actor);
  }

  @Post('contacts')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'addSeniorContact', summary: 'Add an emergency contact, collector, guardian or relative' })
  @ApiResponse({ status: 201, standardSchema: addContactAnswer })
  addContact(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: addContactRequest }) request: AddContactRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ id: string }> {
    return this.contacts.add(seniorId, request, actor);
  }

  @Put('contacts/:contactId/messages')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'setContactMessages', summary: 'Record whether a relative or guardian agrees to messages' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  setContactMessages(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Param('contactId', { schema: pathId }) contactId: string,
    @Body({ schema: setContactMessagesRequest }) request: SetContactMessagesRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.contacts.setMessages(seniorId, contactId, request, actor);
  }

  @Delete('contacts/:contactId')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'removeSeniorContact', summary: 'Remove a contact' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  removeContact(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Param('contactId', { schema: pathId }) contactId: string,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.contacts.remove(seniorId, contactId, actor);
  }

  @Post('cards')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'issueSeniorCard', summary: 'Give a senior a card' })
  @ApiResponse({ status: 201, standardSchema: issueCardAnswer })
  issueCard(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: issueCardRequest }) request: IssueCardRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ cardRef: string; masked: string }> {
    return this.cards.issue(seniorId, request.cardNo, actor);
  }

  @Post('cards/:cardRef/block')
  @HttpCode(200)
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'blockSeniorCard', summary: 'Block a lost or returned card' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  blockCard(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Param('cardRef', { schema: cardRefParam }) cardRef: string,
    @Body({ schema: blockCardRequest }) request: BlockCardRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.cards.block(seniorId, cardRef, request, actor);
  }

  @Put('pin')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'setSeniorPin', summary: 'The secret of four digits that the senior types at kiosks' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  setPin(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: setPinRequest }) request: SetPinRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.pins.set(seniorId, request.pin, actor);
  }

  @Delete('pin')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'removeSeniorPin', summary: 'Let the phone digits alone serve again' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  removePin(@Param('seniorId', { schema: pathId }) seniorId: string, @CurrentActor() actor: Actor): Promise<{ done: true }> {
    return this.pins.remove(seniorId, actor);
  }

  @Put('diets')
  @Access('administrator', 'street', 'attendant')
  @ApiOperation({ operationId: 'setSeniorDiets', summary: 'What the kitchen has to mind' })
  @ApiResponse({ status: 200, standardSchema: doneAnswer })
  setDiets(
    @Param('seniorId', { schema: pathId }) seniorId: string,
    @Body({ schema: setDietsRequest }) request: SetDietsRequest,
    @CurrentActor() actor: Actor,
  ): Promise<{ done: true }> {
    return this.diets.execute(seniorId, request, actor);
  }
}
