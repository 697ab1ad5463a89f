import fc from 'fast-check';
import { coverDays, expiryOf, issueFirstExpiring, lotLabelText, packsToBuy } from '../../../src/domain/kitchen/index.js';
import { parseBusinessDay } from '../../../src/domain/kernel/business-day.js';

const day = (text: string) => parseBusinessDay(text);
const TODAY = day('2026-11-24');

describe('stock', () => {
  it('issues what expires first and nothing that has expired', () => {
    const lots = [
      { lotId: 'late', expiresOn: day('2026-12-20'), leftG: 5_000 }, { lotId: 'soon', expiresOn: day('2026-11-25'), leftG: 2_000 },
      { lotId: 'gone', expiresOn: day('2026-11-23'), leftG: 9_000 },
    ];
    expect(issueFirstExpiring(lots, 3_000, TODAY)).toEqual({ shares: [{ lotId: 'soon', grams: 2_000 }, { lotId: 'late', grams: 1_000 }], missingG: 0 });
    expect(issueFirstExpiring(lots, 8_000, TODAY).missingG).toBe(1_000);
    expect(issueFirstExpiring([{ lotId: 'today', expiresOn: TODAY, leftG: 1 }], 1, TODAY).missingG).toBe(0);
  });

  it('issues never more than a lot holds, and all that was asked for or all there is', () => {
    const lot = fc.record({ lotId: fc.uuid(), expiresOn: fc.constantFrom(day('2026-11-24'), day('2026-12-01'), day('2027-01-01')), leftG: fc.nat(10_000) });
    fc.assert(fc.property(fc.uniqueArray(lot, { selector: ({ lotId }) => lotId }), fc.nat(50_000), (lots, grams) => {
      const { shares, missingG } = issueFirstExpiring(lots, grams, TODAY);
      const taken = shares.reduce((sum, share) => sum + share.grams, 0);
      expect(taken + missingG).toBe(grams);
      expect(missingG === 0 || taken === lots.reduce((sum, { leftG }) => sum + leftG, 0)).toBe(true);
      expect(shares.every((share) => share.grams > 0 && share.grams <= (lots.find(({ lotId }) => lotId === share.lotId)?.leftG ?? 0))).toBe(true);
    }));
  });

  it('covers day after day: what is good today and not in three days counts today, and nothing is spent twice', () => {
    const [monday, wednesday] = [day('2026-11-23'), day('2026-11-25')];
    const lots = [{ lotId: 'fresh', expiresOn: monday, leftG: 3_000 }, { lotId: 'dry', expiresOn: day('2027-01-01'), leftG: 1_000 }];
    expect(coverDays(lots, [{ day: monday, grams: 3_500 }, { day: wednesday, grams: 2_000 }])).toEqual([{ coveredG: 3_500, missingG: 0 }, { coveredG: 500, missingG: 1_500 }]);
    expect(lots[0].leftG).toBe(3_000);
  });

  it('labels a lot with number, expiry and weight', () => {
    expect(lotLabelText({ lotNo: '261124-003', expiresOn: day('2026-12-01'), receivedG: 12_500 })).toBe('(17)261201(3103)012500(10)261124-003');
    expect(expiryOf(day('2026-11-20'), 7)).toBe('2026-11-27');
  });

  it.each([[{ needG: 4_200, stockG: 1_000, packG: 2_500 }, { missingG: 3_200, packs: 2, buyG: 5_000 }], [{ needG: 10, stockG: 0, packG: null }, { missingG: 10, packs: 1, buyG: 500 }],
    [{ needG: 10, stockG: 11, packG: 500 }, { missingG: 0, packs: 0, buyG: 0 }]])('buys %j as %j', (need, buy) => expect(packsToBuy(need)).toEqual(buy));
});
