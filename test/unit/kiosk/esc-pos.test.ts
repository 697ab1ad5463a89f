import { PAPER_DOTS, rasterSlip } from '../../../kiosk/src/slip/esc-pos.js';

/** A white picture with some black dots. */
function pictureOf(width: number, height: number, dots: readonly (readonly [number, number])[]): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [x, y] of dots) data.set([0, 0, 0, 255], (y * width + x) * 4);
  return { width, height, data };
}

describe('a slip for a receipt printer', () => {
  it('is raster commands, most significant dot first, then paper out and a cut', () => {
    expect([...rasterSlip(pictureOf(10, 2, [[0, 0], [9, 0], [7, 1]]))]).toEqual([
      0x1b, 0x40, 0x1d, 0x76, 0x30, 0, 2, 0, 2, 0, 0b1000_0000, 0b0100_0000, 0b0000_0001, 0, 0x1b, 0x64, 4, 0x1d, 0x56, 1,
    ]);
  });

  it('comes in bands that a small buffer holds, with every row once', () => {
    const bytes = rasterSlip(pictureOf(PAPER_DOTS, 300, []));
    const bands: number[] = [];
    for (let at = 2; bytes[at] === 0x1d && bytes[at + 1] === 0x76;) {
      const rows = (bytes[at + 6] ?? 0) + 256 * (bytes[at + 7] ?? 0);
      bands.push(rows);
      at += 8 + rows * (PAPER_DOTS / 8);
    }
    expect(bands).toEqual([128, 128, 44]);
  });

  it('leaves grey paper and see-through dots white', () => {
    const picture = pictureOf(8, 1, []);
    picture.data.set([200, 200, 200, 255], 0);
    picture.data.set([0, 0, 0, 10], 4);
    expect(rasterSlip(picture)[10]).toBe(0);
  });

  it('is refused for another paper', () => {
    expect(() => rasterSlip(pictureOf(PAPER_DOTS + 1, 1, []))).toThrow(RangeError);
    expect(() => rasterSlip({ width: 8, height: 2, data: new Uint8ClampedArray(4) })).toThrow(RangeError);
  });
});
