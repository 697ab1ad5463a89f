import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries held because too many doors were recorded at once, with the meal that had been posted and what took it back. */
export class HeldDeliveries1700000000260 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // One line for each stop, for ever; reversal_id is filled once, as soon as the point's day takes the reversal.
    await queryRunner.query(`CREATE TABLE held_delivery (
      route_stop_id CHAR(36) NOT NULL PRIMARY KEY,
      found_by_stop_id CHAR(36) NOT NULL,
      meal_id CHAR(36) NULL,
      reversal_id CHAR(36) NULL,
      held_for CHAR(36) NOT NULL,
      held_at DATETIME(3) NOT NULL,
      UNIQUE KEY uq_held_delivery_meal (meal_id),
      UNIQUE KEY uq_held_delivery_reversal (reversal_id),
      CONSTRAINT fk_held_delivery_stop FOREIGN KEY (route_stop_id) REFERENCES route_stop (id)
    )`);
    // What a crew may not read any more is not kept for it either.
    await queryRunner.query('ALTER TABLE former_stop ADD KEY ix_former_stop_until (until_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE former_stop DROP KEY ix_former_stop_until');
    await queryRunner.query('DROP TABLE held_delivery');
  }
}
