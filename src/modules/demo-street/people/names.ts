import type { Sex } from '../../../domain/persons/index.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';

/** Surname and relative frequency (per thousand, rounded; towns of the lower Yangtze). */
const SURNAMES: readonly (readonly [string, number])[] = [
  ['王', 66], ['陈', 62], ['张', 54], ['李', 48], ['徐', 38], ['沈', 36], ['周', 34], ['吴', 32], ['朱', 31], ['杨', 28], ['俞', 26],
  ['胡', 22], ['金', 22], ['郑', 20], ['孙', 20], ['黄', 19], ['赵', 19], ['何', 18], ['林', 18], ['姚', 17], ['傅', 16], ['丁', 15],
  ['钱', 15], ['蒋', 14], ['陆', 14], ['许', 14], ['方', 13], ['叶', 13], ['高', 12], ['章', 12], ['施', 11], ['潘', 11], ['楼', 10],
  ['倪', 10], ['郭', 10], ['马', 10], ['葛', 9], ['汪', 9], ['冯', 9], ['来', 8], ['茅', 7], ['韩', 7], ['曹', 7], ['谢', 7], ['戴', 6],
  ['邵', 6], ['翁', 6], ['顾', 6], ['华', 5], ['裘', 5], ['单', 4], ['诸葛', 1], ['欧阳', 1], ['上官', 1],
];

const FIRST = {
  F: ['桂', '秀', '玉', '凤', '美', '金', '阿', '月', '彩', '杏', '雅', '惠', '素', '菊', '春', '爱', '丽', '水', '小', '雪', '淑', '文', '建', '国'],
  M: ['建', '国', '志', '永', '德', '金', '阿', '文', '明', '荣', '福', '水', '关', '长', '世', '家', '宝', '伟', '学', '根', '兴', '柏', '云', '正'],
} as const;
const SECOND = {
  F: ['英', '珍', '兰', '花', '仙', '娟', '琴', '芬', '娥', '凤', '莲', '妹', '香', '华', '芳', '珠', '琳', '萍', '女', '贞', '云', '红', '飞', '君'],
  M: ['华', '明', '根', '富', '生', '荣', '祥', '林', '法', '民', '康', '土', '清', '忠', '良', '宝', '平', '军', '强', '元', '炎', '海', '龙', '泉'],
} as const;

/** A name as people of that age carry it; one given character for one in six. */
export function inventName(random: SeededRandom, sex: Sex): string {
  const surname = random.weighted(SURNAMES);
  const second = random.pick<string>(SECOND[sex]);
  return random.chance(1 / 6) ? `${surname}${second}` : `${surname}${random.pick<string>(FIRST[sex])}${second}`;
}
