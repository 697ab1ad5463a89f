import { z } from 'zod';
import { coreErrors } from './core.errors.js';
import { accessErrors } from './access.errors.js';
import { kitchenErrors } from './kitchen.errors.js';
import { menuErrors } from './menu.errors.js';
import { nutritionErrors } from './nutrition.errors.js';
import { closingErrors } from './closing.errors.js';
import { dispatchErrors } from './dispatch.errors.js';
import { careErrors } from './care.errors.js';
import { volunteerErrors } from './volunteers.errors.js';
import { deliveryErrors } from './delivery.errors.js';
import { deviceErrors } from './devices.errors.js';
import { faceErrors } from './faces.errors.js';
import { orderingErrors } from './ordering.errors.js';
import { exceptionErrors } from './exceptions.errors.js';
import { treasuryErrors } from './treasury.errors.js';
import { financeErrors } from './finance.errors.js';
import { journalErrors } from './journal.errors.js';
import { paymentErrors } from './payment.errors.js';
import { productionErrors } from './production.errors.js';
import { seniorErrors } from './seniors.errors.js';
import { offlineErrors } from './offline.errors.js';
import { operatorErrors } from './operators.errors.js';
import { lifeEventErrors } from './life-events.errors.js';
import { policyErrors } from './policy.errors.js';
import { foodSafetyErrors } from './food-safety.errors.js';
import { stockErrors } from './stock.errors.js';
import { walletErrors } from './wallets.errors.js';
import type { ErrorWords } from './error-words.js';

/** Every error code with its wording; a test proves that each code thrown in src has its words here. */
export const errorCatalogue = {
  ...coreErrors,
  ...accessErrors,
  ...careErrors,
  ...volunteerErrors,
  ...deliveryErrors,
  ...deviceErrors,
  ...kitchenErrors,
  ...closingErrors,
  ...menuErrors,
  ...nutritionErrors,
  ...dispatchErrors,
  ...faceErrors,
  ...orderingErrors,
  ...exceptionErrors,
  ...financeErrors,
  ...treasuryErrors,
  ...journalErrors,
  ...paymentErrors,
  ...productionErrors,
  ...stockErrors,
  ...foodSafetyErrors,
  ...seniorErrors,
  ...lifeEventErrors,
  ...operatorErrors,
  ...offlineErrors,

  ...policyErrors,
  ...walletErrors,
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** The wording of a code; unknown codes read as a failure of the server. */
export function wordsOf(code: string): ErrorWords {
  return (errorCatalogue as Readonly<Record<string, ErrorWords>>)[code] ?? errorCatalogue['SERVER.FAILED'];
}

/** The body of every refusal. */
export const errorAnswer = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  requestId: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Which fields of the request are wrong, where the request is. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;
