import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): ordered by time, so that primary keys append. */
export function newId<T extends string = string>(): T {
  return v7() as T;
}
