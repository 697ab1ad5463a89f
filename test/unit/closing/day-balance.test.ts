import fc from 'fast-check';
import { afterEvent, compareDay, NO_PORTIONS, portionDifference, type DayCount, type PortionCounts, type PortionEvent, type SetMealCount } from '../../../src/domain/closing/index.js';

const event = fc.record({
  kind: fc.constantFrom<PortionEvent['kind'][]>('accept', 'receive', 'serve', 'collect', 'give', 'send', 'waste'), portions: fc.integer({ min: 1, max: 40 }),
});

/** What remains of a sequence, kept apart from the counts: the pile on the counter. */
function play(events: readonly PortionEvent[]): { counts: PortionCounts; pile: number } {
  let counts: PortionCounts = NO_PORTIONS;
  let pile = 0;
  for (const one of events) {
    const next = afterEvent(counts, one);
    if (next === null) continue;
    counts = next;
    pile += one.kind === 'accept' || one.kind === 'receive' ? one.portions : -one.portions;
  }
  return { counts, pile };
}

const dayOf = (counts: PortionCounts, changed: Partial<SetMealCount> = {}): DayCount => ({
  setMeals: [{ setMealId: 'set', ...counts, mealsHere: counts.served, mealsAway: counts.collected, ...changed }],
  sources: [], tenders: [], loadsOpen: 0, transfersOpen: 0, drawersOpen: 0,
});

describe('the portions of a day', () => {
  it('after any sequence of accepting, serving, collecting, sending, giving and wasting balance, or the difference is the pile', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { counts, pile } = play(events);
      expect(portionDifference(counts)).toBe(pile);
      const differences = compareDay(dayOf(counts));
      expect(differences).toEqual(pile === 0 ? [] : [{ kind: 'portions-left', setMealId: 'set', by: pile }]);
    }));
  });

  it('balance once the pile has been thrown away', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { counts, pile } = play(events);
      const thrown = pile === 0 ? counts : afterEvent(counts, { kind: 'waste', portions: pile });
      expect(thrown === null ? null : compareDay(dayOf(thrown))).toEqual([]);
    }));
  });

  it('never go below nothing: more out than in is refused, at every step', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 40 }), event, (events, last) => {
      const { counts, pile } = play(events);
      const takes = last.kind !== 'accept' && last.kind !== 'receive';
      expect(afterEvent(counts, last) === null).toBe(takes && last.portions > pile);
    }));
  });

  it('of two points balance together whatever is sent between them, once it has been accepted', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 90 }), fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), (accepted, sendings) => {
      let here = accepted === 0 ? NO_PORTIONS : afterEvent(NO_PORTIONS, { kind: 'accept', portions: accepted }) ?? NO_PORTIONS;
      let there: PortionCounts = NO_PORTIONS;
      for (const portions of sendings) {
        const sent = afterEvent(here, { kind: 'send', portions });
        if (sent === null) continue;
        here = sent;
        there = afterEvent(there, { kind: 'receive', portions }) ?? there;
      }
      expect(portionDifference(here) + portionDifference(there)).toBe(accepted);
      expect(here.transferredOut).toBe(there.transferredIn);
    }));
  });
});

describe('the comparison of a day', () => {
  const balanced: PortionCounts = { ...NO_PORTIONS, accepted: 85, served: 60, collected: 20, wasted: 5 };

  it('names every difference with its side and sign', () => {
    const day: DayCount = {
      ...dayOf(balanced, { mealsHere: 59, mealsAway: 22 }),
      sources: [{ source: 'kiosk', meals: 40, reversed: 1, ledgerMeals: 41, ledgerReversed: 0 }, { source: 'desk', meals: 19, reversed: 0, ledgerMeals: 19, ledgerReversed: 0 }],
      tenders: [{ tender: 'cash', mealsFen: 1_600, ledgerFen: 1_000 }, { tender: 'wallet', mealsFen: 64_000, ledgerFen: 64_000 }],
      loadsOpen: 1, transfersOpen: 15, drawersOpen: 2,
    };
    expect(compareDay(day)).toEqual([
      { kind: 'portions-served', setMealId: 'set', by: 1 }, { kind: 'portions-collected', setMealId: 'set', by: -2 },
      { kind: 'meals-ledger', source: 'kiosk', by: -1 }, { kind: 'reversals-ledger', source: 'kiosk', by: 1 },
      { kind: 'money-ledger', tender: 'cash', by: 600 }, { kind: 'loads-open', by: 1 }, { kind: 'transfers-open', by: 15 }, { kind: 'drawers-open', by: 2 },
    ]);
  });

  it('lets a balanced day pass, and a single portion or fen keep it open', () => {
    expect(compareDay(dayOf(balanced))).toEqual([]);
    expect(compareDay(dayOf({ ...balanced, wasted: 4 }))).toHaveLength(1);
    expect(compareDay({ ...dayOf(balanced), tenders: [{ tender: 'debt', mealsFen: 1, ledgerFen: 0 }] })).toHaveLength(1);
  });

  it('counts a box that left ahead of its portion among those that left', () => {
    expect(compareDay(dayOf({ ...balanced, wasted: 4, boxesAhead: 1 }))).toEqual([]);
  });
});
