import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/index.js';
import { SitesModule } from '../sites/index.js';
import { ChangePapers } from './change-papers.js';
import { OperatorContracts } from './operator-contracts.js';
import { OperatorLists } from './operator-list.query.js';
import { OperatorScope } from './operator-scope.js';
import { OperatorsController } from './operators.controller.js';
import { PaperBook } from './paper-book.js';
import { PaperWarnings } from './paper-warnings.js';

/** Who runs points, under which papers: none in force, no subsidised sale and no claim. */
@Module({
  imports: [NoticesModule, SitesModule],
  controllers: [OperatorsController],
  providers: [ChangePapers, OperatorContracts, OperatorLists, OperatorScope, PaperBook, PaperWarnings],
  exports: [OperatorContracts, PaperWarnings],
})
export class OperatorsModule {}
