/** Dots across 58 mm paper at 203 dpi. */
export const PAPER_DOTS = 384;
/** Rows in one command: cheap printers have a small buffer. */
const ROWS_AT_ONCE = 128;
const DARK = 160;

const INITIALISE = [0x1b, 0x40];
const FEED_FOUR_LINES = [0x1b, 0x64, 4];
const PARTIAL_CUT = [0x1d, 0x56, 1];

/**
 * A picture as ESC/POS raster commands (GS v 0). Drawn as a picture, so that rare characters and both languages come out
 * whatever code page the printer has.
 *
 * @param picture RGBA, one row after another; as wide as PAPER_DOTS at most
 */
export function rasterSlip(picture: { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }): Uint8Array {
  const { width, height, data } = picture;
  if (width < 1 || width > PAPER_DOTS || data.length !== width * height * 4) throw new RangeError('not a picture of this paper');
  const across = Math.ceil(width / 8);
  const bytes: number[] = [...INITIALISE];
  for (let top = 0; top < height; top += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, height - top);
    bytes.push(0x1d, 0x76, 0x30, 0, across & 0xff, across >> 8, rows & 0xff, rows >> 8);
    for (let row = top; row < top + rows; row += 1) {
      for (let column = 0; column < across; column += 1) bytes.push(eightDots(data, width, row, column * 8));
    }
  }
  return Uint8Array.from([...bytes, ...FEED_FOUR_LINES, ...PARTIAL_CUT]);
}

function eightDots(data: Uint8ClampedArray, width: number, row: number, from: number): number {
  let byte = 0;
  for (let dot = 0; dot < 8 && from + dot < width; dot += 1) {
    const at = (row * width + from + dot) * 4;
    const [red = 255, green = 255, blue = 255, alpha = 0] = data.subarray(at, at + 4);
    if (alpha > 127 && 0.299 * red + 0.587 * green + 0.114 * blue < DARK) byte |= 0x80 >> dot;
  }
  return byte;
}
