export { JournalModule, LedgerCheckConsumerModule } from './journal.module.js';
export { daysOfMonth, JournalFiles } from './journal-file.query.js';
export { LedgerChecks } from './ledger-checks.js';
export { SealCopies } from './seal-copies.js';
