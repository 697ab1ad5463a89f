import { t } from '../../../ui/dictionary/index.js';

/** Whose money is about to move: the name alone does not tell two people of one name apart. */
export const personText = ({ name, ageYears, pointName }: { readonly name: string; readonly ageYears: number; readonly pointName: string }): string =>
  t('desk.person', { name, age: ageYears, point: pointName });
