import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';
import { commonWords } from '../dictionary/common.ts';
import { kioskWords } from '../dictionary/kiosk.ts';
import { fontFolder, slicesOf } from './font-slices.ts';

const OWN = '/kiosk/src/type/words.css';
const LATER = '/kiosk/src/type/later.css';
const REST = '/kiosk/src/type/rest.css';
/** The kiosk's own words have one weight, between medium and bold, which halves what must arrive; their order of rank is size and colour. */
const WEIGHT = 600;

/** Words of the first screen and of what stands around every screen. */
const FIRST = /^kiosk\.(greeting|staff|again|online|offline$|welcome|today|diet|volume|size|starting|demo|meal\.(energy|protein|sodium|unverified))|^common\.(product|language)/;
/** What dishes and points are mostly written with; rarer characters come from the font's own slices. */
const DISHES = '红烧清蒸炒煮炖焖煎卤拌糖醋酱香葱姜蒜鱼肉鸡鸭鹅牛羊猪排骨丸虾仁蛋豆腐干皮丝片块丁末饼粥饭面馒头包子饺馄饨青菜白萝卜胡番茄土冬瓜南黄西兰花菇木耳海带紫芹韭笋藕茭山药玉米小油菠芋泥汤羹软烂少盐套餐素荤时蔬三鲜家常麻婆宫保梅鳕鲈老年助食堂社区街道中心店点号楼切狮鳊水椒洋柳苗榨灼雪撕百茸糜利糊菌杂粮岸桂雨荷松涛望潮云稻晨阳邻馆安送北苑东路梧桐杏园塘村樟公寓院央厨房下沙新扣毛合龙五瘦莲竹平';
/** What names are mostly written with; they are shown once somebody stands there. */
const NAMES = '王李张刘陈杨赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚先生女士';

/**
 * The kiosk's type, so that little has to arrive before its first screen stands: one small file for each slice of the
 * font that holds characters of the first screen, one for those of its other words, and the font's own slices for
 * everything that is not in the dictionary, fetched where such a character is shown.
 */
export function kioskFonts(): Plugin {
  const folder = fontFolder();
  let isBuild = false;
  return {
    name: 'rehufan-kiosk-fonts',
    enforce: 'pre',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    async load(id) {
      if (!isBuild || ![OWN, LATER, REST].some((file) => id.endsWith(file))) return null;
      const emit = (name: string, source: Buffer): string => `__VITE_ASSET__${this.emitFile({ type: 'asset', name, source })}__`;
      const slices = slicesOf(await readFile(path.join(folder, 'index.css'), 'utf8'));
      const { first, later } = charactersOfKiosk();
      const faces: string[] = [];
      for (const slice of slices) {
        const source = await readFile(path.join(folder, slice.file));
        if (id.endsWith(REST)) {
          faces.push(face(emit(path.basename(slice.file), source), slice.ranges.flatMap((range) => without(range, new Set([...first, ...later])))));
          continue;
        }
        const own = [...(id.endsWith(OWN) ? first : later)].filter((point) => slice.ranges.some(([from, to]) => from <= point && point <= to)).sort((a, b) => a - b);
        if (own.length === 0) continue;
        const subset = await subsetFont(source, String.fromCodePoint(...own), { targetFormat: 'woff2', variationAxes: { wght: WEIGHT } });
        faces.push(face(emit(`words-${createHash('sha256').update(subset).digest('hex').slice(0, 8)}.woff2`, subset), own.map((point) => [point, point])));
      }
      return faces.join('\n');
    },
  };
}

function charactersOfKiosk(): { first: Set<number>; later: Set<number> } {
  const words: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = { ...commonWords, ...kioskWords };
  const texts = Object.entries(words).map(([key, { zh, en }]) => ({ isFirst: FIRST.test(key), text: zh + en }));
  const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
  const pointsOf = (text: string): number[] => [...text].flatMap((character) => character.codePointAt(0) ?? []);
  const first = new Set(pointsOf(printable + DISHES + texts.filter(({ isFirst }) => isFirst).map(({ text }) => text).join('')));
  return { first, later: new Set(pointsOf(NAMES + texts.map(({ text }) => text).join('')).filter((point) => !first.has(point))) };
}

/** What is left of a range of code points without some of them. */
function without([from, to]: readonly [number, number], taken: ReadonlySet<number>): (readonly [number, number])[] {
  const left: [number, number][] = [];
  for (let point = from; point <= to; point += 1) {
    if (taken.has(point)) continue;
    const last = left.at(-1);
    if (last?.[1] === point - 1) last[1] = point;
    else left.push([point, point]);
  }
  return left;
}

function face(address: string, ranges: readonly (readonly [number, number])[]): string {
  const text = ranges.map(([from, to]) => `U+${from.toString(16)}${to > from ? `-${to.toString(16)}` : ''}`).join(',');
  return ranges.length === 0 ? '' : `@font-face{font-family:'Noto Sans SC Variable';font-style:normal;font-display:swap;font-weight:100 900;src:url(${address}) format('woff2');unicode-range:${text}}`;
}
