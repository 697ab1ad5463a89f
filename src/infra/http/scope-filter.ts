import type { StaffIdentity } from './request-context.js';

/** SQL names of the columns that say where a row belongs. */
export interface ScopeColumns {
  readonly streetId: string;
  readonly communityId: string;
  readonly pointId: string;
}

/** A condition with its parameters, for a WHERE clause built from constant text. */
export interface SqlCondition {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/**
 * Limits rows to the street, community or point of a member of staff. Other scopes (an operator's, a crew's, a
 * senior's) see nothing here: their capabilities have lists of their own.
 */
export function scopeFilter(staff: Pick<StaffIdentity, 'scopeKind' | 'scopeId'>, columns: ScopeColumns): SqlCondition {
  const column = { street: columns.streetId, community: columns.communityId, point: columns.pointId }[staff.scopeKind as string];
  return column === undefined ? { sql: '1 = 0', params: [] } : { sql: `${column} = ?`, params: [staff.scopeId] };
}

/** The text of a LIKE pattern that finds `text` itself: wildcards typed by a user are ordinary characters. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
