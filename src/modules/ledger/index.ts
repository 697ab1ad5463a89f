export { JournalConsumerModule, LedgerModule } from './ledger.module.js';
export { JournalRoots } from './journal-roots.js';
export { Ledger, type TransferDraft } from './ledger.js';
export { GENESIS_HASH, JournalSealer, sealHash } from './journal-sealer.js';
export { LedgerVerifier, verificationLines, type Verification, type VerificationSummary } from './verify/ledger-verifier.js';
