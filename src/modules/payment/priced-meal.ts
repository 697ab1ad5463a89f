import type { MealChannel } from '../../domain/kernel/meal-period.js';
import type { Fen } from '../../domain/kernel/money.js';
import type { MealQuote, PricedLine, QuoteFacts } from '../../domain/pricing/index.js';
import type { Bilingual } from '../../domain/subsidy/index.js';
import type { MealOffer } from '../menu/index.js';
import type { PointSite } from '../sites/index.js';

/** A meal with its price for one diner, and everything the price was made from. */
export interface PricedMeal {
  readonly site: PointSite;
  readonly offer: MealOffer;
  readonly channel: MealChannel;
  readonly facts: QuoteFacts;
  readonly quote: MealQuote;
  readonly payers: readonly { payerCode: string; label: Bilingual; amountFen: Fen }[];
  /** Changes whenever the sentence on the screen would no longer be true. */
  readonly priceHash: string;
  /** What the plate weighed, where it was sold by weight. */
  readonly weighed?: readonly PricedLine[];
}
