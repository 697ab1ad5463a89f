import { DETOUR_FACTOR, straightDistanceM, type Place } from '../../routing/index.js';
import { dayDetector, groupBy, mealEvidence, standing, stopEvidence, type ScanGround } from '../detector.js';
import { homeOn, type EventDay, type LifeSpan, type MealEvent, type StopEvent } from '../events.js';
import { findingOf, type Evidence, type Finding } from '../finding.js';
import type { ExceptionKind } from '../kinds.js';

const WAYS = {
  kiosk: ['刷脸或刷卡', 'kiosk'], desk: ['人工', 'desk'], collector: ['代取', 'collector'], delivery: ['送餐', 'delivery'], 'delivery-unpaid': ['送餐未记账', 'delivery without a posted meal'],
} as const;

/** A box that was handed over although no meal could be posted (the meal had been taken already): a contractor bills it all the same. */
function unpostedStops(stops: readonly StopEvent[]): StopEvent[] {
  return stops.filter((stop) => stop.result === 'delivered' && stop.mealId === null);
}

/**
 * One senior, one period, two or more subsidised meals: at kiosk and door, at a second point, through a collector.
 * Second portions paid in full carry no subsidy and are not counted. Source: audit check "two meals in one period".
 */
export const doubleClaims = dayDetector(({ day, meals, stops }) => {
  const claimed = groupBy(standing(meals).filter((meal) => meal.subsidyFen > 0), (meal) => (meal.seniorId === null ? null : `${meal.seniorId}|${meal.period}`));
  const handed = groupBy(unpostedStops(stops), (stop) => `${stop.seniorId}|${stop.period}`);
  return [...claimed].flatMap(([key, own]): Finding[] => {
    const boxes = handed.get(key) ?? [];
    const [first] = own;
    if (first === undefined || own.length + boxes.length < 2) return [];
    const ways = [...new Set([...own.map(wayOf), ...boxes.map(() => 'delivery-unpaid' as const)])].sort();
    const points = new Set(own.map((meal) => meal.pointId));
    return [findingOf({
      kind: 'double-claim', identity: [first.seniorId ?? '', day, first.period], pointId: pointOfAll(own), operatorId: first.operatorId, seniorId: first.seniorId,
      facts: {
        day, n: own.length + boxes.length, periodZh: PERIOD_ZH[first.period], periodEn: first.period, period: first.period,
        waysZh: [...ways.map((way) => WAYS[way][0]), ...(points.size > 1 ? [`${points.size} 个点`] : [])].join('、'),
        waysEn: [...ways.map((way) => WAYS[way][1]), ...(points.size > 1 ? [`${points.size} points`] : [])].join(', '),
      },
      evidence: [...own.map(mealEvidence), ...boxes.map(stopEvidence)],
    })];
  });
});

const PERIOD_ZH = { breakfast: '早餐', lunch: '午餐', dinner: '晚餐' } as const;

function wayOf(meal: MealEvent): keyof typeof WAYS {
  if (meal.channel === 'delivery') return 'delivery';
  if (meal.collectorId !== null) return 'collector';
  return meal.identifiedBy === 'staff' ? 'desk' : 'kiosk';
}

/** The point of the later meal: its desk is asked first. Earliest by time and id, so that order of input does not matter. */
function pointOfAll(meals: readonly MealEvent[]): string | null {
  return [...meals].sort((a, b) => b.atMs - a.atMs || (a.mealId < b.mealId ? -1 : 1))[0]?.pointId ?? null;
}

interface Presence { readonly atMs: number; readonly place: Place; readonly pointId: string; readonly operatorId: string; readonly evidence: Evidence }

/**
 * One person at two places in less time than the way takes. Only what shows the person there: no collected meal, no box
 * taken by somebody else. The way is the straight line lengthened by the detour factor of route planning, at the speed
 * of the settings, less the drift that two clocks may have. Source: audit check "one person two points within travel time".
 */
export const twoPlaces = dayDetector(({ day, meals, stops }, ground) => {
  const seen = new Map<string, Presence[]>();
  const see = (seniorId: string, presence: Presence): void => { seen.set(seniorId, [...(seen.get(seniorId) ?? []), presence]); };
  for (const meal of standing(meals).filter(inPerson)) {
    const place = ground.facts.points.get(meal.pointId)?.place;
    if (meal.seniorId === null || place === undefined) continue;
    see(meal.seniorId, { atMs: meal.atMs, place, pointId: meal.pointId, operatorId: meal.operatorId, evidence: mealEvidence(meal) });
  }
  for (const stop of stops.filter((one) => one.result === 'delivered' && one.receivedBy === 'self')) {
    const place = homeOn(ground.facts.seniors.get(stop.seniorId), day);
    if (stop.signedAtMs === null || place === null || !seen.has(stop.seniorId)) continue;
    see(stop.seniorId, { atMs: stop.signedAtMs, place, pointId: stop.pointId, operatorId: stop.operatorId ?? '', evidence: stopEvidence(stop) });
  }
  return [...seen].flatMap(([seniorId, places]) => impossiblePairs(day, seniorId, places, ground));
});

/** What shows the senior at the point. */
function inPerson(meal: MealEvent): boolean {
  return meal.collectorId === null && !meal.onPaper && meal.channel !== 'delivery';
}

function impossiblePairs(day: EventDay['day'], seniorId: string, places: Presence[], { settings }: ScanGround): Finding[] {
  const sorted = places.sort((a, b) => a.atMs - b.atMs || (a.evidence.id < b.evidence.id ? -1 : 1));
  const impossible = sorted.slice(1).flatMap((later, index) => {
    const earlier = sorted[index];
    if (earlier === undefined) return [];
    const distanceM = Math.round(straightDistanceM(earlier.place, later.place));
    const needS = Math.ceil((distanceM * DETOUR_FACTOR * 3.6) / settings.travelSpeedKmh);
    const gapS = Math.round((later.atMs - earlier.atMs) / 1000);
    return gapS + settings.travelToleranceS < needS ? [{ earlier, later, distanceM, needS, gapS }] : [];
  });
  const [worst] = [...impossible].sort((a, b) => (b.needS - b.gapS) - (a.needS - a.gapS));
  if (worst === undefined) return [];
  return [findingOf({
    kind: 'two-places', identity: [seniorId, day], pointId: worst.later.pointId, operatorId: worst.later.operatorId, seniorId,
    facts: { day, gapS: worst.gapS, distanceM: worst.distanceM, needS: worst.needS },
    evidence: impossible.flatMap(({ earlier, later }) => [earlier.evidence, later.evidence]),
  })];
}

const KIND_OF_SPAN: Readonly<Record<LifeSpan['kind'], ExceptionKind>> = {
  death: 'after-death', moved: 'after-move', 'nursing-home': 'during-stay', hospital: 'during-stay', pause: 'during-pause',
};

/**
 * Meals inside a span of a life that forbids them. The day of death, of leaving and of going to hospital is not counted,
 * because lunch may have come first; a nursing home counts from its first day (rule of a subsidised canteen: "suspended
 * from that date"). Who pauses the deliveries and then walks in is known by the face and does nothing wrong.
 * Source: audit cases of benefits paid after death; checks "meal while in hospital, nursing home", "served after pause".
 */
export const mealsInSpans = (ground: ScanGround): { onDay: (events: EventDay) => Finding[]; onEnd: () => Finding[] } => {
  const spans = groupBy(ground.facts.lifeSpans, (span) => span.seniorId);
  return {
    onDay: ({ day, meals, stops }) => {
      const eaten = [
        ...standing(meals).flatMap((meal) => (meal.seniorId === null ? [] : [{ seniorId: meal.seniorId, pointId: meal.pointId, operatorId: meal.operatorId, byFace: meal.identifiedBy.startsWith('face') && meal.collectorId === null, evidence: mealEvidence(meal) }])),
        ...unpostedStops(stops).map((stop) => ({ seniorId: stop.seniorId, pointId: stop.pointId, operatorId: stop.operatorId, byFace: false, evidence: stopEvidence(stop) })),
      ];
      return eaten.flatMap(({ seniorId, pointId, operatorId, byFace, evidence }) => (spans.get(seniorId) ?? [])
        .filter((span) => forbids(span, day) && !(span.kind === 'pause' && byFace))
        .map((span) => findingOf({
          kind: KIND_OF_SPAN[span.kind], identity: [seniorId, span.kind, span.from], pointId, operatorId, seniorId,
          facts: { n: 1, from: span.from }, evidence: [evidence],
        })));
    },
    onEnd: () => [],
  };
};

function forbids({ kind, from, to }: LifeSpan, day: EventDay['day']): boolean {
  const begun = kind === 'nursing-home' || kind === 'pause' ? day >= from : day > from;
  return begun && (to === null || day < to);
}

/**
 * One natural person on both sides of an act that needs two, also with two accounts. Source: the case of a supervisor
 * who held a worker account; accounting law, separation of handling and checking.
 */
export const selfVerified = dayDetector(({ day, duties }, { facts }) => {
  const personOf = (staffId: string): string => facts.staff.get(staffId)?.personKey ?? staffId;
  return duties.filter((duty) => personOf(duty.performedBy) === personOf(duty.verifiedBy)).map((duty) => findingOf({
    kind: 'self-verified', identity: [personOf(duty.performedBy), duty.actKind, day.slice(0, 7)], pointId: duty.pointId, seniorId: duty.seniorId, staffId: duty.verifiedBy,
    facts: { n: 1, act: duty.actKind, actZh: ACTS[duty.actKind]?.[0] ?? duty.actKind, actEn: ACTS[duty.actKind]?.[1] ?? duty.actKind },
    evidence: [{ kind: 'duty', id: duty.actId, day, atMs: null, amountFen: 0 }],
  }));
});

const ACTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'special-senior': ['特殊老人审批', 'the approval of a special senior'], load: ['装车和签收', 'a load sent and received'], reversal: ['冲销', 'a claw-back'],
  claim: ['月度结算', 'a monthly claim'], merge: ['合并登记', 'a merge of two records'], stop: ['送达和核对', 'a delivery and its check'],
  'payment-undo': ['付款撤回', 'a payment taken back'], 'own-part': ['自付款结转', 'the settlement of own parts'], 'contractor-rate': ['承运价', 'a contractor’s rate'],
  advance: ['预付款', 'an advance'], receipt: ['到账差额', 'a receipt with a difference'],
};
