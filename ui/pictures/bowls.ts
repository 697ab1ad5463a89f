/** One painted patch of a bowl, in the 100 x 100 square of the picture. */
export interface Shape { readonly d: string; readonly fill: string; readonly stroke?: string }

export interface Bowl { readonly ground: string; readonly rim: string; readonly shapes: readonly Shape[] }

const RIM_BLUE = '#3f6c8f';
const RIM_RED = '#a8431f';

const circle = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

/** The same patch at several places: x, y and turn in degrees about 15 px wide pieces. */
function pieces(places: readonly (readonly [number, number, number])[], width: number, height: number, fills: readonly string[]): Shape[] {
  return places.map(([x, y, turn], index) => {
    const angle = (turn * Math.PI) / 180;
    const at = (dx: number, dy: number): string => (
      `${(x + dx * Math.cos(angle) - dy * Math.sin(angle)).toFixed(1)} ${(y + dx * Math.sin(angle) + dy * Math.cos(angle)).toFixed(1)}`
    );
    const [w, h] = [width / 2, height / 2];
    const d = `M${at(-w, 0)}Q${at(-w, -h)} ${at(0, -h)}Q${at(w, -h)} ${at(w, 0)}Q${at(w, h)} ${at(0, h)}Q${at(-w, h)} ${at(-w, 0)}Z`;
    return { d, fill: fills[index % fills.length] ?? '#888888' };
  });
}

const MEAT_PLACES = [[38, 40, 20], [58, 36, -15], [68, 54, 40], [48, 56, 5], [34, 60, -30], [56, 70, 15]] as const;
const LEAF_PLACES = [[36, 38, 30], [52, 32, -20], [66, 42, 60], [42, 54, -40], [60, 58, 20], [34, 66, 70], [54, 72, -10], [70, 64, -60]] as const;

const meat = (fills: readonly string[]): Shape[] => [
  ...pieces(MEAT_PLACES, 22, 15, fills), ...pieces([[46, 46, 40], [64, 66, -40], [30, 50, 60]], 7, 3, ['#3d7a3a']),
];

const leaves = (fills: readonly string[]): Shape[] => pieces(LEAF_PLACES, 24, 10, fills);

const BOWLS: Readonly<Record<string, Bowl>> = {
  rice: {
    ground: '#f7f1e3', rim: RIM_BLUE,
    shapes: pieces([[36, 40, 20], [48, 34, -40], [60, 42, 60], [42, 52, 10], [54, 54, -20], [66, 56, 30], [38, 64, 50], [52, 68, 0], [62, 68, -50]], 9, 4, ['#ffffff', '#ebe2cc']),
  },
  congee: { ground: '#f4ead0', rim: RIM_BLUE, shapes: [...pieces([[44, 46, 20], [58, 54, -30], [40, 62, 10]], 8, 4, ['#fffaf0']), ...pieces([[56, 40, 30], [48, 58, 60]], 8, 3, ['#3d7a3a'])] },
  noodles: {
    ground: '#e9c98a', rim: RIM_RED,
    shapes: [0, 1, 2, 3].map((row) => ({ d: `M24 ${40 + row * 8}Q38 ${30 + row * 8} 50 ${41 + row * 8}T77 ${40 + row * 8}`, fill: 'none', stroke: row % 2 ? '#fff3cf' : '#c99a4b' })),
  },
  bun: { ground: '#e7d3ac', rim: RIM_BLUE, shapes: [circle(39, 44, 15), circle(62, 44, 15), circle(50, 63, 15)].map((d, index) => ({ d, fill: index === 1 ? '#fff3da' : '#fff9ea', stroke: '#d6bd8d' })) },
  pork: { ground: '#c98a52', rim: RIM_RED, shapes: meat(['#8c3b1d', '#a24a26']) },
  beef: { ground: '#b5763f', rim: RIM_RED, shapes: meat(['#5f2a18', '#743620']) },
  chicken: { ground: '#e3b866', rim: RIM_RED, shapes: meat(['#c9832e', '#b97324']) },
  fish: {
    ground: '#ecd9ad', rim: RIM_BLUE,
    shapes: [
      { d: 'M24 52Q42 32 66 50L78 40L76 62L66 54Q42 72 24 52Z', fill: '#9fb4bd', stroke: '#5c7783' },
      { d: 'M40 46Q46 52 40 59M50 44Q56 52 50 60', fill: 'none', stroke: '#5c7783' },
      { d: circle(32, 51, 2), fill: '#211c15' }, ...pieces([[44, 70, 20], [60, 68, -30]], 12, 3, ['#3d7a3a']),
    ],
  },
  shrimp: { ground: '#f0dcae', rim: RIM_RED, shapes: [[40, 42], [61, 46], [46, 63]].map(([x = 0, y = 0]) => ({ d: `M${x - 10} ${y + 4}Q${x - 6} ${y - 11} ${x + 8} ${y - 4}Q${x + 2} ${y + 2} ${x + 1} ${y + 8}Q${x - 4} ${y - 2} ${x - 10} ${y + 4}Z`, fill: '#e0764a', stroke: '#b4502a' })) },
  egg: {
    ground: '#f0b9a0', rim: RIM_RED,
    shapes: [...pieces([[40, 42, 10], [60, 56, -20], [42, 64, 30]], 26, 18, ['#f6cf4d', '#fbdc6f']), ...pieces([[60, 38, 20], [64, 70, -20], [32, 54, 50]], 16, 13, ['#cf3f2a'])],
  },
  tofu: { ground: '#c75b2c', rim: RIM_BLUE, shapes: [...pieces([[40, 40, 10], [60, 42, -12], [48, 58, 30], [66, 62, 5], [34, 60, -20]], 17, 15, ['#fff6e2', '#f7e8c8']), ...pieces([[52, 48, 0], [58, 70, 40]], 8, 3, ['#3d7a3a'])] },
  greens: { ground: '#7fae5c', rim: RIM_BLUE, shapes: leaves(['#2f6b2b', '#468c3c', '#5ea34c']) },
  melon: { ground: '#d5e3b0', rim: RIM_BLUE, shapes: pieces(MEAT_PLACES, 20, 13, ['#eef5d8', '#b9d58a']) },
  mushroom: { ground: '#d9c29a', rim: RIM_BLUE, shapes: [...pieces([[40, 42, 0], [60, 46, 20], [46, 62, -20]], 24, 16, ['#6b4a2f', '#80583a']), ...leaves(['#468c3c']).slice(5)] },
  carrot: { ground: '#e8d6a4', rim: RIM_RED, shapes: pieces(LEAF_PLACES, 20, 7, ['#e07a2a', '#c8641c', '#468c3c']) },
  potato: { ground: '#d8a95a', rim: RIM_RED, shapes: pieces(MEAT_PLACES, 19, 15, ['#f2d68a', '#e3bf68']) },
  soup: { ground: '#e6c27a', rim: RIM_BLUE, shapes: [...pieces([[42, 44, 20], [60, 52, -30]], 20, 12, ['#f6e0a6']), ...pieces([[54, 38, 40], [40, 62, -10], [64, 66, 20]], 9, 3, ['#3d7a3a']), { d: circle(36, 55, 3), fill: '#f2d48e' }, { d: circle(56, 66, 2.4), fill: '#f2d48e' }] },
  fruit: { ground: '#f7ecd2', rim: RIM_RED, shapes: [{ d: circle(41, 46, 13), fill: '#d9622b' }, { d: circle(61, 48, 11), fill: '#c23b32' }, { d: circle(50, 65, 11), fill: '#e8b53a' }, ...pieces([[45, 33, 30]], 9, 4, ['#3d7a3a'])] },
  other: { ground: '#e8cf9a', rim: RIM_BLUE, shapes: [...pieces(MEAT_PLACES.slice(0, 4), 19, 13, ['#b9772f', '#468c3c', '#cf8a3a'])] },
};

/** The bowl of a picture key of `DISH_PICTURES`; unknown keys are drawn as `other`. */
export function bowlOf(picture: string): Bowl {
  return BOWLS[picture] ?? (BOWLS['other'] as Bowl);
}
