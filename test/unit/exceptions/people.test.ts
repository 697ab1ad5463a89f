import { byHand, dayOf, found, kindsOf, meal, MONDAY, on, span, stop, street } from '../../fixtures/exception-events.js';

const lunch = (clock: string, change: Parameters<typeof meal>[3] = {}) => meal('chen', MONDAY, clock, change);

describe('one meal claimed twice', () => {
  it.each([
    ['kiosk and door', lunch('11:40:00', { channel: 'delivery', identifiedBy: 'crew' })],
    ['a second point', lunch('12:20:00', { pointId: 'B' })],
    ['a collector', lunch('12:00:00', { channel: 'take-away', collectorId: 'neighbour' })],
  ])('is found across the kiosk and %s', (_, second) => {
    const findings = found([dayOf(MONDAY, { meals: [lunch('11:00:00'), second] })]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'double-claim', identity: `double-claim|chen|${MONDAY}|lunch`, seniorId: 'chen', amountFen: 1200, facts: { n: 2 } });
    expect(findings[0]?.reason.zh).toContain('2 份补贴餐');
  });

  it('is found where a box was handed over although the meal had been taken', () => {
    const box = stop('chen', MONDAY, '11:50:00', { mealId: null, receivedBy: 'family' });
    const [finding] = found([dayOf(MONDAY, { meals: [lunch('11:00:00')], stops: [box] })]);
    expect(finding).toMatchObject({ kind: 'double-claim' });
    expect(finding?.evidence.map((row) => row.kind)).toEqual(['meal', 'stop']);
  });

  it.each([
    ['a second portion paid in full', [lunch('11:00:00'), lunch('11:10:00', { subsidyFen: 0, dueFen: 1500 })]],
    ['a couple', [lunch('11:00:00'), meal('chen-wife', MONDAY, '11:00:09')]],
    ['twins of one flat at one kiosk', [meal('twin-1', MONDAY, '11:00:00', { ageYears: 80 }), meal('twin-2', MONDAY, '11:00:08', { ageYears: 80 })]],
    ['lunch and dinner', [lunch('11:00:00'), lunch('17:30:00', { period: 'dinner' })]],
    ['a meal taken back and sold again', [lunch('11:00:00', { reversed: true }), lunch('11:02:00')]],
    ['one neighbour fetching for three', ['chen', 'wu', 'lin', 'zhou'].map((senior, index) => meal(senior, MONDAY, `11:00:${10 + index * 8}`, { channel: 'take-away', collectorId: 'chen' }))],
    ['the public', [meal(null, MONDAY, '11:00:00'), meal(null, MONDAY, '11:00:30')]],
  ])('is not seen in %s', (_, meals) => {
    expect(found([dayOf(MONDAY, { meals })])).toEqual([]);
  });
});

describe('one person at two places', () => {
  it('is found within the time the way takes, also where the second portion is paid in full', () => {
    const findings = found([dayOf(MONDAY, { meals: [lunch('11:00:00'), lunch('11:04:00', { pointId: 'B', subsidyFen: 0, dueFen: 1500 })] })]);
    expect(kindsOf(findings)).toEqual(['two-places']);
    expect(Number(findings[0]?.facts['needS'])).toBeGreaterThan(1000);
  });

  it('is found between a point and the own door', () => {
    const facts = street({ seniors: new Map([['chen', { pointId: 'A', home: { latitude: 30.34, longitude: 120.35 } }]]) });
    const findings = found([dayOf(MONDAY, { meals: [lunch('11:00:00', { subsidyFen: 0 })], stops: [stop('chen', MONDAY, '11:03:00')] })], facts);
    expect(kindsOf(findings)).toEqual(['two-places']);
  });

  it.each([
    ['there is time for the way', [lunch('11:00:00', { subsidyFen: 0 }), lunch('11:40:00', { pointId: 'B' })]],
    ['the points are next door', [lunch('11:00:00', { subsidyFen: 0 }), lunch('11:01:00', { pointId: 'C' })]],
    ['somebody else fetched one of them', [lunch('11:00:00', { subsidyFen: 0 }), lunch('11:02:00', { pointId: 'B', collectorId: 'neighbour', channel: 'take-away' })]],
  ])('is not seen where %s', (_, meals) => {
    expect(found([dayOf(MONDAY, { meals })])).toEqual([]);
  });
});

describe('meals after a life event', () => {
  const ate = (day: string, change: Parameters<typeof meal>[3] = {}) => dayOf(day, { meals: [meal('chen', day, '11:00:00', { identifiedBy: 'card', ...change })] });

  it.each([
    ['death', 'after-death', '2026-03-04'], ['moved', 'after-move', '2026-03-04'], ['hospital', 'during-stay', '2026-03-04'],
    ['nursing-home', 'during-stay', '2026-03-03'], ['pause', 'during-pause', '2026-03-03'],
  ] as const)('are found: %s', (kind, expected, day) => {
    const findings = found([ate(day), ate('2026-03-05')], street({ lifeSpans: [span(kind, 'chen', '2026-03-03', '2026-03-10')] }));
    expect(kindsOf(findings)).toEqual([expected]);
    expect(findings[0]).toMatchObject({ identity: `${expected}|chen|${kind}|2026-03-03`, facts: { n: 2 } });
  });

  it.each([['death'], ['hospital'], ['moved']] as const)('are not counted on the day of it: lunch may have come first (%s)', (kind) => {
    expect(found([ate('2026-03-03')], street({ lifeSpans: [span(kind, 'chen', '2026-03-03')] }))).toEqual([]);
  });

  it('are not counted once a stay is over, on the day of leaving', () => {
    expect(found([ate('2026-03-10')], street({ lifeSpans: [span('hospital', 'chen', '2026-03-03', '2026-03-10')] }))).toEqual([]);
  });

  it('are nothing where one who paused the deliveries walks in and is known by the face', () => {
    expect(found([ate('2026-03-05', { identifiedBy: 'face' })], street({ lifeSpans: [span('pause', 'chen', '2026-03-03', '2026-03-10')] }))).toEqual([]);
  });

  it('are nothing once taken back', () => {
    expect(found([ate('2026-03-05', { reversed: true })], street({ lifeSpans: [span('death', 'chen', '2026-03-03')] }))).toEqual([]);
  });
});

describe('performing and verifying', () => {
  const act = (performedBy: string, verifiedBy: string) => dayOf(MONDAY, { duties: [{ actId: 'load-1', actKind: 'load', pointId: 'A', seniorId: null, performedBy, verifiedBy }] });

  it('by one account is found', () => {
    expect(kindsOf(found([act('staff-1', 'staff-1')]))).toEqual(['self-verified']);
  });

  it('by two accounts of one person is found', () => {
    const facts = street({ staff: new Map([['worker', { personKey: 'zhao', firstDay: on('2024-01-01') }], ['supervisor', { personKey: 'zhao', firstDay: on('2024-01-01') }]]) });
    expect(kindsOf(found([act('worker', 'supervisor')], facts))).toEqual(['self-verified']);
  });

  it('by two people is how it should be', () => {
    expect(found([act('staff-1', 'staff-2')])).toEqual([]);
  });

  it('is not seen in a single manual entry', () => {
    expect(found([dayOf(MONDAY, { meals: [meal('chen', MONDAY, '11:00:00', byHand())] })])).toEqual([]);
  });
});
