import { ref } from 'vue';
import { accessWords } from './access.js';
import { auditActionWords } from './audit-actions.js';
import { auditWords } from './audit.js';
import { closingWords } from './closing.js';
import { treasuryWords } from './treasury.js';
import { contractorWords } from './contractor.js';
import { paperWords } from './paper.js';
import { commonWords } from './common.js';
import { dishChangeWords } from './dish-changes.js';
import { deskWords } from './desk.js';
import { seatWords } from './seats.js';
import { devicesWords } from './devices.js';
import { careWords } from './care.js';
import { volunteerWords } from './volunteers.js';
import { dispatchWords } from './dispatch.js';
import { routeSheetWords } from './route-sheets.js';
import { faceWords } from './faces.js';
import { familyWords } from './family.js';
import { kitchenWords } from './kitchen.js';
import { orderingWords } from './ordering.js';
import { kioskWords } from './kiosk.js';
import { journalWords } from './journal.js';
import { exceptionWords } from './exceptions.js';
import { financeClaimWords } from './finance-claims.js';
import { financeWords } from './finance.js';
import { lifeEventWords } from './life-events.js';
import { nutritionWords } from './nutrition.js';
import { offlineWords } from './offline.js';
import { operatorWords } from './operators.js';
import { reachWords } from './reach.js';
import { photoWords } from './photos.js';
import { policyWords } from './policies.js';
import { productionWords } from './production.js';
import { seniorWords } from './seniors.js';
import { foodSafetyWords } from './food-safety.js';
import { stockWords } from './stock.js';
import { unpostedWords } from './unposted.js';
import { walletFormWords } from './wallet-forms.js';
import { walletWords } from './wallets.js';
import { fillWording, type Language } from './words.js';

/** Every wording of every page. One line per capability. */
export const dictionary = {
  ...commonWords,
  ...kitchenWords,
  ...closingWords,
  ...contractorWords,
  ...treasuryWords,
  ...paperWords,
  ...accessWords,
  ...auditWords,
  ...auditActionWords,
  ...deskWords,
  ...seatWords,
  ...dishChangeWords,
  ...devicesWords,
  ...exceptionWords,
  ...financeWords,
  ...journalWords,
  ...financeClaimWords,
  ...careWords,
  ...volunteerWords,
  ...dispatchWords,
  ...routeSheetWords,
  ...faceWords,
  ...familyWords,
  ...orderingWords,
  ...kioskWords,
  ...policyWords,
  ...productionWords,
  ...stockWords,
  ...foodSafetyWords,
  ...seniorWords,
  ...walletWords,
  ...walletFormWords,
  ...unpostedWords,
  ...photoWords,
  ...reachWords,
  ...lifeEventWords,
  ...nutritionWords,
  ...offlineWords,
  ...operatorWords,
} as const;

export type WordKey = keyof typeof dictionary;

const STORED_LANGUAGE = 'rehufan.language';

/** What this file needs of a browser, spelled out, so that it can be read and tested without one. */
const browser = globalThis as unknown as {
  localStorage: { getItem(name: string): string | null; setItem(name: string, value: string): void };
  document: { documentElement: { lang: string } };
};

function storedLanguage(): Language {
  try {
    return browser.localStorage.getItem(STORED_LANGUAGE) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh'; // storage may be forbidden by the browser's settings
  }
}

/** The language that pages are shown in; Chinese unless this browser chose English. */
export const language = ref<Language>(storedLanguage());

/** Back to what this browser was set to. */
export const ownLanguage = (): void => chooseLanguage(storedLanguage(), false);

/** Shows all pages in `chosen` from now on. @param keep also after this person; else until `ownLanguage` */
export function chooseLanguage(chosen: Language, keep = true): void {
  language.value = chosen;
  browser.document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  if (!keep) return;
  try {
    browser.localStorage.setItem(STORED_LANGUAGE, chosen);
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is closed.
  }
}

/** The wording of `key` in the chosen language, with `{name}` places filled. */
export function t(key: WordKey, parameters?: Readonly<Record<string, string | number>>): string {
  return fillWording(dictionary[key][language.value], parameters);
}

/** A wording that arrives from the server in both languages. */
export function pick(wording: { readonly zh: string; readonly en: string }): string {
  return wording[language.value];
}
