import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a contractor's stop pays is proposed by one person and put in force by another, with every proposal kept; and what
 * the meals of a record that was merged before used up counts for the record that stands.
 */
export class RatesByTwoAndMergedEntitlement1700000000231 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // state: proposed | approved | refused. Rates from before this table have nobody who decided.
    await queryRunner.query(`CREATE TABLE contractor_rate_change (
      id CHAR(36) NOT NULL PRIMARY KEY,
      operator_id CHAR(36) NOT NULL,
      valid_from DATE NOT NULL,
      per_stop_fen BIGINT NOT NULL,
      source_document VARCHAR(200) NOT NULL,
      state VARCHAR(8) NOT NULL,
      proposed_by CHAR(36) NOT NULL,
      proposed_at DATETIME(3) NOT NULL,
      decided_by CHAR(36) NULL,
      decided_at DATETIME(3) NULL,
      KEY ix_contractor_rate_change (operator_id, state, valid_from),
      CONSTRAINT ck_contractor_rate_change CHECK (per_stop_fen > 0 AND (decided_by IS NULL OR decided_by <> proposed_by)),
      CONSTRAINT fk_contractor_rate_change_operator FOREIGN KEY (operator_id) REFERENCES operator (id)
    )`);
    await queryRunner.query(`INSERT INTO contractor_rate_change (id, operator_id, valid_from, per_stop_fen, source_document, state, proposed_by, proposed_at)
      SELECT UUID(), operator_id, valid_from, per_stop_fen, source_document, 'approved', set_by, set_at FROM contractor_rate`);
    // A record merged into one that was merged itself: two rounds reach every chain that two merges can make.
    for (let round = 0; round < 2; round += 1) {
      await queryRunner.query('UPDATE IGNORE entitlement_use u JOIN person_merge g ON g.senior_id = u.senior_id SET u.senior_id = g.into_senior_id WHERE u.active = 1');
      await queryRunner.query(`INSERT INTO entitlement_amount (senior_id, unit_key, used_fen)
        SELECT g.into_senior_id, a.unit_key, SUM(a.used_fen) AS moved FROM entitlement_amount a JOIN person_merge g ON g.senior_id = a.senior_id WHERE a.used_fen > 0 GROUP BY g.into_senior_id, a.unit_key
        ON DUPLICATE KEY UPDATE used_fen = entitlement_amount.used_fen + VALUES(used_fen)`);
      await queryRunner.query('UPDATE entitlement_amount a JOIN person_merge g ON g.senior_id = a.senior_id SET a.used_fen = 0');
      await queryRunner.query('UPDATE entitlement_amount_use u JOIN person_merge g ON g.senior_id = u.senior_id SET u.senior_id = g.into_senior_id WHERE u.active = 1');
    }
  }

  /** What was moved to the record that stands stays there: the older version reads it in the same way. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE contractor_rate_change');
  }
}
