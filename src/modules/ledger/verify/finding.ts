/** Invariants of the ledger, by their number in the list of docs/OPERATIONS.md. */
export const INVARIANTS = {
  I1: 'every transfer and the whole ledger sum to zero',
  I2: 'every cached balance is the sum of its entries',
  I3: 'no wallet is below its floor, no debt is overpaid',
  I4: 'one charge per key, subsidised meals within the caps',
  I6: 'no money that nobody sent',
  I10: 'every claim recomputes from its facts and its policy',
  I11: 'every transfer has the content that was sealed, in an unbroken chain',
  I13: 'money moves along its allowed ways only: a subsidy is never cashed',
  I14: 'every counted drawer expected exactly its movements',
  I15: 'every claim and advance is paid once, as its lines say',
  I16: 'what arrives at the bank and what operators get of own parts moves as its lines say',
} as const;
export type InvariantName = keyof typeof INVARIANTS;

const EXAMPLES = 10;

/** What one invariant's check has counted and found. Examples hold ids and amounts, no personal data. */
export class Finding {
  private count = 0;
  private readonly found: string[] = [];
  private readonly counters = new Map<string, number>();

  constructor(readonly invariant: InvariantName) {}

  /** Adds to a counter that the report names, for example `counted('transfers', 500)`. */
  counted(what: string, number: number): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + number);
  }

  violation(example: string): void {
    this.count += 1;
    if (this.found.length < EXAMPLES) this.found.push(example);
  }

  get violations(): number {
    return this.count;
  }

  get examples(): readonly string[] {
    return this.found;
  }

  total(what: string): number {
    return this.counters.get(what) ?? 0;
  }

  /** "120 transfers, 366 entries" */
  countedText(): string {
    return [...this.counters].map(([what, number]) => `${number} ${what}`).join(', ');
  }

  /** "I1  ok    every transfer … : 120 transfers, 366 entries" and a line for each example. */
  lines(): string[] {
    const counts = this.countedText();
    const state = this.count === 0 ? 'ok    ' : 'BROKEN';
    const wrong = this.count === 0 ? '' : `, ${this.count} violations`;
    const more = this.count > this.found.length ? [`      … and ${this.count - this.found.length} more`] : [];
    return [
      `${this.invariant.padEnd(3)} ${state} ${INVARIANTS[this.invariant]}: ${counts}${wrong}`,
      ...this.found.map((example) => `      ${example}`),
      ...more,
    ];
  }
}
