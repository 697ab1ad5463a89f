import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a contractor's stop pays is agreed with each street apart: what one street decides changes no other's bills. */
export class RatesOfAStreet1700000000249 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['contractor_rate', 'contractor_rate_change']) await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN street_id CHAR(36) NOT NULL DEFAULT '' AFTER operator_id`);
    await queryRunner.query('ALTER TABLE contractor_rate DROP PRIMARY KEY, ADD PRIMARY KEY (operator_id, street_id, valid_from)');
    // Every street in which the operator runs a point or carries meals had this rate until now; one that works nowhere yet keeps it for all.
    await queryRunner.query(`INSERT INTO contractor_rate (operator_id, street_id, valid_from, per_stop_fen, source_document, set_by, set_at)
      SELECT r.operator_id, s.id, r.valid_from, r.per_stop_fen, r.source_document, r.set_by, r.set_at FROM contractor_rate r JOIN street s ON ${WORKS} WHERE r.street_id = ''`);
    await queryRunner.query(`INSERT INTO contractor_rate_change (id, operator_id, street_id, valid_from, per_stop_fen, source_document, state, proposed_by, proposed_at, decided_by, decided_at)
      SELECT UUID(), r.operator_id, s.id, r.valid_from, r.per_stop_fen, r.source_document, r.state, r.proposed_by, r.proposed_at, r.decided_by, r.decided_at
      FROM contractor_rate_change r JOIN street s ON ${WORKS} WHERE r.street_id = ''`);
    for (const table of ['contractor_rate', 'contractor_rate_change']) {
      await queryRunner.query(`DELETE FROM ${table} WHERE street_id = ''`);
      await queryRunner.query(`ALTER TABLE ${table} ALTER COLUMN street_id DROP DEFAULT`);
    }
  }

  /** The newest of the streets' rates holds for all again. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE r FROM contractor_rate r JOIN contractor_rate n ON n.operator_id = r.operator_id AND n.valid_from = r.valid_from
      AND (n.set_at > r.set_at OR (n.set_at = r.set_at AND n.street_id > r.street_id))`);
    await queryRunner.query('ALTER TABLE contractor_rate DROP PRIMARY KEY, ADD PRIMARY KEY (operator_id, valid_from), DROP COLUMN street_id');
    await queryRunner.query('ALTER TABLE contractor_rate_change DROP COLUMN street_id');
  }
}

const AT_WORK = (street: string): string => `EXISTS (SELECT 1 FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = r.operator_id AND ${street.replace('?', 'c.street_id')})
  OR EXISTS (SELECT 1 FROM crew w JOIN point p ON w.depot_kind = 'point' AND p.id = w.depot_id JOIN community c ON c.id = p.community_id WHERE w.operator_id = r.operator_id AND ${street.replace('?', 'c.street_id')})
  OR EXISTS (SELECT 1 FROM crew w JOIN kitchen k ON w.depot_kind = 'kitchen' AND k.id = w.depot_id WHERE w.operator_id = r.operator_id AND ${street.replace('?', 'k.street_id')})`;
const WORKS = `(${AT_WORK('? = s.id')} OR NOT (${AT_WORK('? IS NOT NULL')}))`;
