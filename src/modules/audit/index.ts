export { AuditModule } from './audit.module.js';
export { AuditTrail, type AuditLine } from './audit-trail.js';
