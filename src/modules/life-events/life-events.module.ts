import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/index.js';
import { DispatchModule } from '../dispatch/index.js';
import { LedgerModule } from '../ledger/index.js';
import { NoticesModule } from '../notices/index.js';
import { OrderingModule } from '../ordering/index.js';
import { PaymentModule } from '../payment/index.js';
import { SeniorsModule } from '../seniors/index.js';
import { ClawBacks } from './claw-backs/claw-backs.js';
import { ClawBacksController } from './claw-backs/claw-backs.controller.js';
import { Consequences } from './consequences.js';
import { DeliveryOffers } from './delivery-offers.js';
import { EventScope } from './event-scope.js';
import { ImportLists } from './imports/import-list.query.js';
import { ListImports } from './imports/list-imports.js';
import { ListImportsController } from './imports/list-imports.controller.js';
import { MatchLines } from './imports/match-lines.js';
import { LetterQuery } from './letter.query.js';
import { LifeEventList } from './life-event-list.query.js';
import { LifeEventsController } from './life-events.controller.js';
import { LifeReviewsController } from './life-reviews.controller.js';
import { MealsAfterQuery } from './claw-backs/meals-after.query.js';
import { MergeCases } from './merges/merge-cases.js';
import { MergeLists } from './merges/merge-lists.query.js';
import { MergePersons } from './merges/merge-persons.js';
import { MergesController } from './merges/merges.controller.js';
import { SubsidyModule } from '../subsidy/index.js';
import { WalletsModule } from '../wallets/index.js';
import { NamePayee } from './name-payee.js';
import { RecordLifeEvent } from './record-life-event.js';
import { RecordSeen } from './record-seen.js';
import { UndoLifeEvent } from './undo-life-event.js';
import { UnseenQueue } from './unseen.query.js';

/** One event, many consequences: what happens in a person's life is entered once and reaches everything. */
@Module({
  imports: [ClosingModule, DispatchModule, LedgerModule, NoticesModule, OrderingModule, PaymentModule, SeniorsModule, SubsidyModule, WalletsModule],
  controllers: [MergesController, LifeEventsController, ClawBacksController, LifeReviewsController, ListImportsController],
  providers: [
    ClawBacks, Consequences, DeliveryOffers, EventScope, ImportLists, LetterQuery, LifeEventList, ListImports, MatchLines, MealsAfterQuery, MergeCases, MergeLists, MergePersons, NamePayee, RecordLifeEvent,
    RecordSeen, UndoLifeEvent, UnseenQueue,
  ],
  exports: [ClawBacks, RecordLifeEvent, DeliveryOffers],
})
export class LifeEventsModule {}
