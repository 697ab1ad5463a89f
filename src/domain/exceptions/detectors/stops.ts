import { ageOn, type BusinessDay } from '../../kernel/business-day.js';
import { straightDistanceM, type Place } from '../../routing/index.js';
import { dayDetector, groupBy, mealEvidence, standing, stopEvidence, type DetectorMaker, type ScanGround } from '../detector.js';
import { homeOn, type MealEvent, type SeniorFact, type StopEvent } from '../events.js';
import { findingOf, type Evidence, type Finding } from '../finding.js';
import { RunningPeriod, weekOf } from '../periods.js';
import { binomialUpper } from '../statistics.js';
import { percent } from './entries.js';

const delivered = (stops: readonly StopEvent[]): StopEvent[] => stops.filter((stop) => stop.result === 'delivered');

interface CrewWeek { total: number; bare: Evidence[]; pointId: string; operatorId: string | null }

/**
 * A crew's week with more delivered stops without proof than doors where nobody can say the digits explain: above the
 * limit, and by chance less often than `shareAlpha` divided by the crews of that week (exact binomial tail).
 * Source: checks "stops without proof", "claim from events only".
 */
export const stopsWithoutProof: DetectorMaker = (ground) => {
  const weeks = new RunningPeriod<Map<string, CrewWeek>>(weekOf, (key) => key as BusinessDay, ground.firstDay, () => new Map());
  return {
    onDay: ({ day, stops }) => {
      const ended = weeks.moveTo(day);
      for (const stop of delivered(stops)) {
        const sums = weeks.now.get(stop.crewId) ?? { total: 0, bare: [], pointId: stop.pointId, operatorId: stop.operatorId };
        weeks.now.set(stop.crewId, sums);
        sums.total += 1;
        if (stop.proof === null) sums.bare.push(stopEvidence(stop));
      }
      return ended === null ? [] : bareOf(ended.key, ended.sums, ground);
    },
    onEnd: (lastDay) => {
      const ended = weeks.endAt(lastDay);
      return ended === null ? [] : bareOf(ended.key, ended.sums, ground);
    },
  };
};

function bareOf(week: string, crews: ReadonlyMap<string, CrewWeek>, { settings }: ScanGround): Finding[] {
  const alpha = settings.shareAlpha / Math.max(1, crews.size);
  return [...crews].flatMap(([crewId, { total, bare, pointId, operatorId }]) => {
    if (bare.length <= settings.proofLimit * total || binomialUpper(bare.length, total, settings.proofLimit) > alpha) return [];
    return [findingOf({
      kind: 'stop-without-proof', identity: [crewId, week], pointId, operatorId, evidence: bare,
      facts: { week, n: bare.length, total, limitPct: percent(settings.proofLimit) },
    })];
  });
}

/** A contractor's bill for a senior, day and period on which no stop was delivered. Source: "bills without evidence". */
export const billsWithoutStop = dayDetector(({ day, billLines, stops }) => {
  const served = new Set(delivered(stops).map((stop) => `${stop.seniorId}|${stop.period}`));
  const bare = billLines.filter((line) => !served.has(`${line.seniorId}|${line.period}`));
  return [...groupBy(bare, (line) => line.operatorId)].map(([operatorId, lines]) => findingOf({
    kind: 'bill-without-stop', identity: [operatorId, day], pointId: lines.map((line) => line.pointId).sort()[0] ?? null, operatorId, facts: { day, n: lines.length },
    evidence: lines.map((line): Evidence => ({ kind: 'bill-line', id: line.lineId, day, atMs: null, amountFen: line.amountFen })),
  }));
});

/**
 * Stops that were not signed at the door: the phone was elsewhere, or several doors were signed faster than anybody can
 * ride from one to the next. By the phone's own time, so that stops sent later after a dead spot look as they were, and
 * by the home that held on the day.
 * Source: check "delivery signed away from the address"; attack "deliverer marks delivered from home".
 */
export const signedAway = dayDetector(({ day, stops }, ground) => {
  const far = delivered(stops).filter((stop) => {
    const home = homeOn(ground.facts.seniors.get(stop.seniorId), day);
    return home !== null && stop.signedPlace !== null && straightDistanceM(home, stop.signedPlace) > ground.settings.signedAwayM;
  });
  const rushed = [...groupBy(delivered(stops), (stop) => stop.tripId).values()].flatMap((trip) => tooQuick(trip, ground));
  const found = new Map([...far, ...rushed].map((stop) => [stop.stopId, stop]));
  return [...groupBy([...found.values()], (stop) => stop.crewId)].map(([crewId, own]): Finding => {
    const [first] = own as [StopEvent];
    const apart = far.some((stop) => stop.crewId === crewId);
    const quick = rushed.some((stop) => stop.crewId === crewId);
    return findingOf({
      kind: 'signed-away', identity: [crewId, day], pointId: first.pointId, operatorId: first.operatorId, evidence: own.map(stopEvidence),
      facts: {
        day, n: own.length, howZh: [...(apart ? ['位置不符'] : []), ...(quick ? ['签收快过路程'] : [])].join('、'),
        howEn: [...(apart ? ['place differs'] : []), ...(quick ? ['signed faster than the ride'] : [])].join(', '),
      },
    });
  });
});

/** Below this the doors are next to each other and prove nothing. */
const LEAST_WAY_M = 400;

/** Runs of at least `paceStops` doors signed in less time than the straight line between them takes at full speed. */
function tooQuick(trip: readonly StopEvent[], { facts, settings }: ScanGround): StopEvent[] {
  const signed = trip
    .flatMap((stop) => {
      const home = homeOn(facts.seniors.get(stop.seniorId), stop.day);
      return stop.signedAtMs === null || home === null ? [] : [{ stop, atMs: stop.signedAtMs, home }];
    })
    .sort((a, b) => a.atMs - b.atMs || (a.stop.stopId < b.stop.stopId ? -1 : 1));
  const quick = new Set<StopEvent>();
  for (let end = settings.paceStops; end <= signed.length; end += 1) {
    const run = signed.slice(end - settings.paceStops, end);
    const wayM = lengthM(run.map((one) => one.home));
    const spentS = ((run.at(-1)?.atMs ?? 0) - (run[0]?.atMs ?? 0)) / 1000;
    if (wayM >= LEAST_WAY_M && spentS < (wayM * 3.6) / settings.paceKmh) for (const one of run) quick.add(one.stop);
  }
  return [...quick];
}

function lengthM(places: readonly Place[]): number {
  return places.slice(1).reduce((sum, place, index) => sum + straightDistanceM(places[index] ?? place, place), 0);
}

/**
 * Meals that were brought and priced by a right which, as the register says now, began later: an age that was not reached
 * yet (a date of birth was corrected), or a special category that does not cover the day it was eaten.
 * Source: audit check "entitlement starts after use".
 */
export const doorsBeforeRight = dayDetector(({ day, meals }, { facts }) => {
  const early = standing(meals).flatMap((meal) => {
    const senior = meal.seniorId === null ? undefined : facts.seniors.get(meal.seniorId);
    const how = meal.channel !== 'delivery' || meal.subsidyFen <= 0 || senior === undefined ? null : missingRight(meal, senior);
    return how === null ? [] : [{ meal, how }];
  });
  return [...groupBy(early, ({ meal }) => meal.seniorId)].map(([seniorId, own]): Finding => {
    const [first] = own as [(typeof own)[number]];
    const ways = (language: 'zh' | 'en'): string => [...new Set(own.map(({ how }) => how[language]))].join(language === 'zh' ? '、' : ', ');
    return findingOf({
      kind: 'before-right', identity: [seniorId, day.slice(0, 7)], pointId: first.meal.pointId, operatorId: first.meal.operatorId, seniorId,
      facts: { month: day.slice(0, 7), n: own.length, howZh: ways('zh'), howEn: ways('en') }, evidence: own.map(({ meal }) => mealEvidence(meal)),
    });
  });
});

function missingRight(meal: MealEvent, senior: SeniorFact): { zh: string; en: string } | null {
  const years = senior.birthDate === undefined ? null : ageOn(senior.birthDate, meal.day);
  if (years !== null && meal.ageYears !== null && years < meal.ageYears) return { zh: `按 ${meal.ageYears} 岁计，当天 ${years} 岁`, en: `priced at ${meal.ageYears} years, was ${years}` };
  const code = meal.categoryCode ?? null;
  if (code === null || senior.rights === undefined) return null;
  const held = senior.rights.some((right) => right.code === code && right.from <= meal.day && (right.to === null || meal.day < right.to));
  return held ? null : { zh: '特殊资格当天还没有生效', en: 'the category did not cover the day' };
}
