import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Sessions } from './sessions.js';

/** Accounts that were made for one crew end with it; nobody is deleted, the audit trail names them. */
@Injectable()
export class EndCrewAccounts {
  constructor(private readonly sessions: Sessions) {}

  /** In the caller's transaction, whose audit record names the crew. @returns accounts that were ended, all their sessions with them */
  async of(tx: EntityManager, crewId: string): Promise<number> {
    const accounts = await tx.query<{ id: string }[]>("SELECT id FROM staff WHERE scope_kind = 'crew' AND scope_id = ? AND active = 1 FOR UPDATE", [crewId]);
    for (const { id } of accounts) {
      await this.sessions.endAllOf(tx, id);
      await tx.query('UPDATE staff SET active = 0 WHERE id = ?', [id]);
    }
    return accounts.length;
  }
}
