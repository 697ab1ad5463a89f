import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Places where no crew gets through for some days. */
export class BlockedRoads1700000000227 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Days are first and last, both included; to_day NULL: until it is lifted.
    await queryRunner.query(`CREATE TABLE road_block (
      id CHAR(36) NOT NULL PRIMARY KEY,
      street_id CHAR(36) NOT NULL,
      latitude DOUBLE NOT NULL,
      longitude DOUBLE NOT NULL,
      radius_m SMALLINT NOT NULL,
      from_day DATE NOT NULL,
      to_day DATE NULL,
      reason VARCHAR(120) NOT NULL,
      set_by CHAR(36) NOT NULL,
      set_at DATETIME(3) NOT NULL,
      lifted_by CHAR(36) NULL,
      lifted_at DATETIME(3) NULL,
      KEY ix_road_block_street (street_id, lifted_at),
      CONSTRAINT fk_road_block_street FOREIGN KEY (street_id) REFERENCES street (id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE road_block');
  }
}
