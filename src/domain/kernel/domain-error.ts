/** How the outside should treat a refusal; the HTTP filter maps kind to status in one place. */
export type RefusalKind = 'invalid' | 'refused' | 'conflict' | 'not-found' | 'forbidden' | 'unauthenticated' | 'too-many' | 'unavailable';

/**
 * A refusal that the caller can understand and act on. `code` is a key of contract/errors.ts, where its Chinese and
 * English wording lives; `details` hold numbers and codes only, never personal data.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly kind: RefusalKind,
    readonly details: Readonly<Record<string, string | number | boolean | null>> = {},
  ) {
    super(code);
    this.name = 'DomainError';
  }
}

/** A bug: a rule of our own code was broken. Becomes a 500 and an alert, never a message to a senior. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantError';
  }
}
