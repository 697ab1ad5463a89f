import fc from 'fast-check';
import { planRoutes, verifyPlan, type PlannedTrip, type RoutePlan, type RouteProblem } from '../../../src/domain/routing/index.js';
import { crew, HALF_PAST_TEN, matrixOfMinutes, NOON, problem, roadOfMinutes, stop } from './instances.js';

const plan = (given: RouteProblem, seed = 1) => planRoutes(given, { seed, stop: { attempts: 6 } });
const rulesBroken = (given: RouteProblem, made: RoutePlan) => verifyPlan(given, made).map((violation) => violation.rule);

describe('named instances', () => {
  it('three doors on one road: one trip, nearest first, leaving so that nobody waits', () => {
    const given = problem(roadOfMinutes([4, 6, 2]), [stop(1), stop(2), stop(3)], [crew('a'), crew('b')]);
    const made = plan(given);
    expect(made.unplanned).toEqual([]);
    expect(made.trips).toHaveLength(1);
    expect(made.trips[0]).toMatchObject({
      departS: HALF_PAST_TEN - 120, boxes: 3, travelS: 720,
      visits: [
        { stopId: 'door-3', doorAtS: HALF_PAST_TEN },
        { stopId: 'door-1', doorAtS: HALF_PAST_TEN + 180 },
        { stopId: 'door-2', doorAtS: HALF_PAST_TEN + 360 },
      ],
    });
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('the box binds: 21 meals and a crew of 20 make two trips with reloading between', () => {
    const doors = Array.from({ length: 3 }, (_, index) => stop(index + 1, { boxes: 7 }));
    const given = problem(roadOfMinutes([2, 3, 4]), doors, [crew('a', { capacityBoxes: 20 })]);
    const made = plan(given);
    expect(made.trips.map((trip) => trip.boxes).sort((a, b) => a - b)).toEqual([7, 14]);
    expect(made.trips[1].departS - made.trips[0].backS).toBeGreaterThanOrEqual(600);
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('freshness binds, not the box: ten doors two minutes apart do not fit one trip of 15 minutes', () => {
    const doors = Array.from({ length: 10 }, (_, index) => stop(index + 1, { doorS: 120 }));
    const given = problem(roadOfMinutes([2, 4, 6, 8, 10, 2, 4, 6, 8, 10]), doors, [crew('a'), crew('b'), crew('c')]);
    const made = plan(given);
    expect(made.unplanned).toEqual([]);
    expect(made.trips.length).toBeGreaterThanOrEqual(3);
    for (const trip of made.trips) expect(Math.max(...trip.visits.map((visit) => visit.doorAtS)) - trip.departS).toBeLessThanOrEqual(900);
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('waiting counts as riding: a late window behind an early one needs a trip of its own', () => {
    const given = problem(roadOfMinutes([3, 4]), [
      stop(1, { windowEndS: HALF_PAST_TEN + 300 }), stop(2, { windowStartS: HALF_PAST_TEN + 2400 }),
    ], [crew('a')]);
    const made = plan(given);
    expect(made.trips).toHaveLength(2);
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('stairs count: the sixth floor without a lift is past the limit where the ground floor is not', () => {
    const road = roadOfMinutes([14]);
    expect(plan(problem(road, [stop(1)], [crew('a')])).unplanned).toEqual([]);
    expect(plan(problem(road, [stop(1, { climbS: 75 })], [crew('a')])).unplanned)
      .toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
  });

  it('outside the home radius is infeasible alone; a decided alternative lifts the radius, not the freshness', () => {
    const road = roadOfMinutes([16]);
    expect(plan(problem(road, [stop(1, { freshnessS: 1800 })], [crew('a')])).unplanned)
      .toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
    const decided = problem(road, [stop(1, { freshnessS: 1800, homeRadiusS: null })], [crew('a')]);
    expect(plan(decided).trips).toHaveLength(1);
    expect(plan(problem(road, [stop(1, { homeRadiusS: null })], [crew('a')])).trips).toHaveLength(0);
  });

  it('what needs the car is not given to the tricycle', () => {
    const road = roadOfMinutes([5]);
    const needsCar = problem(road, [stop(1, { vehicle: 'car' })], [crew('a')]);
    expect(plan(needsCar).unplanned).toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
    const withCar = { ...needsCar, crews: [crew('a'), crew('b', { profile: 'car' })], matrices: { tricycle: road, car: road } };
    expect(plan(withCar).trips).toMatchObject([{ crewId: 'b' }]);
    expect(verifyPlan(withCar, plan(withCar))).toEqual([]);
  });

  it('a short fleet leaves out those who need not be served first, and says so', () => {
    const window = { windowStartS: HALF_PAST_TEN, windowEndS: HALF_PAST_TEN + 120 };
    const given = problem(roadOfMinutes([10, -10]), [stop(1, window), stop(2, { ...window, mustServe: true })], [crew('a')]);
    const made = plan(given);
    expect(made.trips.flatMap((trip) => trip.visits.map((visit) => visit.stopId))).toEqual(['door-2']);
    expect(made.unplanned).toEqual([{ stopId: 'door-1', reason: 'fleet-spent' }]);
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('no crew: every door is left out because the fleet is spent', () => {
    const given = problem(roadOfMinutes([1]), [stop(1)], []);
    const made = plan(given);
    expect(made).toMatchObject({ trips: [], unplanned: [{ stopId: 'door-1', reason: 'fleet-spent' }] });
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('waiting at the first door overruns the window of the second: two trips', () => {
    const given = problem(roadOfMinutes([1, 5]), [
      stop(1, { windowStartS: HALF_PAST_TEN + 600 }), stop(2, { windowEndS: HALF_PAST_TEN + 700 }),
    ], [crew('a'), crew('b')]);
    const made = plan(given);
    expect(made.unplanned).toEqual([]);
    expect(verifyPlan(given, made)).toEqual([]);
  });

  it('the shift ends before the way back does', () => {
    const given = problem(roadOfMinutes([10]), [stop(1)], [crew('a', { shiftEndS: HALF_PAST_TEN + 600 })]);
    expect(plan(given).unplanned).toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
  });

  it('nobody rides in a break; where the whole window lies in it, nobody can come', () => {
    const rest = { fromS: HALF_PAST_TEN, toS: HALF_PAST_TEN + 1800 };
    const resting = problem(roadOfMinutes([5]), [stop(1)], [crew('a', { breaks: [rest] })]);
    const made = plan(resting);
    expect(made.trips[0].departS >= rest.toS || made.trips[0].backS <= rest.fromS).toBe(true);
    expect(verifyPlan(resting, made)).toEqual([]);
    const within = problem(roadOfMinutes([5]), [stop(1, { windowStartS: rest.fromS + 600, windowEndS: rest.toS })], [crew('a', { breaks: [rest] })]);
    expect(plan(within).unplanned).toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
    expect(verifyPlan(within, plan(within))).toEqual([]);
    const free = problem(roadOfMinutes([5]), within.stops.slice(), [crew('a')]);
    expect(rulesBroken(within, plan(free))).toContain('break');
  });

  it('a door that needs a skill waits for a crew that has it', () => {
    const given = problem(roadOfMinutes([3, 4]), [stop(1, { needs: ['lift-cart'] }), stop(2)], [crew('a'), crew('b', { skills: ['lift-cart'] })]);
    expect(plan(given).trips).toMatchObject([{ crewId: 'b', boxes: 2 }]);
    const nobody = { ...given, crews: [crew('a')] };
    expect(plan(nobody).unplanned).toEqual([{ stopId: 'door-1', reason: 'infeasible-alone' }]);
    expect(rulesBroken(nobody, { ...plan(given), trips: plan(given).trips.map((trip) => ({ ...trip, crewId: 'a' })) })).toContain('skill');
  });

  it('a person gets the crew they know where that costs nothing, and any crew rather than none', () => {
    const window = { windowStartS: HALF_PAST_TEN, windowEndS: HALF_PAST_TEN + 60 };
    const known = problem(roadOfMinutes([10, -10]), [stop(1, { ...window, knownCrewId: 'b' }), stop(2, { ...window, knownCrewId: 'a' })], [crew('a'), crew('b')]);
    expect(plan(known).trips.map((trip) => [trip.crewId, trip.visits[0].stopId]).sort()).toEqual([['a', 'door-2'], ['b', 'door-1']]);
    const gone = problem(roadOfMinutes([10]), [stop(1, { knownCrewId: 'gone' })], [crew('a')]);
    expect(plan(gone).trips).toMatchObject([{ crewId: 'a' }]);
  });

  it('the remembered order decides between two ways that cost the same', () => {
    const ring = matrixOfMinutes([[0, 3, 3, 3], [3, 0, 2, 2], [3, 2, 0, 2], [3, 2, 2, 0]]);
    const order = (ranks: number[]): string[] => {
      const made = plan(problem(ring, ranks.map((rank, index) => stop(index + 1, { rememberedRank: rank })), [crew('a')]));
      return made.trips.flatMap((trip) => trip.visits.map((visit) => visit.stopId));
    };
    expect(order([1, 2, 3])).toEqual(['door-1', 'door-2', 'door-3']);
    expect(order([3, 1, 2])).toEqual(['door-2', 'door-3', 'door-1']);
  });

  it('a crew that is not needed stays at home', () => {
    const doors = Array.from({ length: 12 }, (_, index) => stop(index + 1));
    const given = problem(roadOfMinutes([1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6]), doors, ['a', 'b', 'c', 'd', 'e'].map((id) => crew(id)));
    const made = plan(given);
    expect(made.unplanned).toEqual([]);
    expect(new Set(made.trips.map((trip) => trip.crewId)).size).toBe(1);
  });

  it('same problem, same seed, same plan', () => {
    const doors = Array.from({ length: 12 }, (_, index) => stop(index + 1));
    const given = problem(roadOfMinutes([1, 2, 3, 4, 5, 6, 7, -1, -2, -3, -4, -5]), doors, [crew('a'), crew('b')]);
    expect(plan(given, 7)).toEqual(plan(given, 7));
  });
});

const anyProblem: fc.Arbitrary<RouteProblem> = fc.integer({ min: 1, max: 9 }).chain((count) => fc.record({
  rows: fc.array(fc.array(fc.integer({ min: 0, max: 16 * 60 }), { minLength: count + 1, maxLength: count + 1 }), { minLength: count + 1, maxLength: count + 1 }),
  doors: fc.array(fc.record({
    boxes: fc.integer({ min: 1, max: 4 }), opens: fc.integer({ min: 0, max: 4000 }), length: fc.integer({ min: 60, max: 4000 }),
    climbS: fc.integer({ min: 0, max: 120 }), doorS: fc.integer({ min: 0, max: 240 }), mustServe: fc.boolean(),
    homeRadiusS: fc.constantFrom(900, 900, 900, null), vehicle: fc.constantFrom(null, null, null, 'tricycle' as const, 'car' as const),
    needs: fc.constantFrom([], [], [], ['lift-cart']), rememberedRank: fc.option(fc.nat(9)), knownCrewId: fc.constantFrom(null, 'crew-0', 'crew-1'),
  }), { minLength: count, maxLength: count }),
  crews: fc.array(fc.record({ capacityBoxes: fc.integer({ min: 2, max: 8 }), lateS: fc.integer({ min: 0, max: 3000 }), longS: fc.integer({ min: 600, max: 9000 }),
    restS: fc.option(fc.integer({ min: 36_000, max: 44_000 })), skills: fc.constantFrom([], ['lift-cart']) }), { maxLength: 3 }),
})).map(({ rows, doors, crews }) => problem(
  matrixOfMinutes(rows.map((row, from) => row.map((seconds, to) => (from === to ? 0 : seconds / 60)))),
  doors.map((door, index) => stop(index + 1, {
    ...door, windowStartS: HALF_PAST_TEN + door.opens, windowEndS: HALF_PAST_TEN + door.opens + door.length,
  })),
  crews.map((given, index) => crew(`crew-${index}`, {
    capacityBoxes: given.capacityBoxes, shiftStartS: 36_000 + given.lateS, shiftEndS: 36_000 + given.lateS + given.longS,
    skills: given.skills, breaks: given.restS === null ? [] : [{ fromS: given.restS, toS: given.restS + 900 }],
  })),
));

describe('any instance', () => {
  it('every plan passes the verifier', () => {
    fc.assert(fc.property(anyProblem, fc.integer(), (given, seed) => {
      expect(verifyPlan(given, planRoutes(given, { seed, stop: { attempts: 3 } }))).toEqual([]);
    }), { numRuns: 400 });
  });

  type Spoil = (trip: PlannedTrip, made: RoutePlan) => RoutePlan;
  const swapTrip = (made: RoutePlan, old: PlannedTrip, ...spoilt: PlannedTrip[]): RoutePlan =>
    ({ ...made, trips: made.trips.flatMap((trip) => (trip === old ? spoilt : [trip])) });
  const spoils: Record<string, Spoil> = {
    'a door is dropped': (trip, made) => swapTrip(made, trip, { ...trip, visits: trip.visits.slice(1) }),
    'a door is visited twice': (trip, made) => swapTrip(made, trip, { ...trip, visits: [...trip.visits, trip.visits[0]] }),
    'a door is unknown': (trip, made) => swapTrip(made, trip, { ...trip, visits: trip.visits.map((visit) => ({ ...visit, stopId: 'nowhere' })) }),
    'a crew is unknown': (trip, made) => swapTrip(made, trip, { ...trip, crewId: 'nobody' }),
    'a door time is a second early': (trip, made) => swapTrip(made, trip, { ...trip, visits: trip.visits.map((visit, index) => (index === 0 ? { ...visit, doorAtS: visit.doorAtS - 1 } : visit)) }),
    'the departure is not a whole minute': (trip, made) => swapTrip(made, trip, { ...trip, departS: trip.departS - 1 }),
    'everything happens a day earlier': (trip, made) => swapTrip(made, trip, { ...trip, departS: trip.departS - 86_400, backS: trip.backS - 86_400, visits: trip.visits.map((visit) => ({ ...visit, doorAtS: visit.doorAtS - 86_400 })) }),
    'the way back is forgotten': (trip, made) => swapTrip(made, trip, { ...trip, backS: trip.backS - 1 }),
    'the load is understated': (trip, made) => swapTrip(made, trip, { ...trip, boxes: trip.boxes - 1 }),
    'the same trip is ridden twice': (trip, made) => swapTrip(made, trip, trip, trip),
    'a planned door is also called infeasible': (trip, made) => ({ ...made, unplanned: [...made.unplanned, { stopId: trip.visits[0].stopId, reason: 'infeasible-alone' as const }] }),
    'a whole trip is called infeasible': (trip, made) => ({ ...swapTrip(made, trip), unplanned: [...made.unplanned, ...trip.visits.map(({ stopId }) => ({ stopId, reason: 'infeasible-alone' as const }))] }),
    'a door with a trip of its own is given up though its crew has room': (trip, made) => ({ ...swapTrip(made, trip), unplanned: [...made.unplanned, { stopId: trip.visits[0].stopId, reason: 'fleet-spent' as const }] }),
  };
  /** Ways of these instances may be longer than detours: of several doors of a trip each alone need not fit where all together did. */
  const spoilable = (name: string, made: RoutePlan): readonly PlannedTrip[] => (name.startsWith('a door with a trip of its own') ? made.trips.filter(({ visits }) => visits.length === 1) : made.trips);
  it.each(Object.keys(spoils))('the verifier rejects a plan in which %s', (name) => {
    let spoilt = 0;
    fc.assert(fc.property(anyProblem, fc.nat(), (given, pick) => {
      const made = planRoutes(given, { seed: 1, stop: { attempts: 1 } });
      const trips = spoilable(name, made);
      if (trips.length === 0) return;
      spoilt += 1;
      expect(rulesBroken(given, spoils[name](trips[pick % trips.length], made))).not.toEqual([]);
    }), { numRuns: 60 });
    expect(spoilt).toBeGreaterThan(5);
  });

  const tightenings: Record<string, [string, (given: RouteProblem, made: RoutePlan) => RouteProblem]> = {
    'the box shrinks': ['capacity', (given, made) => ({ ...given, crews: given.crews.map((one) => ({ ...one, capacityBoxes: Math.min(one.capacityBoxes, made.trips[0].boxes - 1) })) })],
    'freshness shrinks': ['freshness', (given, made) => ({ ...given, stops: given.stops.map((one) => ({ ...one, freshnessS: Math.min(one.freshnessS, lastDoor(made.trips[0]) - made.trips[0].departS - 1) })) })],
    'a window closes earlier': ['window', (given, made) => ({ ...given, stops: given.stops.map((one) => (one.id === made.trips[0].visits[0].stopId ? { ...one, windowEndS: made.trips[0].visits[0].doorAtS - 1 } : one)) })],
    'the radius shrinks': ['home-radius', (given) => ({ ...given, stops: given.stops.map((one) => ({ ...one, homeRadiusS: -1 })) })],
    'the shift ends earlier': ['shift', (given, made) => ({ ...given, crews: given.crews.map((one) => (one.id === made.trips[0].crewId ? { ...one, shiftEndS: made.trips[0].backS - 1 } : one)) })],
    'a door needs the car': ['vehicle', (given) => ({ ...given, stops: given.stops.map((one) => ({ ...one, vehicle: 'car' as const })) })],
    'meals are packed later': ['shift', (given) => ({ ...given, readyS: NOON * 2 })],
  };
  it.each(Object.keys(tightenings))('a plan made before %s is rejected for that rule', (name) => {
    const [rule, tighten] = tightenings[name];
    fc.assert(fc.property(anyProblem, (given) => {
      const made = planRoutes(given, { seed: 1, stop: { attempts: 1 } });
      fc.pre(made.trips.length > 0);
      expect(rulesBroken(tighten(given, made), made)).toContain(rule);
    }), { numRuns: 60 });
  });

  it('rejects a reload cut short', () => {
    const given = problem(roadOfMinutes([4, 5]), [stop(1, { boxes: 20 }), stop(2, { boxes: 20 })], [crew('a')]);
    expect(rulesBroken({ ...given, reloadS: 86_400 }, plan(given))).toContain('reload');
  });
});

function lastDoor(trip: PlannedTrip): number {
  return Math.max(...trip.visits.map((visit) => visit.doorAtS));
}
