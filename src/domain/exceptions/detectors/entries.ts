import { addDays, daysBetween, minuteOfDay, type BusinessDay } from '../../kernel/business-day.js';
import { groupBy, dayDetector, inBursts, mealEvidence, standing, type DetectorMaker, type ScanGround } from '../detector.js';
import type { EventDay, MealEvent, PointFact } from '../events.js';
import { findingOf, type Evidence, type Finding } from '../finding.js';
import { firstDayOf, monthOf, RunningPeriod, weekOf } from '../periods.js';
import { binomialUpper } from '../statistics.js';

const byHand = (meal: MealEvent): boolean => meal.identifiedBy === 'staff' && !meal.onPaper;

/**
 * Point and period in which devices sold next to nothing to seniors while the desk said that they were down: everything
 * by hand is then how it should be. An attendant who says "kiosk down" while the kiosk sells to others is not believed.
 */
function withoutKiosk(meals: readonly MealEvent[], { settings }: ScanGround): Set<string> {
  const here = meals.filter((meal) => meal.channel !== 'delivery' && meal.seniorId !== null);
  return new Set([...groupBy(here, placeAndPeriod)].flatMap(([place, own]) => {
    const byDevice = own.filter((meal) => !byHand(meal) && !meal.onPaper).length;
    const saidDown = own.some((meal) => byHand(meal) && DOWN_REASONS.has(meal.manualReason ?? ''));
    return saidDown && byDevice <= settings.kioskDownShare * own.length ? [place] : [];
  }));
}
const DOWN_REASONS: ReadonlySet<string> = new Set(['kiosk-down', 'camera-down']);
const placeAndPeriod = (meal: MealEvent): string => `${meal.pointId}|${meal.period}`;

function isNew(meal: MealEvent, { facts, settings }: ScanGround): boolean {
  const first = meal.staffId === null ? undefined : facts.staff.get(meal.staffId)?.firstDay;
  return first !== undefined && daysBetween(first, meal.day) < settings.newStaffDays;
}

interface PointWeek { total: number; hand: Evidence[]; newHand: Evidence[] }

/**
 * Manual share of a point in a week above its limit; by point, since sales of the desk belong to no machine. A share above
 * 5 % also comes about by chance, so the limit counts as broken only where chance would do it less often than `shareAlpha`
 * divided by the points tested that week (exact binomial tail, Bonferroni). Entries in an attendant's first days are counted
 * apart, under a limit of their own.
 * Source: audit check "manual share above 5 % at a point".
 */
export const manualShares: DetectorMaker = (ground) => {
  const weeks = new RunningPeriod<Map<string, PointWeek>>(weekOf, (key) => key as BusinessDay, ground.firstDay, () => new Map());
  return {
    onDay: ({ day, meals }) => {
      const ended = weeks.moveTo(day);
      const down = withoutKiosk(meals, ground);
      for (const meal of standing(meals)) {
        if (meal.channel === 'delivery' || meal.seniorId === null || meal.onPaper || down.has(placeAndPeriod(meal))) continue;
        const sums = weeks.now.get(meal.pointId) ?? { total: 0, hand: [], newHand: [] };
        weeks.now.set(meal.pointId, sums);
        sums.total += 1;
        if (byHand(meal)) (isNew(meal, ground) ? sums.newHand : sums.hand).push(mealEvidence(meal));
      }
      return ended === null ? [] : sharesOf(ended.key, ended.sums, ground);
    },
    onEnd: (lastDay) => {
      const ended = weeks.endAt(lastDay);
      return ended === null ? [] : sharesOf(ended.key, ended.sums, ground);
    },
  };
};

function sharesOf(week: string, sums: ReadonlyMap<string, PointWeek>, { facts, settings }: ScanGround): Finding[] {
  const alpha = settings.shareAlpha / Math.max(1, sums.size);
  return [...sums].flatMap(([pointId, { total, hand, newHand }]) => {
    // The entries of newcomers above their own limit are nobody's learning any more.
    const learning = newHand.length <= settings.manualShareNewStaff * total;
    const entries = learning ? hand : [...hand, ...newHand];
    const chance = binomialUpper(entries.length, total, settings.manualShareLimit);
    if (entries.length <= settings.manualShareLimit * total || chance > alpha) return [];
    return [findingOf({
      kind: 'manual-share', identity: [pointId, week], pointId, operatorId: facts.points.get(pointId)?.operatorId ?? null, evidence: entries,
      facts: { week, n: entries.length, total, limitPct: percent(settings.manualShareLimit), pPpm: Math.max(1, Math.ceil(chance * 1_000_000)) },
    })];
  });
}

export function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/**
 * One operator's manual entries in quick succession. Entries from paper, while the kiosk was down and in an attendant's
 * first days are left out. Source: audit check "same operator more than 3 manual entries in 10 minutes".
 */
export const manualBursts = dayDetector(({ day, meals }, ground) => {
  const down = withoutKiosk(meals, ground);
  const hand = standing(meals).filter((meal) => byHand(meal) && meal.seniorId !== null && !down.has(placeAndPeriod(meal)) && !isNew(meal, ground));
  return [...groupBy(hand, (meal) => meal.staffId)].flatMap(([staffId, entries]) => {
    const burst = inBursts(entries, ground.settings.manualBurstWindowS * 1000, ground.settings.manualBurstEntries);
    const [first] = burst;
    if (first === undefined) return [];
    return [findingOf({
      kind: 'manual-burst', identity: [staffId, day], pointId: first.pointId, operatorId: first.operatorId, staffId,
      facts: { day, n: burst.length, minutes: Math.round(ground.settings.manualBurstWindowS / 60) }, evidence: burst.map(mealEvidence),
    })];
  });
});

/**
 * More meals on one device than people can stand before it. By the time of the sale, so that a queue uploaded after an
 * outage is no burst. Source: audit check "10 meals in 60 seconds"; a seated or slow guest needs six seconds at least.
 */
export const mealBursts = dayDetector(({ day, meals }, { settings }) => {
  const sold = standing(meals).filter((meal) => meal.channel !== 'delivery' && !meal.onPaper);
  return [...groupBy(sold, (meal) => meal.deviceId ?? meal.staffId)].flatMap(([deviceId, rows]) => {
    const burst = inBursts(rows, settings.mealBurstWindowS * 1000, settings.mealBurstMeals);
    const [first] = burst;
    if (first === undefined) return [];
    return [findingOf({
      kind: 'meal-burst', identity: [deviceId, day], pointId: first.pointId, operatorId: first.operatorId, staffId: first.staffId,
      facts: { day, n: burst.length, seconds: settings.mealBurstWindowS }, evidence: burst.map(mealEvidence),
    })];
  });
});

interface Use { lastDay: BusinessDay; wake: { day: BusinessDay; idleDays: number; staffId: string; rows: Evidence[] } | null }

/**
 * Balances that nobody touched for a long time and that staff then use by hand: one senior several times within days,
 * or several seniors by one person within a week. Who comes back from a stay with a child is known by face, card or
 * digits and is no finding. Source: the case of vouchers charged on pretexts while seniors stayed at home.
 */
export const idleBalances: DetectorMaker = ({ settings }) => {
  const uses = new Map<string, Use>();
  let woken: { staffId: string; seniorId: string; day: BusinessDay; pointId: string; operatorId: string; row: Evidence }[] = [];
  return {
    onDay: ({ day, meals }) => {
      woken = woken.filter((one) => one.day > addDays(day, -7));
      const before = woken.length;
      const own: Finding[] = [];
      for (const meal of [...standing(meals)].sort((a, b) => a.atMs - b.atMs || (a.mealId < b.mealId ? -1 : 1))) {
        if (meal.seniorId === null) continue;
        const use = uses.get(meal.seniorId);
        const idleDays = use === undefined ? 0 : daysBetween(use.lastDay, day);
        const now: Use = { lastDay: day, wake: use?.wake ?? null };
        uses.set(meal.seniorId, now);
        if (now.wake !== null && daysBetween(now.wake.day, day) >= settings.idleBurstDays) now.wake = null;
        if (!byHand(meal) || meal.staffId === null) continue;
        if (idleDays >= settings.idleDays) {
          now.wake = { day, idleDays, staffId: meal.staffId, rows: [] };
          woken.push({ staffId: meal.staffId, seniorId: meal.seniorId, day, pointId: meal.pointId, operatorId: meal.operatorId, row: mealEvidence(meal) });
        }
        if (now.wake === null) continue;
        now.wake.rows.push(mealEvidence(meal));
        if (now.wake.rows.length >= settings.idleBurstUses) own.push(idleBurst(meal, now.wake));
      }
      return woken.length === before ? own : [...own, ...wokenByOne(woken, settings.idleWokenSeniors)];
    },
    onEnd: () => [],
  };
};

function idleBurst(meal: MealEvent, wake: NonNullable<Use['wake']>): Finding {
  return findingOf({
    kind: 'idle-balance-burst', identity: [meal.seniorId ?? '', wake.day], pointId: meal.pointId, operatorId: meal.operatorId, seniorId: meal.seniorId, staffId: wake.staffId,
    facts: { idleDays: wake.idleDays, day: wake.day, n: wake.rows.length }, evidence: wake.rows,
  });
}

function wokenByOne(woken: readonly { staffId: string; seniorId: string; day: BusinessDay; pointId: string; operatorId: string; row: Evidence }[], least: number): Finding[] {
  return [...groupBy(woken, (one) => one.staffId)].flatMap(([staffId, rows]) => {
    const [first] = rows;
    if (first === undefined || new Set(rows.map((one) => one.seniorId)).size < least) return [];
    // Named by the month, so that one person's doings over some weeks are one matter.
    return [findingOf({
      kind: 'idle-then-used', identity: [staffId, monthOf(first.day)], pointId: first.pointId, operatorId: first.operatorId, staffId,
      facts: { n: rows.length }, evidence: rows.map((one) => one.row),
    })];
  });
}

interface MonthUse { inside: boolean; odd: Evidence[]; pointId: string; operatorId: string }

/**
 * An account used in a month outside serving hours and never inside them. Faces are left out (somebody was there), and
 * so is what paper lists bring later. Source: audit check "card used only at 23 o'clock".
 */
export const oddHours: DetectorMaker = (ground) => {
  const months = new RunningPeriod<Map<string, MonthUse>>(monthOf, firstDayOf, ground.firstDay, () => new Map());
  return {
    onDay: ({ day, meals }) => {
      const ended = months.moveTo(day);
      for (const meal of standing(meals)) noteUse(months.now, meal, ground);
      return ended === null ? [] : oddOf(ended.key, ended.sums, ground);
    },
    onEnd: (lastDay) => {
      const ended = months.endAt(lastDay);
      return ended === null ? [] : oddOf(ended.key, ended.sums, ground);
    },
  };
};

function noteUse(month: Map<string, MonthUse>, meal: MealEvent, { facts, settings }: ScanGround): void {
  const point = facts.points.get(meal.pointId);
  if (meal.seniorId === null || meal.channel === 'delivery' || meal.onPaper || point === undefined) return;
  const use = month.get(meal.seniorId) ?? { inside: false, odd: [], pointId: meal.pointId, operatorId: meal.operatorId };
  month.set(meal.seniorId, use);
  if (!outside(point, minuteOfDay(new Date(meal.atMs)), settings.oddMarginMin)) use.inside = true;
  else if (!meal.identifiedBy.startsWith('face')) use.odd.push(mealEvidence(meal));
}

function outside(point: PointFact, minute: number, marginMin: number): boolean {
  return minute < point.startMin - marginMin || minute >= point.endMin + marginMin;
}

function oddOf(month: string, uses: ReadonlyMap<string, MonthUse>, { settings }: ScanGround): Finding[] {
  return [...uses].flatMap(([seniorId, { inside, odd, pointId, operatorId }]) => (inside || odd.length < settings.oddUses ? [] : [findingOf({
    kind: 'odd-hours', identity: [seniorId, month], pointId, operatorId, seniorId, facts: { month, n: odd.length }, evidence: odd,
  })]));
}

/**
 * A kiosk or the server saw no living face, or the same numbers twice, and the desk then entered somebody by hand.
 * Everyday failures (glasses, sun, doubt) are not counted. Source: audit check "face match by photo (liveness failed)
 * followed by manual entry".
 */
export const faceThenManual = dayDetector(({ day, meals, faceRefusals }: EventDay, { settings }) => {
  const refusals = faceRefusals.filter((refusal) => refusal.cause === 'liveness' || refusal.cause === 'replayed');
  if (refusals.length === 0) return [];
  const windowMs = settings.faceThenManualS * 1000;
  const pairs = standing(meals).filter(byHand).flatMap((meal) => refusals
    .filter((refusal) => refusal.pointId === meal.pointId && meal.atMs >= refusal.atMs && meal.atMs - refusal.atMs <= windowMs
      && (refusal.seniorId === null || refusal.seniorId === meal.seniorId))
    .map((refusal) => ({ meal, refusal })));
  return [...groupBy(pairs, ({ meal }) => meal.staffId ?? meal.pointId)].flatMap(([staffId, found]) => {
    const meal = found[0]?.meal;
    if (meal === undefined) return [];
    const rows: Evidence[] = found.flatMap((pair) => [
      mealEvidence(pair.meal), { kind: 'face-refusal' as const, id: pair.refusal.refusalId, day, atMs: pair.refusal.atMs, amountFen: 0 },
    ]);
    return [findingOf({
      kind: 'face-failed-then-manual', identity: [staffId, day], pointId: meal.pointId, operatorId: meal.operatorId, staffId: meal.staffId,
      facts: { day, n: new Set(found.map((pair) => pair.meal.mealId)).size }, evidence: rows,
    })];
  });
});
