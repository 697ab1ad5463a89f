/** The request does not fit its schema. Paths and messages name fields, never the values sent. */
export class RequestInvalidError extends Error {
  constructor(readonly fields: { path: string; message: string }[]) {
    super('request invalid');
    this.name = 'RequestInvalidError';
  }
}
