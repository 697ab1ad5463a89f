import fc from 'fast-check';
import { DEFAULT_OFFLINE_LIMITS, FIRST_HASH, homeKioskOf, judgeOfflineSale, placeInChain, type OfflineSaleFacts } from '../../../src/domain/offline/index.js';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const good: OfflineSaleFacts = {
  envelope: { issuedAtMs: NOW - 600_000, validUntilMs: NOW + 600_000, day: '2026-11-24', limits: { ...DEFAULT_OFFLINE_LIMITS, enabled: true }, maxRiskPpm: 10_000 },
  offered: true, atMs: NOW, day: '2026-11-24', receivedAtMs: NOW + 60_000, previousAtMs: NOW - 60_000, previous: null, dueFen: 1_600, claim: { kind: 'card' }, cardBlocked: false,
  earlier: { sales: 0, fen: 0, ofPerson: 0 }, revokedAtMs: null, dayClosed: false,
};

describe('a sale without network', () => {
  it('is posted where nothing speaks against it', () => {
    expect(judgeOfflineSale(good)).toBeNull();
  });

  it('with a card that is blocked waits', () => {
    expect(judgeOfflineSale({ ...good, cardBlocked: true })).toBe('OFFLINE.CARD_BLOCKED');
  });

  it('by a face waits where a stranger would pass more often than the bound allowed when the allowance was issued', () => {
    const byFace = (riskPpm: number, maxRiskPpm: number | null = 10_000) => judgeOfflineSale({
      ...good, claim: { kind: 'face', frames: 3, riskPpm }, envelope: good.envelope === null ? null : { ...good.envelope, maxRiskPpm },
    });
    expect([byFace(10_000), byFace(10_001), byFace(50_000, null)]).toEqual([null, 'OFFLINE.IDENTITY_DOUBT', null]);
  });

  it('on a closed day waits, whatever else is right', () => {
    expect(judgeOfflineSale({ ...good, dayClosed: true })).toBe('OFFLINE.DAY_CLOSED');
  });

  it('to the second of two people with one tray is posted, however quick; to a third, or to the same person, it waits', () => {
    const quick = { ...good, previousAtMs: NOW - 40 };
    expect(judgeOfflineSale({ ...quick, previous: { toAnother: true, beforeAtMs: null } })).toBeNull();
    expect(judgeOfflineSale({ ...quick, previous: { toAnother: true, beforeAtMs: NOW - 9_000 } })).toBeNull();
    expect(judgeOfflineSale({ ...quick, previous: { toAnother: true, beforeAtMs: NOW - 80 } })).toBe('OFFLINE.TOO_FAST');
    expect(judgeOfflineSale({ ...quick, previous: { toAnother: false, beforeAtMs: null } })).toBe('OFFLINE.TOO_FAST');
    expect(judgeOfflineSale({ ...quick, previous: null })).toBe('OFFLINE.TOO_FAST');
  });

  it('is never posted beyond what was signed, whatever arrives', () => {
    const facts = fc.record({
      atMs: fc.integer({ min: NOW - 10_000_000, max: NOW + 10_000_000 }), receivedAtMs: fc.integer({ min: NOW - 10_000_000, max: NOW + 200_000_000 }), dueFen: fc.integer({ min: 0, max: 10_000 }),
      sales: fc.integer({ min: 0, max: 100 }), fen: fc.integer({ min: 0, max: 200_000 }), ofPerson: fc.integer({ min: 0, max: 2 }), offered: fc.boolean(), revoked: fc.boolean(),
    });
    fc.assert(fc.property(facts, ({ atMs, receivedAtMs, dueFen, sales, fen, ofPerson, offered, revoked }) => {
      const { envelope } = good;
      if (envelope === null) return;
      const verdict = judgeOfflineSale({ ...good, atMs, receivedAtMs, dueFen, offered, earlier: { sales, fen, ofPerson }, revokedAtMs: revoked ? NOW : null });
      if (verdict !== null) return;
      expect([offered, revoked, ofPerson]).toEqual([true, false, 0]);
      expect(sales).toBeLessThan(envelope.limits.kioskSales);
      expect(fen + dueFen).toBeLessThanOrEqual(envelope.limits.kioskFen);
      expect(dueFen).toBeLessThanOrEqual(envelope.limits.mealFen);
      expect(atMs).toBeLessThanOrEqual(Math.min(envelope.validUntilMs, receivedAtMs) + 120_000);
      expect(receivedAtMs - atMs).toBeLessThanOrEqual(envelope.limits.hardStopMin * 60_000);
    }));
  });
});

describe('the chain of a device', () => {
  it('takes the next one only, and only behind the one it names', () => {
    const head = { seq: 2, hash: 'h2' };
    expect([[3, 'h2'], [3, 'x'], [4, 'h3'], [2, 'h1'], [1, FIRST_HASH]].map(([seq, previousHash]) => placeInChain(head, { seq: Number(seq), previousHash: String(previousHash) })))
      .toEqual(['next', 'broken', 'gap', 'repeat', 'repeat']);
  });
});

describe('the home kiosk', () => {
  it('is one for each person, the same for everybody who asks, and moves only the people of a kiosk that goes', () => {
    const kiosks = fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 4 });
    fc.assert(fc.property(kiosks, fc.array(fc.uuid(), { minLength: 1, maxLength: 30 }), (ids, people) => {
      const gone = ids[0] ?? '';
      for (const person of people) {
        const home = homeKioskOf(person, ids);
        expect(homeKioskOf(person, [...ids].reverse())).toBe(home);
        if (home !== gone) expect(homeKioskOf(person, ids.slice(1))).toBe(home);
      }
    }));
    expect(homeKioskOf('nobody', [])).toBeNull();
  });

  it('shares the people out about evenly', () => {
    const homes = Array.from({ length: 3_000 }, (_, index) => homeKioskOf(`person-${index}`, ['a', 'b', 'c']));
    for (const count of ['a', 'b', 'c'].map((kiosk) => homes.filter((home) => home === kiosk).length)) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
