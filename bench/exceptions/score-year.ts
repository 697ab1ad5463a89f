import { findExceptions, settingsWith, type ExceptionKind, type Finding, type StandingFacts } from '../../src/domain/exceptions/index.js';
import type { GeneratedYear, PlantedCase } from './generator/rows.js';

/** Which kind of finding answers a planted fraud. The generator speaks its own words; only this table knows both. */
const ANSWERS: Readonly<Record<string, readonly ExceptionKind[]>> = {
  'double': ['double-claim'], 'two places': ['two-places'], 'after death': ['after-death'], 'after moving': ['after-move'], 'during a stay': ['during-stay'],
  'during a pause': ['during-pause'], 'self-verified': ['self-verified'], 'manual share': ['manual-share'], 'manual burst': ['manual-burst'], 'meal burst': ['meal-burst'],
  'idle balance': ['idle-balance-burst'], 'idle accounts woken': ['idle-then-used'], 'flat counts': ['flat-counts'], 'rounded counts': ['digit-pattern'],
  'stops without proof': ['stop-without-proof'], 'billed, not delivered': ['bill-without-stop'], 'signed elsewhere': ['signed-away'], 'odd hours': ['odd-hours'],
  'right before settlement': ['category-before-settlement'], 'photo, then by hand': ['face-failed-then-manual'], 'closed day': ['closed-day'],
  'subsidy above price': ['subsidy-over-gross'], 'one bank account': ['shared-bank-account'],
};

export interface KindScore { readonly kind: string; readonly planted: number; readonly found: number; readonly findings: number; readonly wrong: number }

export interface YearScore {
  readonly seed: number; readonly meals: number; readonly seniors: number; readonly findings: number; readonly kinds: readonly KindScore[];
  readonly kindsPlanted: number; readonly kindsFound: number; readonly precision: number; readonly recall: number; readonly falsePerPointWeek: number;
  readonly worstPointWeek: number; readonly missed: readonly string[]; readonly wrong: readonly Finding[]; readonly lookAlikes: readonly (readonly [string, number, number])[];
  readonly detectMs: number;
}

const WEEKS = 365 / 7;

/** Findings of a generated year held against what was planted in it. */
export function scoreYear(seed: number, year: GeneratedYear): YearScore {
  const started = performance.now();
  const findings = findExceptions(factsOf(year), year.days, settingsWith({}));
  const detectMs = performance.now() - started;
  const caught = (planted: PlantedCase): boolean => findings.some((finding) => (ANSWERS[planted.kind] ?? []).includes(finding.kind) && touches(finding, planted));
  const found = new Set(year.planted.filter(caught));
  const wrong = findings.filter((finding) => !isRight(finding, year.planted));
  const kinds = Object.entries(ANSWERS).map(([kind, answers]): KindScore => ({
    kind, planted: year.planted.filter((one) => one.kind === kind).length, found: [...found].filter((one) => one.kind === kind).length,
    findings: findings.filter((finding) => answers.includes(finding.kind)).length, wrong: wrong.filter((finding) => answers.includes(finding.kind)).length,
  }));
  const perPoint = new Map<string, number>();
  for (const finding of wrong) {
    const week = `${finding.pointId ?? ''} ${Math.floor(Date.parse(finding.lastDay) / 604_800_000)}`;
    perPoint.set(week, (perPoint.get(week) ?? 0) + 1);
  }
  return {
    seed, meals: year.days.reduce((sum, day) => sum + day.meals.length, 0), seniors: year.seniors.length, findings: findings.length, kinds,
    kindsPlanted: kinds.filter((one) => one.planted > 0).length, kindsFound: kinds.filter((one) => one.found > 0).length,
    precision: findings.length === 0 ? 0 : 1 - wrong.length / findings.length, recall: found.size / year.planted.length,
    falsePerPointWeek: wrong.length / (year.points.length * WEEKS), worstPointWeek: Math.max(0, ...perPoint.values()),
    missed: year.planted.filter((one) => !found.has(one)).map((one) => `${one.kind}: ${one.variant}`), wrong, detectMs,
    lookAlikes: [...year.lookAlikes].map(([what, ids]) => [what, ids.size, wrong.filter((finding) => finding.evidence.some((row) => ids.has(row.id)) || (finding.seniorId !== null && ids.has(finding.seniorId))).length] as const),
  };
}

const touches = (finding: Finding, planted: PlantedCase): boolean => finding.evidence.some((row) => planted.refs.has(row.id));

/** Right: the answer to a planted case on its rows, or a finding most of whose rows were planted. */
function isRight(finding: Finding, planted: readonly PlantedCase[]): boolean {
  if (planted.some((one) => (ANSWERS[one.kind] ?? []).includes(finding.kind) && touches(finding, one))) return true;
  const fromPlants = finding.evidence.filter((row) => planted.some((one) => one.refs.has(row.id))).length;
  return fromPlants * 2 > finding.evidence.length;
}

function factsOf(year: GeneratedYear): StandingFacts {
  return {
    points: new Map(year.points.map((point) => [point.pointId, { pointId: point.pointId, operatorId: point.operatorId, place: point.place, startMin: 630, endMin: 1110 }])),
    seniors: new Map(year.seniors.map((senior) => [senior.seniorId, { pointId: senior.pointId, home: senior.home }])),
    staff: year.staff, lifeSpans: year.spans, operatorAccounts: year.accounts,
  };
}
