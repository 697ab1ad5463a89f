import { judgeRecord } from '../../../src/domain/food-safety/index.js';

const at = (celsius: number | null, minutes: number | null = null, fit = true) => ({ celsius, minutes, fit });

describe('a record of the food safety log', () => {
  it.each([
    ['holding', at(60), true], ['holding', at(59.9), false], ['holding', at(8), true], ['transport', at(5), true], ['transport', at(8.1), false], ['holding', at(null), false], ['transport', at(63), true],
    ['cooling', at(21, 120), true], ['cooling', at(21, 121), false], ['cooling', at(8, 240), true], ['cooling', at(9, 200), false], ['cooling', at(5), false],
    ['disinfection', at(100, 10), true], ['disinfection', at(120, 14), false], ['disinfection', at(95, 30), false], ['disinfection', at(null), true], ['disinfection', at(null, null, false), false],
    ['health', at(null), true], ['health', at(null, null, false), false], ['opening', at(null), true],
  ] as const)('%s %j passes: %s', (kind, measured, passes) => expect(judgeRecord(kind, measured)).toBe(passes));
});
