import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of a delivered stop whose meal could not be posted from the event: posted later, or given free by two people. */
export class UnpostedStops1700000000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // state: free-asked | given-free | posted. No row: nobody has dealt with the stop yet.
    await queryRunner.query(`CREATE TABLE unposted_stop (
      route_stop_id CHAR(36) NOT NULL PRIMARY KEY,
      state VARCHAR(12) NOT NULL,
      free_reason VARCHAR(200) NULL,
      asked_by CHAR(36) NULL,
      asked_role VARCHAR(20) NULL,
      asked_at DATETIME(3) NULL,
      settled_by CHAR(36) NULL,
      settled_at DATETIME(3) NULL,
      meal_id CHAR(36) NULL,
      CONSTRAINT fk_unposted_stop_stop FOREIGN KEY (route_stop_id) REFERENCES route_stop (id)
    )`);
    await queryRunner.query('CREATE INDEX ix_route_stop_unposted ON route_stop (result, meal_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX ix_route_stop_unposted ON route_stop');
    await queryRunner.query('DROP TABLE unposted_stop');
  }
}
