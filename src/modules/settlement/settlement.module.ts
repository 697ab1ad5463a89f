import { Module } from '@nestjs/common';
import { ClosingModule } from '../closing/index.js';
import { LedgerModule } from '../ledger/index.js';
import { OperatorsModule } from '../operators/index.js';
import { SitesModule } from '../sites/index.js';
import { SubsidyModule } from '../subsidy/index.js';
import { CheckClaim } from './claims/check-claim.js';
import { ClaimBesides } from './claims/claim-besides.js';
import { ClaimCredits } from './claims/claim-credits.query.js';
import { ClaimDetails } from './claims/claim-detail.query.js';
import { ClaimFiguresQuery } from './claims/claim-figures.query.js';
import { ClaimGates } from './claims/claim-gates.js';
import { ClaimHeads } from './claims/claim-heads.query.js';
import { ClaimPapers } from './claims/claim-papers.js';
import { ClaimRecount } from './claims/claim-recount.js';
import { ClaimsController } from './claims/claims.controller.js';
import { ClaimSteps } from './claims/claim-steps.js';
import { ClaimStore } from './claims/claim-store.js';
import { DraftClaim } from './claims/draft-claim.js';
import { ExportClaim } from './claims/export-claim.js';
import { OpenDays } from './claims/open-days.query.js';
import { OperatorFitness } from './claims/operator-fitness.query.js';
import { PayClaim } from './claims/pay-claim.js';
import { ReturnClaim } from './claims/return-claim.js';
import { SignClaim } from './claims/sign-claim.js';
import { UnfitMealDays } from './claims/unfit-meals.query.js';
import { FinanceController } from './finance.controller.js';
import { FinanceExports } from './finance-exports.js';
import { FinanceScopes } from './finance-scopes.js';
import { MealLists } from './meal-list.query.js';
import { MealProofs } from './meal-proof.query.js';
import { PolicyMentions } from './policy-mentions.query.js';
import { ChannelReports } from './reports/channels.query.js';
import { DrillDown } from './reports/drill-down.query.js';
import { DrillMeals } from './reports/drill-meals.query.js';
import { Goals } from './reports/goals.query.js';
import { ReportsController } from './reports/reports.controller.js';
import { SetGoal } from './reports/set-goal.js';
import { MealRollup } from './rollup/meal-rollup.js';
import { RollupCheck } from './rollup/rollup-check.query.js';
import { SubsidyReports } from './subsidy-report.query.js';

/** Settlement reads what payment has written; of its own it writes sums, claims and what was done with them. */
@Module({
  imports: [ClosingModule, SitesModule, SubsidyModule, LedgerModule, OperatorsModule],
  controllers: [FinanceController, ClaimsController, ReportsController],
  providers: [
    FinanceExports, FinanceScopes, MealLists, MealProofs, PolicyMentions, SubsidyReports,
    MealRollup, RollupCheck, ChannelReports, DrillDown, DrillMeals, Goals, SetGoal,
    CheckClaim, ClaimBesides, ClaimCredits, ClaimDetails, ClaimFiguresQuery, ClaimGates, ClaimHeads, ClaimPapers, ClaimRecount, ClaimSteps, ClaimStore, DraftClaim, ExportClaim, OpenDays, OperatorFitness,
    PayClaim, ReturnClaim, SignClaim, UnfitMealDays,
  ],
  exports: [MealRollup, RollupCheck],
})
export class SettlementModule {}
