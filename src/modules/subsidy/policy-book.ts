import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { policyRulesSchema } from '../../contract/policy.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError, InvariantError } from '../../domain/kernel/domain-error.js';
import type { PolicyVersionId } from '../../domain/kernel/ids.js';
import { definePolicy, type SubsidyPolicy } from '../../domain/subsidy/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { newId } from '../../infra/ids.js';
import type { AuthoredPolicy } from './demo-street-policy.js';

interface PolicyRow {
  id: PolicyVersionId;
  effective_from: BusinessDay;
  effective_to: BusinessDay | null;
  policy: unknown;
}

/** In force on the days [effectiveFrom, effectiveTo). */
export interface PolicyPeriod {
  effectiveFrom: BusinessDay;
  effectiveTo: BusinessDay | null;
}

const COLUMNS = 'id, effective_from, effective_to, policy';

/** The street's policies as data: stored once, never changed, checked whenever they are read. */
@Injectable()
export class PolicyBook {
  constructor(private readonly clock: Clock) {}

  /**
   * The policy of a street on a day, or null where none is in force.
   *
   * @throws DomainError POLICY.TIERS_OVERLAP, POLICY.TIERS_GAP, POLICY.INVALID for stored rules that cannot price
   */
  async forDay(tx: EntityManager, streetId: string, day: BusinessDay): Promise<SubsidyPolicy | null> {
    const rows = await tx.query<PolicyRow[]>(
      `SELECT ${COLUMNS} FROM policy_version
       WHERE street_id = ? AND superseded_by IS NULL AND effective_from <= ? AND (effective_to IS NULL OR effective_to > ?)`,
      [streetId, day, day],
    );
    if (rows.length > 1) throw new InvariantError(`two policies of one street are in force on ${day}`);
    return rows[0] === undefined ? null : toPolicy(rows[0]);
  }

  /** One version by its id, as a stored meal names it; null where there is none. */
  async version(tx: EntityManager, versionId: string): Promise<SubsidyPolicy | null> {
    const [row] = await tx.query<PolicyRow[]>(`SELECT ${COLUMNS} FROM policy_version WHERE id = ?`, [versionId]);
    return row === undefined ? null : toPolicy(row);
  }

  /**
   * Stores a checked version.
   *
   * @throws DomainError POLICY.TIERS_OVERLAP, POLICY.TIERS_GAP, POLICY.INVALID; POLICY.VERSIONS_OVERLAP when another
   *   version of the street is in force on one of the days
   */
  async store(
    tx: EntityManager, streetId: string, authored: AuthoredPolicy, period: PolicyPeriod, isDemo: boolean,
  ): Promise<PolicyVersionId> {
    const id = newId<PolicyVersionId>();
    const rules = policyRulesSchema.parse(authored.rules);
    definePolicy({ versionId: id, ...period, rules });
    // The street's row orders authors: the check below sees every version that was stored before this one.
    await tx.query('SELECT id FROM street WHERE id = ? FOR UPDATE', [streetId]);
    const clashes = await tx.query<unknown[]>(
      `SELECT id FROM policy_version
       WHERE street_id = ? AND superseded_by IS NULL AND (? IS NULL OR effective_from < ?) AND (effective_to IS NULL OR effective_to > ?)`,
      [streetId, period.effectiveTo, period.effectiveTo, period.effectiveFrom],
    );
    if (clashes.length > 0) throw new DomainError('POLICY.VERSIONS_OVERLAP', 'conflict', { ...period });
    await tx.query(
      `INSERT INTO policy_version (id, street_id, name, jurisdiction, source_document, author, effective_from, effective_to,
         policy, is_demo, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, streetId, authored.name, authored.jurisdiction, authored.sourceDocument, authored.author, period.effectiveFrom,
        period.effectiveTo, JSON.stringify(rules), isDemo, this.clock.now()],
    );
    return id;
  }
}

function toPolicy(row: PolicyRow): SubsidyPolicy {
  const rules = policyRulesSchema.safeParse(parseJson(row.policy));
  if (!rules.success) {
    throw new DomainError('POLICY.INVALID', 'invalid', { problem: 'stored-rules', where: rules.error.issues[0]?.path.join('.') ?? '' });
  }
  return definePolicy({ versionId: row.id, effectiveFrom: row.effective_from, effectiveTo: row.effective_to, rules: rules.data });
}
