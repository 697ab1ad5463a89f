/** The colours of tokens.css as values, for charts and for the test that computes their contrast. */
export const light = {
  rice: '#fff9ee', paper: '#ffffff', ink: '#211c15', ink2: '#4b443a', persimmon: '#8f2f10', jade: '#14532d',
  amber: '#713f12', alarm: '#991b1b', sky: '#0c4a6e', line: '#8a7f6e',
  wood: '#f3e6cf', jadeWash: '#e7f2e6', amberWash: '#fbeccb', alarmWash: '#fbe6e1', skyWash: '#e4eff5',
} as const;

export const dark = {
  rice: '#14110d', paper: '#1d1914', ink: '#fff3dc', ink2: '#e2d4ba', persimmon: '#fdba74', jade: '#86efac',
  amber: '#fde047', alarm: '#fca5a5', sky: '#7dd3fc', line: '#a89b85',
} as const;

/** Series of a chart, in this order; labels stand beside the lines. */
export const chartSeries = [light.sky, light.persimmon, light.jade, light.amber] as const;

/** Least measures of the kiosk, in millimetres on the glass. */
export const kioskMm = {
  text: 6, keyFact: 10, target: 20, gap: 4, primaryHeight: 25, primaryWidth: 60, edge: 10, corner: 4,
} as const;

/** CSS pixels per millimetre where nobody has calibrated the panel: 21.5 inch full HD, 0.248 mm a pixel. */
export const DEFAULT_PX_PER_MM = 4.03;

/** WCAG relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}
