import { createHash } from 'node:crypto';
import { DIET_CODES } from '../../../src/contract/seniors.js';
import { ageOn, parseBusinessDay } from '../../../src/domain/kernel/business-day.js';
import { CATEGORY_CODES, parseCardNumber, parseIdNumber, parsePersonName, parsePhone } from '../../../src/domain/persons/index.js';
import { DEMO_FACE_PEOPLE, inventDemoStreet } from '../../../src/modules/demo-street/index.js';
import { lunchCrowd } from '../../../src/modules/demo-street/days/lunch-crowd.js';

const TODAY = parseBusinessDay('2026-11-24');
const { people, street } = inventDemoStreet('street-1', 3000, TODAY);
const ages = people.map(({ birthDate }) => ageOn(birthDate, TODAY));
const count = (low: number, high: number): number => ages.filter((age) => age >= low && age < high).length;
const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('the people of the demo street', () => {
  it('are the same for the same seed and day, ids included, and others for another seed', () => {
    expect(digest(inventDemoStreet('street-1', 300, TODAY))).toBe(digest(inventDemoStreet('street-1', 300, TODAY)));
    expect(digest(inventDemoStreet('street-1', 300, TODAY).people)).not.toBe(digest(inventDemoStreet('street-2', 300, TODAY).people));
  });

  it('begin the same whether the street is small or large', () => {
    expect(inventDemoStreet('street-1', 200, TODAY).people.slice(0, 150)).toEqual(people.slice(0, 150));
  });

  it('form a pyramid from 60 to 102', () => {
    expect(people).toHaveLength(3000);
    expect(Math.min(...ages)).toBe(60);
    expect(Math.max(...ages)).toBeLessThanOrEqual(102);
    expect(ages).toContain(102);
    const bands = [count(60, 65), count(65, 70), count(70, 75), count(75, 80), count(80, 85), count(85, 90), count(90, 103)];
    for (const [index, band] of bands.entries()) if (index > 0) expect(band).toBeLessThan(bands[index - 1] ?? 0);
    expect(count(60, 76) / 3000).toBeGreaterThan(0.7);
    expect(count(90, 103)).toBeGreaterThan(15);
    expect(count(90, 103)).toBeLessThan(120);
  });

  it('have more women the older they are', () => {
    const women = (low: number, high: number): number =>
      people.filter(({ sex }, index) => sex === 'F' && (ages[index] ?? 0) >= low && (ages[index] ?? 0) < high).length / count(low, high);
    expect(women(60, 70)).toBeGreaterThan(0.45);
    expect(women(60, 70)).toBeLessThan(0.56);
    expect(women(80, 103)).toBeGreaterThan(women(60, 70));
  });

  it('carry valid numbers that nobody has: ID with checksum, birth date and sex, unserved mobile prefix, card check digit', () => {
    for (const senior of people) {
      const facts = parseIdNumber(senior.idNumber);
      expect(facts).toMatchObject({ areaCode: '990000', birthDate: senior.birthDate, sex: senior.sex });
      expect(parsePhone(senior.phone)).toMatch(/^154/);
      if (senior.cardNumber !== null) expect(parseCardNumber(senior.cardNumber)).toBe(senior.cardNumber);
      expect(parsePersonName(senior.name)).toBe(senior.name);
    }
    const unique = (values: (string | null)[]): boolean => new Set(values.filter(Boolean)).size === values.filter(Boolean).length;
    expect(unique(people.map(({ idNumber }) => idNumber))).toBe(true);
    expect(unique(people.map(({ cardNumber }) => cardNumber))).toBe(true);
    expect(unique(people.map(({ phone }) => phone))).toBe(true);
  });

  it('live in households whose members share door and floor, two of them at most', () => {
    const households = new Map<string, typeof people>();
    for (const senior of people) {
      if (senior.householdId !== null) households.set(senior.householdId, [...(households.get(senior.householdId) ?? []), senior]);
    }
    const pairs = [...households.values()].filter((members) => members.length === 2);
    expect(pairs.length).toBeGreaterThan(500);
    for (const [a, b] of pairs) {
      expect(a?.address).toBe(b?.address);
      expect(a?.floor).toBe(b?.floor);
      expect(a?.sex).not.toBe(b?.sex);
    }
    expect(people.some(({ hasLift, floor }) => !hasLift && floor >= 4)).toBe(true);
    expect(people.some(({ address }) => address.includes('滩头村'))).toBe(true);
  });

  it('have categories with evidence and validity, and special seniors at every step', () => {
    for (const { categories } of people) {
      for (const category of categories) {
        expect(CATEGORY_CODES).toContain(category.code);
        expect(category.evidence).not.toBe('');
        expect(category.validTo === null || category.validFrom < category.validTo).toBe(true);
      }
      expect(new Set(categories.map(({ code }) => code)).size).toBe(categories.length);
    }
    const special = people.flatMap(({ categories }) => categories.filter(({ code }) => code === 'special-senior'));
    expect(new Set(special.map(({ status }) => status))).toEqual(new Set(['approved', 'applied', 'community', 'refused']));
    expect(special.some(({ status, validTo }) => status === 'approved' && validTo !== null && validTo <= TODAY)).toBe(true);
    expect(special.some(({ status, validFrom, validTo }) => status === 'approved' && validFrom <= TODAY && (validTo ?? '') > TODAY)).toBe(true);
  });

  it('eat by diets that the register knows', () => {
    for (const { diets } of people) for (const code of diets) expect(DIET_CODES).toContain(code);
    expect(people.filter(({ diets }) => diets.length > 0).length).toBeGreaterThan(500);
  });

  it('begin with the people of the demo camera, who are active, at the first point, with a known phone', () => {
    DEMO_FACE_PEOPLE.forEach((face, index) => {
      expect(people[index]).toMatchObject({ name: face.name, phone: face.phone, sex: face.sex, status: 'active', pointIndex: 0 });
      expect(ages[index]).toBe(face.ageYears);
    });
  });
});

describe('a lunch of the demo street', () => {
  const wednesday = parseBusinessDay('2026-11-18');
  const sunday = parseBusinessDay('2026-11-22');
  const crowd = lunchCrowd('street-1', wednesday, people, street.points);

  it('depends on seed and day alone', () => {
    expect(lunchCrowd('street-1', wednesday, people, street.points)).toEqual(crowd);
    expect(lunchCrowd('street-2', wednesday, people, street.points).lunches).not.toEqual(crowd.lunches);
  });

  it('is eaten once by each person, by some guests without an account, and by fewer on a Sunday', () => {
    const eaters = crowd.lunches.flatMap(({ seniorIndex }) => (seniorIndex === null ? [] : [seniorIndex]));
    expect(new Set(eaters).size).toBe(eaters.length);
    expect(eaters.length).toBeGreaterThan(250);
    expect(eaters.length).toBeLessThan(900);
    expect(crowd.lunches.length).toBeGreaterThan(eaters.length);
    expect(lunchCrowd('street-1', sunday, people, street.points).lunches.length).toBeLessThan(crowd.lunches.length * 0.8);
  });

  it('is brought home to those with a plan, or the attempt is on record', () => {
    const visited = people.flatMap((senior, index) => (senior.habit.deliveryMask !== 0 && senior.status === 'active' ? [index] : []));
    const brought = new Set(crowd.lunches.filter(({ channel }) => channel === 'delivery').map(({ seniorIndex }) => seniorIndex));
    const failed = new Set(crowd.failed.map(({ seniorIndex }) => seniorIndex));
    for (const index of visited) expect(brought.has(index) !== failed.has(index)).toBe(true);
    expect(visited.length).toBeGreaterThan(30);
  });
});
