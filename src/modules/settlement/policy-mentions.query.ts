import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LedgerSnapshot, PolicyMention } from '../../contract/finance.js';
import { policyRulesSchema } from '../../contract/policy.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { AgeTier, Payer } from '../../domain/subsidy/index.js';
import { parseJson } from '../../infra/database/columns.js';

interface VersionRow {
  policyVersionId: string;
  name: string;
  sourceDocument: string;
  effectiveFrom: BusinessDay;
  effectiveTo: BusinessDay | null;
  policy: unknown;
}

export interface MentionedPolicies {
  policies: PolicyMention[];
  payers: Payer[];
  ageTiers: AgeTier[];
}

/** Reads what a report says about the policies and the ledger that it rests on. */
@Injectable()
export class PolicyMentions {
  /** The versions with these ids, and the payers and tiers they name, each once, in the order of the versions. */
  async byIds(tx: EntityManager, versionIds: readonly string[]): Promise<MentionedPolicies> {
    if (versionIds.length === 0) return { policies: [], payers: [], ageTiers: [] };
    return this.mentions(await tx.query<VersionRow[]>(
      `SELECT id AS policyVersionId, name, source_document AS sourceDocument, effective_from AS effectiveFrom,
              effective_to AS effectiveTo, policy FROM policy_version WHERE id IN (?) ORDER BY effective_from, id`,
      [versionIds],
    ));
  }

  /** Every version of the streets in which these points lie. */
  async ofPoints(tx: EntityManager, pointIds: readonly string[]): Promise<MentionedPolicies> {
    if (pointIds.length === 0) return { policies: [], payers: [], ageTiers: [] };
    return this.mentions(await tx.query<VersionRow[]>(
      `SELECT id AS policyVersionId, name, source_document AS sourceDocument, effective_from AS effectiveFrom,
              effective_to AS effectiveTo, policy FROM policy_version
       WHERE street_id IN (SELECT c.street_id FROM point p JOIN community c ON c.id = p.community_id WHERE p.id IN (?))
       ORDER BY effective_from, id`,
      [pointIds],
    ));
  }

  /** The newest transfer and the newest link of the hash chain, as this transaction sees them. */
  async snapshot(tx: EntityManager): Promise<LedgerSnapshot> {
    const [newest] = await tx.query<{ position: number | null }[]>('SELECT MAX(position) AS position FROM transfer');
    const [seal] = await tx.query<{ seq: number; hash: string }[]>('SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1');
    return {
      transferPosition: Number(newest?.position ?? 0),
      sealSeq: seal === undefined ? null : Number(seal.seq),
      sealHash: seal?.hash ?? null,
    };
  }

  private mentions(rows: readonly VersionRow[]): MentionedPolicies {
    const rules = rows.map((row) => policyRulesSchema.parse(parseJson(row.policy)));
    return {
      policies: rows.map(({ policy: _policy, ...mention }) => mention),
      payers: onceByKey(rules.flatMap((one) => one.payers), (payer) => payer.code),
      ageTiers: onceByKey(rules.flatMap((one) => one.ageTiers), (tier) => `${tier.fromAge}-${tier.toAge}`),
    };
  }
}

function onceByKey<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map([...values].reverse().map((value) => [keyOf(value), value])).values()].reverse();
}
