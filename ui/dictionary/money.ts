import { t } from './index.js';

/** "14.20" for 1420 fen; with `short`, "14" for 1400: decimals only where fen matter. Integer arithmetic only. */
export function yuanDigits(amountFen: number, short = true): string {
  const absolute = Math.abs(amountFen);
  const sign = amountFen < 0 ? '-' : '';
  const yuan = String(Math.trunc(absolute / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  if (short && absolute % 100 === 0) return sign + yuan;
  return `${sign}${yuan}.${String(absolute % 100).padStart(2, '0')}`;
}

/** 6 元, 14.20 元 */
export function yuanText(amountFen: number, short = true): string {
  return t('common.yuan', { yuan: yuanDigits(amountFen, short) });
}
