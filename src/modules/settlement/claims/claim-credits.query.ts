import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClaimMonth, ClaimParty } from '../../../domain/settlement/index.js';
import { standing } from '../../ledger/index.js';

/** A signed claim below zero that nobody has settled yet. */
export interface OpenCredit { readonly claimId: string; readonly month: ClaimMonth; readonly amountFen: number }

/** The line of a later claim that carries claim `c`: its key is unique, so there is one at most. */
export const CARRIED_BY = "k.booked_key = CONCAT(c.street_id, '|', c.party_kind, '|', c.party_code, '|carried|', c.id)";

/** Whether payment `p` of a claim stands: nothing has reversed its transfer. */
export const STANDING = standing('p.transfer_id');

/**
 * Credits of a party: signed claims below zero. Each is settled once: carried into the party's next claim as a line of
 * its own, or, of an operator, received back and recorded. Nothing is paid out to a payer.
 */
@Injectable()
export class ClaimCredits {
  /** Those of months before `month`, oldest first; locked, so that none is received back while it is carried. */
  async open(tx: EntityManager, streetId: string, party: ClaimParty, month: ClaimMonth): Promise<OpenCredit[]> {
    const rows = await tx.query<(Omit<OpenCredit, 'amountFen'> & { amountFen: string })[]>(
      `SELECT c.id AS claimId, c.month, c.payable_fen AS amountFen FROM month_claim c LEFT JOIN month_claim_payment p ON p.claim_id = c.id AND ${STANDING}
       WHERE c.street_id = ? AND c.party_kind = ? AND c.party_code = ? AND c.month < ? AND c.status = 'frozen' AND c.payable_fen < 0 AND p.claim_id IS NULL
         AND NOT EXISTS (SELECT 1 FROM month_claim_line k JOIN month_claim n ON n.id = k.claim_id WHERE ${CARRIED_BY} AND n.status = 'frozen')
       ORDER BY c.month LOCK IN SHARE MODE`, [streetId, party.kind, party.code, month],
    );
    return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
  }

  /** Whether a signed claim carries this one. The caller has locked it. */
  async isCarried(tx: EntityManager, claimId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `SELECT 1 FROM month_claim c JOIN month_claim_line k ON ${CARRIED_BY} JOIN month_claim n ON n.id = k.claim_id AND n.status = 'frozen' WHERE c.id = ?`, [claimId],
    );
    return rows.length > 0;
  }
}
