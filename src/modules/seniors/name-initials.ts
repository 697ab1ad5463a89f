import { pinyin } from 'pinyin-pro';

/** Pinyin initials by which a desk finds a name without typing Chinese: 陈桂英 -> cgy, 单田芳 -> stf (surname reading). */
export function nameInitials(name: string): string {
  const firsts = /^[\p{Script=Latin}\p{M} .’'-]+$/u.test(name)
    ? name.split(/[ .-]+/).map((word) => word.charAt(0))
    : pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', mode: 'surname' });
  return firsts.join('').toLowerCase().replace(/[^a-z]/g, '').slice(0, 40);
}
