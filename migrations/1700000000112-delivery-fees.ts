import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a street charges for bringing a meal to the door, by the day from which it holds. Without a row: nothing. */
export class DeliveryFees1700000000112 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE delivery_fee (
        street_id CHAR(36) NOT NULL,
        valid_from DATE NOT NULL,
        fee_fen INT NOT NULL,
        source_document VARCHAR(120) NOT NULL,
        set_by CHAR(36) NOT NULL,
        set_at DATETIME(3) NOT NULL,
        PRIMARY KEY (street_id, valid_from),
        CONSTRAINT ck_delivery_fee CHECK (fee_fen >= 0),
        CONSTRAINT fk_delivery_fee_street FOREIGN KEY (street_id) REFERENCES street (id)
      )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE delivery_fee');
  }
}
