import type { BusinessDay } from '../kernel/business-day.js';
import { InvariantError } from '../kernel/domain-error.js';
import { EXCEPTION_KINDS, type ExceptionKind } from './kinds.js';

export type EvidenceKind = 'meal' | 'stop' | 'bill-line' | 'face-refusal' | 'life-span' | 'duty' | 'change' | 'account' | 'day-count';

/** A row that a finding rests on. `amountFen`: the subsidy at stake in it. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly id: string;
  readonly day: BusinessDay;
  readonly atMs: number | null;
  readonly amountFen: number;
}

export type ReasonFacts = Readonly<Record<string, string | number>>;

/**
 * Something that a person should look at; never a verdict. `identity` names the matter itself (who, where, which day),
 * so that the same matter found again is the same finding with more evidence.
 */
export interface Finding {
  readonly kind: ExceptionKind;
  readonly identity: string;
  readonly pointId: string | null;
  readonly operatorId: string | null;
  readonly seniorId: string | null;
  readonly staffId: string | null;
  readonly firstDay: BusinessDay;
  readonly lastDay: BusinessDay;
  /** 0 to 100: the kind's weight, raised by the number of rows. */
  readonly score: number;
  readonly amountFen: number;
  readonly facts: ReasonFacts;
  readonly reason: { readonly zh: string; readonly en: string };
  /** In the order of time, each row once. */
  readonly evidence: readonly Evidence[];
}

export interface FindingDraft {
  readonly kind: ExceptionKind;
  /** Parts of the business identity, without the kind. */
  readonly identity: readonly string[];
  readonly pointId?: string | null;
  readonly operatorId?: string | null;
  readonly seniorId?: string | null;
  readonly staffId?: string | null;
  readonly facts: ReasonFacts;
  readonly evidence: readonly Evidence[];
}

/** A finding from what a detector knows: span, amount, score and sentence follow from its rows. */
export function findingOf(draft: FindingDraft): Finding {
  const evidence = inOrder(draft.evidence);
  const days = evidence.map((row) => row.day).sort();
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  if (firstDay === undefined || lastDay === undefined) throw new InvariantError(`finding without evidence: ${draft.kind}`);
  const { weight } = EXCEPTION_KINDS[draft.kind];
  return {
    kind: draft.kind, identity: [draft.kind, ...draft.identity].join('|'),
    pointId: draft.pointId ?? null, operatorId: draft.operatorId ?? null, seniorId: draft.seniorId ?? null, staffId: draft.staffId ?? null,
    firstDay, lastDay,
    score: Math.min(100, weight + Math.min(10, evidence.length - 1)),
    amountFen: evidence.reduce((sum, row) => sum + row.amountFen, 0),
    facts: draft.facts, reason: reasonOf(draft.kind, draft.facts), evidence,
  };
}

/** The sentence of a finding in both languages. */
export function reasonOf(kind: ExceptionKind, facts: ReasonFacts): { zh: string; en: string } {
  const { zh, en } = EXCEPTION_KINDS[kind].reason;
  const fill = (text: string, language: 'Zh' | 'En'): string =>
    text.replace(/\{(\w+)\}/g, (_place, name: string) => String(facts[`${name}${language}`] ?? facts[name] ?? ''));
  return { zh: fill(zh, 'Zh'), en: fill(en, 'En') };
}

/** The same matter seen twice: all rows of both, the facts of the one that knows more rows (`n` counts them all). */
export function mergeFindings(a: Finding, b: Finding): Finding {
  const rows = inOrder([...a.evidence, ...b.evidence]);
  const fuller = a.evidence.length >= b.evidence.length ? a : b;
  const facts = typeof fuller.facts['n'] === 'number' && !EXCEPTION_KINDS[a.kind].shareBased && rows.length > fuller.evidence.length
    ? { ...fuller.facts, n: fuller.facts['n'] + rows.length - fuller.evidence.length } : fuller.facts;
  const identity = a.identity.split('|').slice(1);
  return findingOf({ ...fuller, identity, facts, evidence: rows });
}

function inOrder(rows: readonly Evidence[]): Evidence[] {
  const once = new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));
  return [...once.values()].sort((a, b) => compare(a.day, b.day) || (a.atMs ?? 0) - (b.atMs ?? 0) || compare(a.id, b.id));
}

/** Order by code units: the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
