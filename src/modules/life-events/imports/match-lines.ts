import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ListKind, ListLine, ListProblem } from '../../../domain/persons/index.js';
import { identityHashes } from '../../../infra/crypto/identity-hashes.js';
import { Keyring } from '../../../infra/crypto/keyring.js';
import type { ListPlace } from './list-place.js';

/** Whom a line means, as far as a machine may decide: only an ID number with the same name decides by itself. */
export interface LineMatch {
  readonly state: 'ready' | 'needs-person' | 'problem' | 'known';
  readonly problem: ListProblem | null;
  readonly matchedBy: 'id-number' | 'name' | null;
  readonly seniorId: string | null;
  readonly candidates: readonly string[];
}

interface Person { id: string; name: string; status: string }

/** Finds the people of a list in the register of one street, or of one of its communities. */
@Injectable()
export class MatchLines {
  constructor(private readonly keyring: Keyring) {}

  async match(tx: EntityManager, { streetId, communityId }: ListPlace, kind: ListKind, line: ListLine): Promise<LineMatch> {
    if (line.idNumber !== null) {
      const [person] = await tx.query<Person[]>('SELECT id, name, status FROM senior WHERE street_id = ? AND (? IS NULL OR community_id = ?) AND id_number_hash = ?', [
        streetId, communityId, communityId, identityHashes.idNumber(this.keyring, line.idNumber),
      ]);
      if (person !== undefined) return this.byIdNumber(tx, kind, line, person);
    }
    const alike = await tx.query<Person[]>(
      `SELECT id, name, status FROM senior WHERE street_id = ? AND (? IS NULL OR community_id = ?) AND name = ? AND birth_date = ? AND status <> 'merged' ORDER BY id LIMIT 10`,
      [streetId, communityId, communityId, line.name, line.birthDate],
    );
    if (alike.length === 0) return { state: 'problem', problem: 'not-found', matchedBy: null, seniorId: null, candidates: [] };
    const problem = alike.length > 1 ? 'ambiguous' as const : 'only-name' as const;
    return { state: 'needs-person', problem, matchedBy: 'name', seniorId: null, candidates: alike.map(({ id }) => id) };
  }

  private async byIdNumber(tx: EntityManager, kind: ListKind, line: ListLine, person: Person): Promise<LineMatch> {
    if (await this.isKnown(tx, kind, line, person)) return { state: 'known', problem: 'known', matchedBy: 'id-number', seniorId: person.id, candidates: [] };
    if (person.name !== line.name) return { state: 'needs-person', problem: 'name-differs', matchedBy: 'id-number', seniorId: null, candidates: [person.id] };
    return { state: 'ready', problem: null, matchedBy: 'id-number', seniorId: person.id, candidates: [] };
  }

  private async isKnown(tx: EntityManager, kind: ListKind, line: ListLine, person: Person): Promise<boolean> {
    if (kind === 'death') return person.status === 'deceased' || person.status === 'merged';
    const rows = await tx.query<unknown[]>(
      "SELECT 1 FROM senior_category WHERE senior_id = ? AND code = ? AND status = 'approved' AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)",
      [person.id, line.code, line.day, line.day],
    );
    return rows.length > 0;
  }
}
