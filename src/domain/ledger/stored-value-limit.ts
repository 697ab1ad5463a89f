import { fen, type Fen } from '../kernel/money.js';

/** What a named prepaid account may hold, by the operator's legal form. */
export interface StoredValueLimits {
  readonly companyFen: Fen;
  readonly otherFen: Fen;
}

/** The most that the law allows (Zhejiang Consumer Law measures, 2017, art. 10-11; standards.md 7). */
export const LEGAL_LIMITS: StoredValueLimits = { companyFen: fen(500_000), otherFen: fen(200_000) };

/**
 * The most that a named prepaid account may hold: 5,000 yuan where the operator is a company, 2,000 yuan where it is
 * another kind of business, or less where the street has decided so. Never more than the law allows.
 *
 * @param operatorKind the `kind` of the operator
 */
export function storedValueLimitFen(operatorKind: string, decided: StoredValueLimits = LEGAL_LIMITS): Fen {
  return operatorKind === 'company'
    ? fen(Math.min(decided.companyFen, LEGAL_LIMITS.companyFen))
    : fen(Math.min(decided.otherFen, LEGAL_LIMITS.otherFen));
}
