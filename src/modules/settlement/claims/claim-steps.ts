import { Injectable } from '@nestjs/common';
import { CheckClaim } from './check-claim.js';
import { PayClaim } from './pay-claim.js';
import { ReturnClaim } from './return-claim.js';
import { SignClaim } from './sign-claim.js';

/** The steps that follow a draft. */
@Injectable()
export class ClaimSteps {
  constructor(readonly check: CheckClaim, readonly sign: SignClaim, readonly giveBack: ReturnClaim, readonly pay: PayClaim) {}
}
