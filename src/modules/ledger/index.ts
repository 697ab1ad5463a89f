export { JournalConsumerModule, LedgerModule } from './ledger.module.js';
export { BankReferences, type BankReferenceUse } from './bank-references.js';
export { JournalRoots } from './journal-roots.js';
export { Ledger, type TransferDraft } from './ledger.js';
export { accountsHashOf, daySealOf, type DaySeal } from './day-seal.query.js';
export { GENESIS_HASH, JournalSealer, LATE_POSITIONS, sealHash } from './journal-sealer.js';
export { LedgerVerifier, verificationLines, type Verification, type VerificationSummary } from './verify/ledger-verifier.js';
export { standing } from './standing.js';
export { INVARIANTS, type InvariantName } from './verify/finding.js';
