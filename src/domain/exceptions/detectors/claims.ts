import { daysBetween } from '../../kernel/business-day.js';
import { dayDetector, groupBy, mealEvidence, standing, type DetectorMaker } from '../detector.js';
import type { MealEvent, OperatorAccount, PointDay } from '../events.js';
import { findingOf, type Finding } from '../finding.js';
import { daysLeftInMonth, monthOf } from '../periods.js';

/** A queue that a kiosk sends later carries the device's own time; this much later is no delay of the line. */
const UPLOADED_LATER_MS = 600_000;

/**
 * Meals eaten on a day on which the point did not serve, or written after its day was closed. What a device sold before the
 * close and sent afterwards, what a marked paper list brings and what was booked late is held for review elsewhere and is no finding.
 * Source: check "claim on closed day".
 */
export const closedDays = dayDetector(({ day, meals, pointDays }) => {
  const byPoint = new Map(pointDays.map((one) => [one.pointId, one]));
  const wrong = standing(meals).filter((meal) => {
    const point = byPoint.get(meal.pointId);
    return point !== undefined && (!point.open || afterClose(meal, point));
  });
  return [...groupBy(wrong, (meal) => meal.pointId)].map(([pointId, rows]) => findingOf({
    kind: 'closed-day', identity: [pointId, day], pointId, operatorId: rows[0]?.operatorId ?? null, facts: { day, n: rows.length }, evidence: rows.map(mealEvidence),
  }));
});

function afterClose(meal: MealEvent, { closedAtMs }: PointDay): boolean {
  if (closedAtMs === null || meal.recordedAtMs <= closedAtMs || meal.onPaper || meal.bookedLate === true) return false;
  const sentLater = meal.deviceId !== null && meal.atMs <= closedAtMs && meal.recordedAtMs - meal.atMs > UPLOADED_LATER_MS;
  return !sentLater;
}

/** A subsidy above the price it reduces, or a price below nothing. Source: check "subsidy > gross". */
export const subsidiesOverGross = dayDetector(({ meals }) => standing(meals)
  .filter((meal) => meal.subsidyFen > meal.grossFen || meal.dueFen < 0)
  .map((meal) => findingOf({
    kind: 'subsidy-over-gross', identity: [meal.mealId], pointId: meal.pointId, operatorId: meal.operatorId, seniorId: meal.seniorId,
    facts: { subsidyFen: meal.subsidyFen, grossFen: meal.grossFen }, evidence: [mealEvidence(meal)],
  })));

/** Two operators paid to one account at the same time. Source: check "same bank account for two caterers". */
export const sharedAccounts: DetectorMaker = ({ facts, firstDay }) => ({
  onDay: () => [],
  onEnd: () => [...groupBy(facts.operatorAccounts, (account) => account.accountKey)].flatMap(([accountKey, accounts]) => {
    const together = accounts.filter((one) => accounts.some((other) => other.operatorId !== one.operatorId && overlap(one, other)));
    const operators = [...new Set(together.map((one) => one.operatorId))].sort();
    const points = [...facts.points.values()].filter((point) => operators.includes(point.operatorId)).map((point) => point.pointId).sort();
    if (operators.length < 2) return [];
    return [findingOf({
      kind: 'shared-bank-account', identity: [accountKey], operatorId: operators[0] ?? null, pointId: points[0] ?? null, facts: { n: operators.length },
      evidence: together.map((one) => ({ kind: 'account' as const, id: one.accountId, day: one.from > firstDay ? one.from : firstDay, atMs: null, amountFen: 0 })),
    })];
  }),
});

function overlap(a: OperatorAccount, b: OperatorAccount): boolean {
  return (a.to === null || b.from < a.to) && (b.to === null || a.from < b.to);
}

interface Birth { after: string; upTo: string; tierAge: number }

/**
 * A right to a lower price that appears in the last days of a month: a category written down with a start well before,
 * or an age that no birthday explains (two meals whose ages allow no common day of birth). Birthdays and approvals that
 * start when they are given are no finding. Source: check "age category change just before settlement".
 */
export const changesBeforeSettlement: DetectorMaker = ({ settings }) => {
  const births = new Map<string, Birth>();
  return {
    onDay: ({ day, meals, changes }) => {
      const near = daysLeftInMonth(day) <= settings.settlementDays;
      const jumps = standing(meals).flatMap((meal) => jumpOf(births, meal)).filter(() => near);
      const backdated = near ? changes.filter((change) => daysBetween(change.validFrom, day) >= settings.backdatedDays) : [];
      return [
        ...jumps.map(({ meal, was, is }): Finding => findingOf({
          kind: 'category-before-settlement', identity: [meal.seniorId ?? '', monthOf(day)], pointId: meal.pointId, operatorId: meal.operatorId, seniorId: meal.seniorId,
          facts: { day, howZh: `年龄从 ${was} 岁变成 ${is} 岁，没有生日能解释`, howEn: `the age went from ${was} to ${is}, which no birthday explains` }, evidence: [mealEvidence(meal)],
        })),
        ...backdated.map((change): Finding => findingOf({
          kind: 'category-before-settlement', identity: [change.seniorId, monthOf(day)], pointId: change.pointId, seniorId: change.seniorId, staffId: change.recordedBy,
          facts: {
            day, howZh: `资格 ${change.code} 倒签到 ${change.validFrom}`, howEn: `the category ${change.code} was dated back to ${change.validFrom}`,
          },
          evidence: [{ kind: 'change', id: change.changeId, day, atMs: null, amountFen: 0 }],
        })),
      ];
    },
    onEnd: () => [],
  };
};

/** Narrows the days on which a senior can be born by the age at each meal; where none is left, the birth date was changed. */
function jumpOf(births: Map<string, Birth>, meal: MealEvent): { meal: MealEvent; was: number; is: number }[] {
  if (meal.seniorId === null || meal.ageYears === null) return [];
  const shifted = (years: number): string => `${Number(meal.day.slice(0, 4)) - years}${meal.day.slice(4)}`;
  const here: Birth = { after: shifted(meal.ageYears + 1), upTo: shifted(meal.ageYears), tierAge: meal.ageYears };
  const known = births.get(meal.seniorId);
  const after = known !== undefined && known.after > here.after ? known.after : here.after;
  const upTo = known !== undefined && known.upTo < here.upTo ? known.upTo : here.upTo;
  const fits = after < upTo;
  births.set(meal.seniorId, fits ? { after, upTo, tierAge: meal.ageYears } : here);
  return fits || known === undefined || meal.ageYears <= known.tierAge ? [] : [{ meal, was: known.tierAge, is: meal.ageYears }];
}

