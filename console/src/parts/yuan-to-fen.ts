/**
 * Fen of an amount typed in yuan, digit by digit: no binary fraction is involved. "12.5" is 1250; a Chinese full stop
 * counts as a decimal point, as input methods write it. Null for everything else: signs, spaces inside, thousands
 * separators, three decimals, more than six digits before the point.
 */
export function yuanToFen(typed: string): number | null {
  const parts = /^(\d{1,6})(?:[.。](\d{1,2}))?$/.exec(typed.trim());
  return parts === null ? null : Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
}

/** The same the other way, as a person would type it: 1250 is "12.50", 1200 is "12". */
export function fenToYuan(amountFen: number): string {
  const part = amountFen % 100;
  return `${Math.trunc(amountFen / 100)}${part === 0 ? '' : `.${String(part).padStart(2, '0')}`}`;
}
