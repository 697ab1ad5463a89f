import type { BoxKind } from '../../../../src/contract/delivery.js';
import { dictionary, t, type WordKey } from '../../../../ui/dictionary/index.js';

/** 10:41 for a second of the day; seconds are rounded up, so that nobody is promised too early. */
export function secondText(secondOfDay: number): string {
  const minutes = Math.ceil(secondOfDay / 60);
  return `${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** 6 楼 无电梯 */
export function floorText(stop: { floor: number; hasLift: boolean }): string {
  return `${t('dispatch.floor', { floor: stop.floor })}${stop.floor === 1 ? '' : ` ${t(stop.hasLift ? 'dispatch.lift' : 'dispatch.noLift')}`}`;
}

/** The wording of a code under a prefix; a code without one is shown as it is. */
export function worded(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in dictionary ? t(key as WordKey) : code;
}

/** 软食、少盐; empty for an ordinary portion. */
export function dietsText(diets: readonly string[]): string {
  return diets.map((code) => worded('kitchen.diet', code)).join('、');
}

/** What a crew counts into the crate: the set meal, its name and its diets. */
export function boxKindText(kind: BoxKind): string {
  return `${kind.setCode} ${kind.setName ?? ''}${kind.diets.length === 0 ? '' : ` · ${dietsText(kind.diets)}`}`;
}
