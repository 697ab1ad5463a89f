import { readFileSync } from 'node:fs';
import path from 'node:path';
import { contrast, dark, light } from '../../../ui/tokens/tokens.js';

const css = readFileSync(path.join(__dirname, '../../../ui/tokens/tokens.css'), 'utf8');

test.each(['ink', 'ink2', 'persimmon', 'jade', 'amber', 'alarm', 'sky'] as const)('%s reaches 7:1 on rice and paper', (name) => {
  for (const ground of [light.rice, light.paper]) expect(contrast(light[name], ground)).toBeGreaterThanOrEqual(7);
  for (const ground of [dark.rice, dark.paper]) expect(contrast(dark[name], ground)).toBeGreaterThanOrEqual(7);
});

test.each([
  ['ink2', 'wood'], ['ink', 'wood'], ['jade', 'jadeWash'], ['amber', 'amberWash'], ['alarm', 'alarmWash'], ['sky', 'skyWash'], ['persimmon', 'wood'],
] as const)('%s reads on %s', (text, ground) => {
  expect(contrast(light[text], light[ground])).toBeGreaterThanOrEqual(6.5);
});

test('borders reach 3:1', () => {
  expect(contrast(light.line, light.rice)).toBeGreaterThanOrEqual(3);
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});

test('the stylesheet holds the same colours', () => {
  for (const [name, value] of [...Object.entries(light), ...Object.entries(dark)]) {
    const property = `--${name.replace(/2$/, '-2').replace(/Wash$/, '-wash')}: ${value}`;
    expect(css).toContain(property);
  }
});
