import { fen, type Fen } from '../kernel/money.js';

/**
 * The most that a named prepaid account may hold: 5,000 yuan where the operator is a company, 2,000 yuan where it is
 * another kind of business (Zhejiang Consumer Law measures, 2017, art. 10-11; standards.md 7).
 *
 * @param operatorKind the `kind` of the operator
 */
export function storedValueLimitFen(operatorKind: string): Fen {
  return operatorKind === 'company' ? fen(500_000) : fen(200_000);
}
