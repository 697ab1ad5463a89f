export { AccessModule } from './access.module.js';
export { AttendantPins } from './attendant-pins.js';
export { EndCrewAccounts } from './end-crew-accounts.js';
export { OwnPassword } from './own-password.js';
export { hashPassword, passwordMatches } from './passwords.js';
export { ScopeService } from './scope-service.js';
export { CreateFirstAdministrator } from './create-first-administrator.js';
export { VouchForStep } from './vouch-for-step.js';
