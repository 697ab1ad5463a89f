import { withFrame, type Capture } from '../../../console/src/pages/seniors/captured-frames.js';

it('counts a frame only where every model could describe it: both end with the same number', () => {
  let captures: readonly Capture[] = [];
  for (const coming of ['1', null, '3', null, '5']) captures = withFrame(captures, [{ modelId: 'in-use', descriptor: 'a' }, { modelId: 'coming', descriptor: coming }], 0.9);
  expect(captures.map(({ modelId, frames }) => [modelId, frames.length])).toEqual([['in-use', 3], ['coming', 3]]);
  expect(captures[1]?.frames.map(({ descriptor }) => descriptor)).toEqual(['1', '3', '5']);
});

it('needs no other model where none is coming', () => {
  expect(withFrame([], [{ modelId: 'in-use', descriptor: 'a' }], 0.9)).toEqual([{ modelId: 'in-use', frames: [{ descriptor: 'a', quality: 0.9 }] }]);
});
