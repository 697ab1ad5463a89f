import { t } from '../../../ui/dictionary/index.js';
import { FormRefusal } from './toast.js';
import { yuanToFen } from './yuan-to-fen.js';

/** The amount of a form, in fen. @throws FormRefusal with the sentence that says what to type, `wrong` or the usual one */
export function askedFen(typed: string, { minFen = 0, maxFen = 99_999_999, wrong = t('wallets.wrongYuan') } = {}): number {
  const amountFen = yuanToFen(typed);
  if (amountFen === null || amountFen < minFen || amountFen > maxFen) throw new FormRefusal(wrong);
  return amountFen;
}
