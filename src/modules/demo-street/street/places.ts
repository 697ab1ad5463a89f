import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { addDays } from '../../../domain/kernel/business-day.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { IdMint } from '../id-mint.js';
import { layRoads, type Place, placeOfNode, shifted, straightMetres, type StreetGround } from './road-network.js';

/** Administrative codes that no real place has (GB/T 2260 stops far below 99). */
export const DEMO_AREAS = {
  street: '990101001',
  sameDistrict: '990101002',
  sameCity: '990102001',
  elsewhere: '980101001',
} as const;

export type PointKind = 'community-point' | 'operator-canteen' | 'social-restaurant';

export interface DemoOperator {
  id: string;
  name: string;
  kind: 'caterer' | 'canteen' | 'restaurant' | 'delivery';
  contractNo: string;
  contractFrom: BusinessDay;
  contractTo: BusinessDay;
  licenceNo: string;
  licenceValidTo: BusinessDay;
}

export interface DemoPoint extends Place {
  id: string;
  communityIndex: number;
  operatorIndex: number;
  code: string;
  name: string;
  kind: PointKind;
  openToPublic: boolean;
  phone: string;
  /** How many seniors live around it, relative to the other points. */
  weight: number;
  /** Housing compounds: name, place, storeys and lift. */
  compounds: DemoCompound[];
}

export interface DemoCompound extends Place {
  name: string;
  storeys: number;
  hasLift: boolean;
  buildings: number;
  /** Share of the point's seniors who live here, relative to its other compounds. */
  weight: number;
}

export interface DemoStreet extends StreetGround {
  streetId: string;
  streetName: string;
  areaCode: string;
  kitchen: Place & { id: string; name: string };
  communities: { id: string; name: string }[];
  operators: DemoOperator[];
  points: DemoPoint[];
}

const COMMUNITIES = ['柳岸', '桂雨', '清荷', '松涛', '望潮', '云水', '听雨', '稻香', '晨曦', '滩头'];
const OPERATORS = [
  { name: '暖阳餐饮服务（演示）', kind: 'caterer', contractDays: 540, licenceDays: 900 },
  { name: '和顺社区食堂（演示）', kind: 'canteen', contractDays: 260, licenceDays: 410 },
  { name: '邻里小馆（演示）', kind: 'restaurant', contractDays: 180, licenceDays: 21 },
  { name: '捷安配送（演示）', kind: 'delivery', contractDays: 330, licenceDays: 700 },
] as const;

/** Column and row in the road grid, community, operator, weight. Code 01 … 14 in this order. */
const POINTS: readonly [name: string, kind: PointKind, column: number, row: number, community: number, operator: number, weight: number][] = [
  ['柳岸社区助餐点', 'community-point', 3, 3, 0, 0, 1.1],
  ['柳岸北苑助餐点', 'community-point', 8, 2, 0, 0, 0.8],
  ['桂雨社区助餐点', 'community-point', 13, 3, 1, 0, 1.3],
  ['桂雨东里食堂', 'operator-canteen', 18, 3, 1, 1, 1],
  ['清荷社区助餐点', 'community-point', 23, 4, 2, 0, 0.9],
  ['松涛社区食堂', 'operator-canteen', 3, 9, 3, 1, 1.2],
  ['松涛南路助餐点', 'community-point', 8, 8, 3, 0, 0.7],
  ['云水邻里小馆', 'social-restaurant', 18, 9, 5, 2, 0.9],
  ['望潮社区食堂', 'operator-canteen', 22, 14, 4, 1, 1.1],
  ['听雨社区助餐点', 'community-point', 3, 15, 6, 0, 1],
  ['听雨小馆', 'social-restaurant', 8, 16, 6, 2, 0.8],
  ['稻香社区助餐点', 'community-point', 13, 16, 7, 0, 1.2],
  ['晨曦社区食堂', 'operator-canteen', 18, 16, 8, 1, 1],
  ['滩头社区助餐点', 'community-point', 24, 9, 9, 0, 0.5],
];
const COMPOUND_NAMES = ['桂花苑', '梧桐里', '银杏园', '荷塘新村', '香樟公寓', '杨柳新村', '海棠苑', '竹园小区', '玉兰花园', '石榴坊', '枇杷院', '梅林里'];
const COMPOUNDS_PER_POINT = 6;

/** Kitchen, communities, operators, 14 meal points and the housing around them, on invented roads. */
export function buildStreet(random: SeededRandom, mint: IdMint, today: BusinessDay): DemoStreet {
  const ground = layRoads(random.fork('roads'));
  const points = POINTS.map(([name, kind, column, row, communityIndex, operatorIndex, weight], index): DemoPoint => ({
    id: mint.next(), name, kind, communityIndex, operatorIndex, weight,
    code: String(index + 1).padStart(2, '0'),
    openToPublic: kind !== 'community-point',
    phone: `0571-990001${String(index + 1).padStart(2, '0')}`,
    ...placeOfNode(ground.roads, row * ground.columns + column),
    compounds: [],
  }));
  placeCompounds(random.fork('compounds'), ground, points);
  return {
    ...ground,
    streetId: mint.next(),
    streetName: '示范街道（演示）',
    areaCode: DEMO_AREAS.street,
    kitchen: { id: mint.next(), name: '示范街道中央厨房（演示）', ...placeOfNode(ground.roads, 10 * ground.columns + 12) },
    communities: COMMUNITIES.map((name) => ({ id: mint.next(), name: `${name}社区` })),
    operators: OPERATORS.map((operator, index) => ({
      id: mint.next(), name: operator.name, kind: operator.kind,
      contractNo: `DEMO-HT-${index + 1}`,
      contractFrom: addDays(today, operator.contractDays - 730),
      contractTo: addDays(today, operator.contractDays),
      licenceNo: `DEMO-JY-99${index + 1}`,
      licenceValidTo: addDays(today, operator.licenceDays),
    })),
    points,
  };
}

/** Compounds stand at nodes nearer to their own point than to any other; the last point also has the far village. */
function placeCompounds(random: SeededRandom, ground: StreetGround, points: DemoPoint[]): void {
  const nodesOf: number[][] = points.map(() => []);
  for (let node = 0; node < ground.columns * ground.rows; node += 1) {
    nodesOf[nearestPoint(points, placeOfNode(ground.roads, node))]?.push(node);
  }
  points.forEach((point, index) => {
    const names = random.shuffled(COMPOUND_NAMES);
    const nodes = random.shuffled(nodesOf[index] ?? []).slice(0, COMPOUNDS_PER_POINT);
    point.compounds = nodes.map((node, order): DemoCompound => {
      const tower = random.chance(0.4);
      return {
        ...shifted(placeOfNode(ground.roads, node), random.real(-60, 60), random.real(-60, 60)),
        name: names[order] ?? '新村',
        storeys: tower ? random.int(11, 24) : random.int(5, 7),
        hasLift: tower,
        buildings: random.int(4, 16),
        weight: random.real(0.5, 1.5),
      };
    });
    if (index === points.length - 1) point.compounds.push(...villageCompounds(ground));
  });
}

function villageCompounds(ground: StreetGround): DemoCompound[] {
  return ground.village.slice(2, 4).map((node) => ({
    ...placeOfNode(ground.roads, node), name: '滩头村', storeys: 2, hasLift: false, buildings: 9, weight: 0.6,
  }));
}

function nearestPoint(points: readonly DemoPoint[], place: Place): number {
  let nearest = 0;
  points.forEach((point, index) => {
    if (straightMetres(point, place) < straightMetres(points[nearest] ?? point, place)) nearest = index;
  });
  return nearest;
}
