export { compareDay, CLOSE_TENDERS, SALE_SOURCES, type CloseTender, type DayCount, type DayDifference, type SaleSource, type SetMealCount, type SourceCount, type TenderCount } from './compare-day.js';
export { matchAgain, matchBill, stopNoOf, BILL_FINDINGS, type BillFinding, type BillLine, type BillMatch, type CarriedStop } from './match-bill.js';
export { isSampled } from './paper-sample.js';
export { afterEvent, NO_PORTIONS, portionDifference, type PortionCounts, type PortionEvent } from './portion-balance.js';
export { advanceLimitFen, objectionDeadline } from './terms.js';
