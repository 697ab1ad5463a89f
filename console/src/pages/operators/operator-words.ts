import { OPERATOR_KINDS, POINT_KINDS, type OperatorRow } from '../../../../src/contract/operators.js';
import { t } from '../../../../ui/dictionary/index.js';

/** The kind of an operator in words; kinds written before the list was fixed stand as they are. */
export function kindText(kind: string): string {
  const known = OPERATOR_KINDS.find((one) => one === kind);
  return known === undefined ? kind : t(`operators.kind.${known}`);
}

export function pointKindText(kind: string): string {
  const known = POINT_KINDS.find((one) => one === kind);
  return known === undefined ? kind : t(`operators.pointKind.${known}`);
}

export function problemsText(problems: OperatorRow['problems']): string {
  return problems.map((problem) => t(`operators.problem.${problem}`)).join('，');
}
