import type { BusinessDay } from '../kernel/business-day.js';

/** A line of a contractor's bill as it was read; `stopNo` or `name` says which door. Amount in fen. */
export interface BillLine {
  readonly lineNo: number;
  readonly day: BusinessDay;
  readonly stopNo: string | null;
  readonly name: string | null;
  readonly amountFen: number;
}

/** A stop of this contractor as our own records have it. */
export interface CarriedStop {
  readonly stopId: string;
  /** Short number on sheets and pages: the last eight characters of the id, in capitals. */
  readonly stopNo: string;
  readonly day: BusinessDay;
  readonly seniorId: string;
  readonly name: string;
  /** Handed over, and neither judged afterwards never to have been nor taken back as no meal. */
  readonly delivered: boolean;
  /** Held because of an impossible pattern until the street has looked, or while a check asks its meal back; may be billed again afterwards. */
  readonly held: boolean;
  /** Somebody took it and something proves it: digits, a photo. Without, the line goes back and may be objected to. */
  readonly proven: boolean;
  /** The person had died, moved away or paused on that day, or was in a hospital or nursing home; not where a pause came too late for the meal. */
  readonly afterEnd: boolean;
  /** Agreed for payment on an earlier bill. */
  readonly alreadyPaid: boolean;
  /** What the contract pays for a stop on that day; null where no rate is on file. */
  readonly rateFen: number | null;
}

export const BILL_FINDINGS = ['agreed', 'not-delivered', 'under-review', 'no-proof', 'amount-differs', 'duplicate', 'after-end', 'unknown', 'no-rate', 'not-billed'] as const;
export type BillFinding = (typeof BILL_FINDINGS)[number];

/** A line with what became of it; a delivered stop that the bill does not name has no line. */
export interface BillMatch {
  readonly line: BillLine | null;
  readonly stop: CarriedStop | null;
  readonly finding: BillFinding;
}

/** The short number of a stop. */
export function stopNoOf(stopId: string): string {
  return stopId.slice(-8).toUpperCase();
}

/**
 * Matches a bill stop by stop. Each delivered stop is paid to one line at most; whatever is not plainly right goes back
 * with its reason, the gravest first: unknown, duplicate, after the end, not delivered, under review, no proof, no rate, another amount.
 */
export function matchBill(lines: readonly BillLine[], stops: readonly CarriedStop[]): BillMatch[] {
  const taken = new Set<string>();
  const matches = lines.map((line): BillMatch => {
    const { stop, repeated } = stopOf(line, stops, taken);
    if (stop === null) return { line, stop: null, finding: 'unknown' };
    if (!repeated) taken.add(stop.stopId);
    return { line, stop, finding: findingOf(line, stop, repeated) };
  });
  const missing = stops.filter((stop) => stop.delivered && !stop.held && !stop.alreadyPaid && !taken.has(stop.stopId));
  return [...matches, ...missing.map((stop): BillMatch => ({ line: null, stop, finding: 'not-billed' }))];
}

/**
 * Compares lines once more with the stops as they are now; which stop a line names does not change. `lines` in the order
 * of the bill, all of them lines of the file. One whose stop is not among `stops` any more comes out unknown.
 */
export function matchAgain<L extends { readonly stopId: string | null; readonly amountFen: number }>(
  lines: readonly L[], stops: readonly CarriedStop[],
): { readonly line: L; readonly finding: BillFinding; readonly expectedFen: number | null }[] {
  const byId = new Map(stops.map((stop) => [stop.stopId, stop]));
  const taken = new Set<string>();
  return lines.map((line) => {
    const stop = byId.get(line.stopId ?? '');
    if (stop === undefined) return { line, finding: 'unknown', expectedFen: null };
    const isRepeated = taken.has(stop.stopId);
    taken.add(stop.stopId);
    return { line, finding: findingOf(line, stop, isRepeated), expectedFen: stop.rateFen };
  });
}

/** By number where there is one; otherwise by day and name, as long as one name of the day is one person. */
function stopOf(line: BillLine, stops: readonly CarriedStop[], taken: ReadonlySet<string>): { stop: CarriedStop | null; repeated: boolean } {
  const named = line.stopNo !== null
    ? stops.filter((stop) => stop.stopNo === line.stopNo && stop.day === line.day)
    : stops.filter((stop) => stop.day === line.day && stop.name === line.name);
  const people = new Set(named.map((stop) => stop.seniorId));
  if (named.length === 0 || people.size > 1) return { stop: null, repeated: false };
  const free = named.filter((stop) => !taken.has(stop.stopId));
  const stop = free.find((one) => one.delivered) ?? free[0] ?? named[0] ?? null;
  return { stop, repeated: free.length === 0 };
}

function findingOf(line: Pick<BillLine, 'amountFen'>, stop: CarriedStop, repeated: boolean): BillFinding {
  if (repeated || stop.alreadyPaid) return 'duplicate';
  if (stop.afterEnd) return 'after-end';
  if (!stop.delivered) return 'not-delivered';
  if (stop.held) return 'under-review';
  if (!stop.proven) return 'no-proof';
  if (stop.rateFen === null) return 'no-rate';
  return line.amountFen === stop.rateFen ? 'agreed' : 'amount-differs';
}
