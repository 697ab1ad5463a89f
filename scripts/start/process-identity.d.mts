/** Types of process-identity.mjs for the tests that run real processes. */
export interface ProcessIdentity { readonly pid: number; readonly token: string | null }

export function startToken(pid: number): string | null;
export function commandLine(pid: number): string;
export function isAlive(identity: ProcessIdentity): boolean;
