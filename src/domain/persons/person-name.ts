import { DomainError } from '../kernel/domain-error.js';
import type { Sex } from './id-number.js';

/** Characters in a name, counted as people count them (a rare Han character of four bytes is one). */
export const LONGEST_NAME = 40;

/** Two-character surnames in use; everything else is one character. */
const COMPOUND_SURNAMES = new Set([
  '欧阳', '太史', '端木', '上官', '司马', '东方', '独孤', '南宫', '万俟', '闻人', '夏侯', '诸葛', '尉迟', '公羊', '赫连', '澹台',
  '皇甫', '宗政', '濮阳', '公冶', '太叔', '申屠', '公孙', '慕容', '仲孙', '钟离', '长孙', '宇文', '司徒', '鲜于', '司空', '闾丘',
  '子车', '亓官', '司寇', '巫马', '公西', '颛孙', '壤驷', '公良', '漆雕', '乐正', '宰父', '谷梁', '拓跋', '夹谷', '轩辕', '令狐',
  '段干', '百里', '呼延', '东郭', '南门', '羊舌', '微生', '公户', '公玉', '公仪', '梁丘', '公仲', '公上', '公门', '公山', '公坚',
  '左丘', '公伯', '西门', '公祖', '第五', '公乘', '贯丘', '公皙', '南荣', '东里', '东宫', '仲长', '子书', '子桑', '即墨', '达奚',
]);

/** Letters of any script, marks, blanks between words, and the dots and hyphens that names contain. */
const NAME = /^[\p{L}\p{M}][\p{L}\p{M} ·•.’'-]*$/u;

/**
 * Trims and normalises (NFC, one kind of middle dot). Rare Han characters stay exactly as typed.
 *
 * @throws DomainError PERSON.NAME_EMPTY, PERSON.NAME_TOO_LONG, PERSON.NAME_CHARACTERS (control, invisible or
 *   direction-changing characters, digits, lone surrogates)
 */
export function parsePersonName(text: string): string {
  const name = text.normalize('NFC').trim().replace(/[•・‧∙]/gu, '·');
  if (name === '') throw new DomainError('PERSON.NAME_EMPTY', 'invalid');
  if (!NAME.test(name)) throw new DomainError('PERSON.NAME_CHARACTERS', 'invalid');
  const length = Array.from(name).length;
  if (length > LONGEST_NAME) throw new DomainError('PERSON.NAME_TOO_LONG', 'invalid', { length, longest: LONGEST_NAME });
  return name;
}

/**
 * The surname of a Chinese name. A name with a middle dot (阿卜杜拉·买买提) or in Latin letters has no surname that a
 * rule could find; its first character stands in, which shows least.
 */
export function surnameOf(name: string): string {
  const characters = Array.from(name);
  const firstTwo = characters.slice(0, 2).join('');
  return COMPOUND_SURNAMES.has(firstTwo) && characters.length > 2 ? firstTwo : characters.slice(0, 1).join('');
}

/** What a public screen may show: 陈先生, 欧阳女士. */
export function maskName(name: string, sex: Sex): string {
  return `${surnameOf(name)}${sex === 'M' ? '先生' : '女士'}`;
}
