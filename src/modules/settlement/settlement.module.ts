import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { FinanceController } from './finance.controller.js';
import { FinanceExports } from './finance-exports.js';
import { FinanceScopes } from './finance-scopes.js';
import { MealLists } from './meal-list.query.js';
import { MealProofs } from './meal-proof.query.js';
import { PolicyMentions } from './policy-mentions.query.js';
import { SheetWriter } from './sheet-writer.js';
import { SubsidyReports } from './subsidy-report.query.js';

/** Settlement reads what payment has written; it changes nothing. */
@Module({
  imports: [SitesModule, SubsidyModule],
  controllers: [FinanceController],
  providers: [FinanceExports, FinanceScopes, MealLists, MealProofs, PolicyMentions, SheetWriter, SubsidyReports],
  exports: [SheetWriter],
})
export class SettlementModule {}
