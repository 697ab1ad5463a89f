import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/index.js';
import { CarryOutPolicyRun } from './carry-out-policy-run.js';
import { DeliveryFees } from './delivery-fees.js';
import { DeliveryFeesController } from './delivery-fees.controller.js';
import { EditPolicy } from './edit-policy.js';
import { PayerWords } from './payer-words.query.js';
import { PoliciesController } from './policies.controller.js';
import { Policies } from './policies.query.js';
import { PolicyBook } from './policy-book.js';
import { PolicyDrafts } from './policy-drafts.js';
import { PolicyRunsController } from './policy-runs.controller.js';
import { PolicyRuns } from './policy-runs.query.js';
import { PolicyScope } from './policy-scope.js';
import { PublishPolicy } from './publish-policy.js';
import { RehearseMonth } from './rehearse-month.js';
import { ReplayMonth } from './replay-month.js';
import { StartPolicyRun } from './start-policy-run.js';

/** The street's policies: written, tried, rehearsed, published, and replayed. */
@Module({
  imports: [SitesModule],
  controllers: [DeliveryFeesController, PoliciesController, PolicyRunsController],
  providers: [
    DeliveryFees, PayerWords, PolicyBook, PolicyDrafts, PolicyScope, EditPolicy, PublishPolicy, Policies, PolicyRuns, RehearseMonth, ReplayMonth, CarryOutPolicyRun, StartPolicyRun,
  ],
  exports: [DeliveryFees, PayerWords, PolicyBook, CarryOutPolicyRun, ReplayMonth],
})
export class SubsidyModule {}
