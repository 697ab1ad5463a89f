import { csvField } from '../../../console/src/parts/csv-field.js';
import { dayInWords, minuteText } from '../../../ui/dictionary/days.js';
import { dictionary } from '../../../ui/dictionary/index.js';
import { yuanDigits } from '../../../ui/dictionary/money.js';
import { fillWording } from '../../../ui/dictionary/words.js';

describe('the dictionary', () => {
  it('has every wording in both languages with the same places to fill', () => {
    const places = (text: string): string => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();
    const wrong = Object.entries(dictionary).filter(([, { zh, en }]) => zh.trim() === '' || en.trim() === '' || places(zh) !== places(en));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('keeps a place visible that nobody filled', () => {
    expect(fillWording('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});

describe('days and money in words', () => {
  it.each([
    ['2026-11-24', '今天 周二 11月24日'], ['2026-11-25', '明天 周三 11月25日'], ['2026-11-23', '昨天 周一 11月23日'],
    ['2026-11-30', '周一 11月30日'], ['2027-01-01', '周五 2027年1月1日'],
  ])('%s is %s', (day, words) => expect(dayInWords(day, '2026-11-24')).toBe(words));

  it.each([[600, '6'], [1420, '14.20'], [5, '0.05'], [-5, '-0.05'], [123456700, '1,234,567'], [0, '0']])('%s fen is %s', (fen, digits) => expect(yuanDigits(fen)).toBe(digits));

  it('writes minutes as a clock', () => expect([0, 630, 1439].map(minuteText)).toEqual(['00:00', '10:30', '23:59']));
});

describe('a field of an export', () => {
  it.each(['=HYPERLINK(1)', '+1+1', '-1+1', '@SUM(A1)', '\tx', '\r=1', '＝1', ' =1'])('%j is text, never a formula', (text) => expect(csvField(text)).toMatch(/^"'/));
  it.each([['12.50', '"12.50"'], ['-3', '"-3"'], ['say "hi"', '"say ""hi"""'], ['陈', '"陈"']])('%j is %j', (text, field) => expect(csvField(text)).toBe(field));
});
