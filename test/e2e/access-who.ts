import type { Role } from '../../src/contract/access.js';

/** Who may call an operation. Every role that is not named is refused. */
export type Who = 'public' | 'device' | 'waiting-device' | readonly Role[];

export const staff = (...roles: Role[]): Who => roles;
export const registering = staff('administrator', 'street', 'attendant');
export const registerReading = staff('administrator', 'street', 'attendant', 'auditor');
export const ordering = staff('administrator', 'street', 'dispatcher', 'attendant', 'family');
export const kitchenReading = staff('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor');
export const recipeReading = staff('administrator', 'street', 'kitchen', 'supervisor', 'auditor');
export const financeReading = staff('administrator', 'street', 'finance', 'contractor', 'auditor');
export const moneyReading = staff('administrator', 'street', 'finance', 'auditor', 'attendant');
export const policyReading = staff('street', 'finance', 'supervisor', 'auditor');
export const exceptionReading = staff('finance', 'street', 'supervisor', 'auditor');
export const exceptionWorking = staff('finance', 'street', 'supervisor');
export const claimReading = staff('administrator', 'street', 'finance', 'auditor');
export const orderReading = staff('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor');
export const closeReading = staff('administrator', 'street', 'finance', 'attendant', 'supervisor', 'auditor');
export const paperReading = staff('street', 'finance', 'attendant', 'supervisor', 'auditor');
export const contractorReading = staff('contractor', 'street', 'finance', 'auditor');
export const careWorking = staff('street', 'dispatcher', 'attendant');
export const routeReading = staff('administrator', 'street', 'dispatcher', 'supervisor', 'auditor');
