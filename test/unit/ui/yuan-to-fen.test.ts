import fc from 'fast-check';
import { fenToYuan, yuanToFen } from '../../../console/src/parts/yuan-to-fen.js';

describe('amounts typed in yuan', () => {
  it.each([['0', 0], ['12', 1_200], ['12.5', 1_250], ['12.05', 1_205], ['0.29', 29], ['8。5', 850], [' 1.10 ', 110], ['999999.99', 99_999_999]])('%s yuan is %i fen', (typed, fen) => {
    expect(yuanToFen(typed)).toBe(fen);
  });

  it.each(['', '.', '.5', '5.', '1.005', '1.0.0', '-1', '+1', '1e3', '1,000', '1 0', '1000000', '0x10', '１２', 'NaN'])('%p is no amount', (typed) => {
    expect(yuanToFen(typed)).toBeNull();
  });

  it('what is written back is read as the same amount, to the fen', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), (fen) => {
      expect(yuanToFen(fenToYuan(fen))).toBe(fen);
    }));
  });
});
