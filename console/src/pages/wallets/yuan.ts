import { FormRefusal } from '../../parts/toast.js';
import { t } from '../../../../ui/dictionary/index.js';

/** "12.5" to 1250 without floats; zero is an amount. @throws FormRefusal with the wording for a wrong amount */
export function fenOf(text: string): number {
  const parts = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (parts === null) throw new FormRefusal(t('wallets.wrongYuan'));
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
}
