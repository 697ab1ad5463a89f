import { Injectable } from '@nestjs/common';
import { SeniorDetailQuery } from './senior-detail.query.js';
import { SeniorHistoryQuery } from './senior-history.query.js';
import { SeniorListQuery } from './senior-list.query.js';
import { SeniorPlacesQuery } from './senior-places.query.js';
import { SeniorWalletQuery } from './senior-wallet.query.js';

/** The reads of the register in one hand, so that the controller names what it does instead of what it shows. */
@Injectable()
export class SeniorQueries {
  constructor(
    readonly list: SeniorListQuery,
    readonly detail: SeniorDetailQuery,
    readonly history: SeniorHistoryQuery,
    readonly places: SeniorPlacesQuery,
    readonly wallet: SeniorWalletQuery,
  ) {}
}
