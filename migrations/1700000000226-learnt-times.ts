import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What crews' own times have taught about legs and doors, and how much of it a plan already used: so that nothing is learnt twice. */
export class LearntTimes1700000000226 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE learnt_leg (
      depot_id CHAR(36) NOT NULL PRIMARY KEY,
      leg_pct SMALLINT NOT NULL,
      observations INT NOT NULL,
      learnt_on DATE NOT NULL,
      learnt_at DATETIME(3) NOT NULL
    )`);
    await queryRunner.query(`CREATE TABLE learnt_door (
      depot_id CHAR(36) NOT NULL,
      senior_id CHAR(36) NOT NULL,
      extra_s SMALLINT NOT NULL,
      spread_s SMALLINT NOT NULL,
      observations INT NOT NULL,
      PRIMARY KEY (depot_id, senior_id),
      CONSTRAINT fk_learnt_door_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
    )`);
    await queryRunner.query('ALTER TABLE route_trip ADD COLUMN leg_pct SMALLINT NOT NULL DEFAULT 100');
    await queryRunner.query('ALTER TABLE route_stop ADD COLUMN learnt_s SMALLINT NOT NULL DEFAULT 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE route_stop DROP COLUMN learnt_s');
    await queryRunner.query('ALTER TABLE route_trip DROP COLUMN leg_pct');
    await queryRunner.query('DROP TABLE learnt_door');
    await queryRunner.query('DROP TABLE learnt_leg');
  }
}
