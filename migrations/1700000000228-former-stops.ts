import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Doors that a crew was shown and that another crew got since: what its phone still holds of them can be recorded. */
export class FormerStops1700000000228 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // route_stop_id is the number the phone knows; stop and trip may be gone, the order stays.
    await queryRunner.query(`CREATE TABLE former_stop (
      route_stop_id CHAR(36) NOT NULL,
      crew_id CHAR(36) NOT NULL,
      meal_order_id CHAR(36) NOT NULL,
      senior_id CHAR(36) NOT NULL,
      route_trip_id CHAR(36) NOT NULL,
      route_plan_id CHAR(36) NOT NULL,
      until_at DATETIME(3) NOT NULL,
      PRIMARY KEY (route_stop_id, crew_id),
      KEY ix_former_stop_trip (route_trip_id, crew_id)
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE former_stop');
  }
}
