import type { MigrationInterface, QueryRunner } from 'typeorm';

/** That a bill was read is known even where nothing stood in it; and own parts may be owed back by an operator. */
export class ReadingsOfBills1700000000246 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE channel_bill_reading (
      street_id CHAR(36) NOT NULL,
      channel VARCHAR(12) NOT NULL,
      bill_day DATE NOT NULL,
      line_count INT NOT NULL,
      read_at DATETIME(3) NOT NULL,
      PRIMARY KEY (street_id, channel, bill_day)
    )`);
    await queryRunner.query(`INSERT INTO channel_bill_reading (street_id, channel, bill_day, line_count, read_at)
      SELECT street_id, channel, bill_day, COUNT(*), MAX(read_at) FROM channel_bill_line GROUP BY street_id, channel, bill_day`);
    await queryRunner.query(`ALTER TABLE own_part_settlement DROP CONSTRAINT ck_own_part_settlement,
      ADD CONSTRAINT ck_own_part_settlement CHECK (amount_fen <> 0 AND (paid_by IS NULL OR paid_by <> drafted_by) AND (state = 'paid') = (transfer_id IS NOT NULL))`);
  }

  /** The older check is not put back: settlements below zero may stand there. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE channel_bill_reading');
  }
}
