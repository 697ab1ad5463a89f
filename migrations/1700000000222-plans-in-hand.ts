import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Plans that people change on the day: a revision for changes side by side, and who changed what. */
export class PlansInHand1700000000222 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE route_plan ADD COLUMN revision INT NOT NULL DEFAULT 1, ADD COLUMN in_hand_at DATETIME(3) NULL');
    // kind: move | crew-absent | urgent | hand-over | re-plan.
    await queryRunner.query(`CREATE TABLE plan_change (
      id CHAR(36) NOT NULL PRIMARY KEY,
      route_plan_id CHAR(36) NOT NULL,
      kind VARCHAR(12) NOT NULL,
      detail JSON NOT NULL,
      changed_by CHAR(36) NULL,
      changed_at DATETIME(3) NOT NULL,
      KEY ix_plan_change_plan (route_plan_id, changed_at),
      CONSTRAINT fk_plan_change_plan FOREIGN KEY (route_plan_id) REFERENCES route_plan (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE plan_change');
    await queryRunner.query('ALTER TABLE route_plan DROP COLUMN revision, DROP COLUMN in_hand_at');
  }
}
