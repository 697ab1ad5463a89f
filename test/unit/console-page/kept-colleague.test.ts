import { keepColleague, keptColleague } from '../../../console/src/pages/seniors/kept-colleague.js';

const stored = new Map<string, string>();
beforeAll(() => {
  Object.assign(globalThis, { localStorage: { getItem: (name: string) => stored.get(name) ?? null, setItem: (name: string, value: string) => stored.set(name, value) } });
});
afterAll(() => { Reflect.deleteProperty(globalThis, 'localStorage'); });
beforeEach(() => stored.clear());

const morning = new Date('2026-11-24T01:00:00Z');

describe('the colleague of an enrolment day', () => {
  it('is remembered by name for the next senior, to the end of the day in Shanghai, and for this person alone', () => {
    keepColleague('a', ' li.na ', morning);
    expect(keptColleague('a', new Date('2026-11-24T15:59:00Z'))).toBe('li.na');
    expect(keptColleague('a', new Date('2026-11-24T16:00:00Z'))).toBe('');
    expect(keptColleague('b', morning)).toBe('');
    expect([...stored.values()].join('')).toBe('{"day":"2026-11-24","loginName":"li.na"}');
  });

  it('is nobody where what is stored is of no use or nothing can be stored', () => {
    stored.set('rehufan.enrol.colleague.a', '{');
    expect(keptColleague('a', morning)).toBe('');
    stored.set('rehufan.enrol.colleague.a', '{"day":1}');
    expect(keptColleague('a', morning)).toBe('');
    const full = globalThis.localStorage;
    Object.assign(globalThis, { localStorage: { getItem: () => null, setItem: () => { throw new Error('full'); } } });
    expect(() => { keepColleague('a', 'li.na', morning); }).not.toThrow();
    Object.assign(globalThis, { localStorage: full });
  });
});
