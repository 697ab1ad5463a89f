import { fen, formatYuanShort } from '../../../src/domain/kernel/money.js';

/** "6" or "6.50": decimals only where fen matter. */
export const yuan = (amountFen: number): string => formatYuanShort(fen(amountFen));
