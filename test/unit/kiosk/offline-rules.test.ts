import type { OfflineEnvelope } from '../../../src/contract/offline.js';
import { isShareStale, offlinePrice, orderedNow, portionsLeft, whyNotNow, type OfflineMoment, type SoldOffline } from '../../../kiosk/src/device/offline-rules.js';

/** Tuesday 24 November 2026, 11:00 in Shanghai. */
const NOW = Date.parse('2026-11-24T03:00:00Z');
const price = { setMealId: 'A', dueFen: 1_600, why: 0, mark: 'm' };
const envelope: OfflineEnvelope = {
  envelopeId: 'e', deviceId: 'd', pointId: 'p', pointName: '一点', pointPhone: '1', day: '2026-11-24', issuedAtMs: NOW - 60_000, validUntilMs: NOW + 3_600_000, policyVersionId: null,
  limits: { enabled: true, mealFen: 2_000, kioskSales: 3, kioskFen: 4_000, balanceMeals: 2, windowMin: 240, hardStopMin: 1_440 },
  periods: [{ period: 'lunch', startMin: 600, endMin: 810, offers: [{ setMealId: 'A', code: 'A', name: '一', grossFen: 2_000, portionsLeft: 2, dietTags: [], dishes: [] }] }],
  sentences: [{ zh: '', en: '' }],
  people: [
    { personCode: 'own', maskedName: '陈先生', digits: '', elsewhere: null, prices: [price] }, { personCode: 'dear', maskedName: '王女士', digits: '', elsewhere: null, prices: [{ ...price, dueFen: 2_100 }] },
    { personCode: 'poor', maskedName: '李女士', digits: '', elsewhere: null, prices: [] }, { personCode: 'far', maskedName: '赵先生', digits: '', elsewhere: '二号机', prices: [] },
  ],
};
const sale = (personCode: string, changed: Partial<SoldOffline> = {}): SoldOffline => ({ id: personCode, day: '2026-11-24', personCode, period: 'lunch', setMealId: 'A', dueFen: 1_600, ...changed });
const at = (changed: Partial<OfflineMoment> = {}): OfflineMoment => ({ nowMs: NOW, lastKnownMs: NOW - 1_000, driftMs: 0, sold: [], point: null, ...changed });

describe('what a kiosk sells without network', () => {
  it('is what the allowance holds, at its price', () => {
    expect(offlinePrice(envelope, at(), 'own', 'A')).toEqual(price);
  });

  it.each([
    ['no allowance', 'no-allowance', null, at()],
    ['limits that are not signed', 'no-allowance', { ...envelope, limits: { ...envelope.limits, enabled: false } }, at()],
    ['a clock that was off at the last contact', 'clock', envelope, at({ driftMs: 121_000 })],
    ['a clock that was set back', 'clock', envelope, at({ nowMs: NOW - 122_000 })],
    ['the end of the window', 'expired', envelope, at({ nowMs: NOW + 3_600_001 })],
    ['an hour without a meal', 'not-serving', { ...envelope, validUntilMs: NOW + 86_400_000 }, at({ nowMs: NOW + 4 * 3_600_000 })],
    ['as many sales as were signed', 'limit', envelope, at({ sold: [sale('a', { dueFen: 1 }), sale('b', { dueFen: 1 }), sale('c', { dueFen: 1 })] })],
    ['as much money as was signed', 'limit', envelope, at({ sold: [sale('a', { dueFen: 4_000 })] })],
  ] as const)('ends with %s', (_, reason, given, moment) => {
    expect(whyNotNow(given, moment)).toBe(reason);
    expect(offlinePrice(given, moment, 'own', 'A')).toBe(reason);
  });

  it.each([
    ['a person of another kiosk', 'elsewhere', at(), 'far'], ['a person who is not in it', 'not-offered', at(), 'nobody'], ['a person whose wallet held too little', 'not-offered', at(), 'poor'],
    ['a second meal of the period', 'already-served', at({ sold: [sale('own')] }), 'own'], ['more than one meal may cost', 'limit', at(), 'dear'],
    ['the last portion of its share', 'sold-out', at({ sold: [sale('a', { dueFen: 1 }), sale('b', { dueFen: 1 })] }), 'own'],
    ['an amount that would pass the limit', 'limit', at({ sold: [sale('a', { dueFen: 2_500, setMealId: 'B' })] }), 'own'],
  ] as const)('is refused to %s', (_, reason, moment, personCode) => {
    expect(offlinePrice(envelope, moment, personCode, 'A')).toBe(reason);
  });

  it('counts its own portions down and never below none', () => {
    const [period] = envelope.periods;
    if (period === undefined) throw new Error('no period');
    expect([0, 1, 2, 3].map((sold) => portionsLeft(envelope, period, 'A', at({ sold: Array.from({ length: sold }, (_, index) => sale(String(index))) })))).toEqual([2, 1, 0, 0]);
  });

  it('counts what it sold with network until an allowance knows of it, and never against the limits', () => {
    const [period] = envelope.periods;
    if (period === undefined) throw new Error('no period');
    const since = sale('own', { onlineAtMs: NOW - 30_000 });
    const before = sale('own', { onlineAtMs: NOW - 90_000 });
    expect([since, before].map((one) => portionsLeft(envelope, period, 'A', at({ sold: [one] })))).toEqual([1, 2]);
    expect([since, before].map((one) => offlinePrice(envelope, at({ sold: [one] }), 'own', 'A'))).toEqual(['already-served', price]);
    expect(whyNotNow(envelope, at({ sold: ['a', 'b', 'c'].map((code) => sale(code, { onlineAtMs: NOW })) }))).toBeNull();
  });

  it('is never more than the whole point had left when the server last told, less what was sold here since', () => {
    const [period] = envelope.periods;
    if (period === undefined) throw new Error('no period');
    const point = { left: new Map([['A', 1]]), atMs: NOW - 20_000 };
    const left = (changed: Partial<OfflineMoment>): number => portionsLeft(envelope, period, 'A', at({ point, ...changed }));
    expect(left({})).toBe(1); // the second kiosk has sold of both shares
    expect(left({ sold: [sale('a', { atMs: NOW - 10_000 })] })).toBe(0);
    expect(left({ sold: [sale('a', { onlineAtMs: NOW - 10_000 })] })).toBe(0);
    expect(left({ sold: [sale('a', { atMs: NOW - 40_000 })] })).toBe(1); // the server knew of it when it told
    expect(left({ point: { left: new Map([['A', 0]]), atMs: NOW } })).toBe(0);
    expect(left({ point: { left: new Map(), atMs: NOW } })).toBe(2);
    expect(offlinePrice(envelope, at({ point: { left: new Map([['A', 0]]), atMs: NOW } }), 'own', 'A')).toBe('sold-out');
  });

  it('is asked for anew where others have sold of the share, and not for own sales', () => {
    const told = (left: number): OfflineMoment['point'] => ({ left: new Map([['A', left]]), atMs: NOW });
    expect([0, 1, 2, 3].map((left) => isShareStale(envelope, at({ point: told(left) })))).toEqual([true, true, false, false]);
    expect(isShareStale(envelope, at({ point: told(1), sold: [sale('own', { onlineAtMs: NOW - 1_000 })] }))).toBe(false);
    expect(isShareStale(envelope, at())).toBe(false);
  });
});

describe('what somebody has ordered', () => {
  const [person, ...others] = envelope.people;
  const [period] = envelope.periods;
  if (person === undefined || period === undefined) throw new Error('no envelope');
  /** One portion for anybody, one kept for the order of `own`. */
  const kept: OfflineEnvelope = {
    ...envelope, people: [{ ...person, ordered: ['A'] }, { ...person, personCode: 'walk-in' }, ...others],
    periods: [{ ...period, offers: period.offers.map((offer) => ({ ...offer, portionsLeft: 1, forOrders: 2 })) }],
  };
  const [keptPeriod = period] = kept.periods;

  it('is theirs when what anybody may buy is gone, and nobody else is sold it', () => {
    const moment = at({ sold: [sale('a', { dueFen: 1 })] });
    expect(offlinePrice(kept, moment, 'walk-in', 'A')).toBe('sold-out');
    expect(offlinePrice(kept, moment, 'own', 'A')).toEqual(price);
    expect(orderedNow(kept, moment, 'own')).toBe('A');
    expect(orderedNow(kept, moment, 'walk-in')).toBeNull();
  });

  it('takes its own portion and not one of the others as well', () => {
    const moment = at({ sold: [sale('own', { dueFen: 1 })] });
    expect([portionsLeft(kept, keptPeriod, 'A', moment), portionsLeft(kept, keptPeriod, 'A', moment, true)]).toEqual([1, 1]);
    expect(orderedNow(kept, moment, 'own')).toBeNull();
    expect(offlinePrice(kept, at({ sold: [sale('own', { dueFen: 1 }), sale('a', { dueFen: 1 })] }), 'walk-in', 'A')).toBe('sold-out');
  });

  it('is kept back of what the whole point had left when the server last told, and had by those who ordered while it is off sale', () => {
    const told = (left: number, forOrders: number): OfflineMoment['point'] => ({ left: new Map([['A', left]]), forOrders: new Map([['A', forOrders]]), atMs: NOW });
    expect(offlinePrice(kept, at({ point: told(1, 1) }), 'walk-in', 'A')).toBe('sold-out');
    expect(offlinePrice(kept, at({ point: told(1, 1) }), 'own', 'A')).toEqual(price);
    expect(offlinePrice(kept, at({ point: told(0, 2) }), 'own', 'A')).toEqual(price);
    expect(offlinePrice(kept, at({ point: told(0, 0) }), 'own', 'A')).toBe('sold-out');
  });

  describe('that is not this kiosk’s own', () => {
    /** Hundred portions at the time of signing, 60 deliveries and three orders of this kiosk and one of another: 36 for anybody. */
    const shared = (portionsLeft: number, ordered = 3): OfflineEnvelope => ({
      ...kept, periods: [{ ...keptPeriod, offers: keptPeriod.offers.map((offer) => ({ ...offer, portionsLeft, forOrders: portionsLeft + ordered, reserved: 60 + ordered + 1 })) }],
    });
    const left = (given: OfflineEnvelope, told: number, sold: readonly SoldOffline[] = []): number => portionsLeft(given, given.periods[0] ?? keptPeriod, 'A', at({ point: { left: new Map([['A', told]]), atMs: NOW }, sold }));
    const isStale = (given: OfflineEnvelope, told: number, sold: readonly SoldOffline[] = []): boolean => isShareStale(given, at({ point: { left: new Map([['A', told]]), atMs: NOW }, sold }));

    it('is sold to nobody else out of what the point has left, and the share is asked for anew', () => {
      expect([left(shared(36), 100), isStale(shared(36), 100)]).toEqual([36, false]);
      expect([left(shared(36), 70), isStale(shared(36), 70)]).toEqual([6, true]); // the desk has sold 30
      expect([left(shared(18), 70), isStale(shared(18), 70)]).toEqual([6, true]); // one of two kiosks
      expect([left(shared(18), 82), isStale(shared(18), 82)]).toEqual([18, false]);
    });

    it('leaves the order that was served here out, whether the server knew of it or not', () => {
      expect(left(shared(36), 70, [sale('own', { onlineAtMs: NOW + 1 })])).toBe(6);
      expect(left(shared(36), 69, [sale('own', { onlineAtMs: NOW - 1 })])).toBe(6);
      expect(left(shared(36), 70, [sale('walk-in', { onlineAtMs: NOW + 1 })])).toBe(5);
    });

    it('is not asked for again and again where fewer are left than were ordered', () => {
      expect([left(shared(0), 50), isStale(shared(0), 50)]).toEqual([0, false]);
    });
  });

  it('is said to be brought home, and not sold here as well', () => {
    const brought = { ...kept, people: [{ ...person, brought: ['lunch' as const] }] };
    expect(offlinePrice(brought, at(), 'own', 'A')).toBe('brought');
  });
});
