import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each street keeps its own reading of a channel's bill. What was read before goes to the street of its order, the rest to the street of that bill's orders. */
export class BillsByStreet1700000000243 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("ALTER TABLE channel_bill_line ADD COLUMN street_id CHAR(36) NOT NULL DEFAULT '' FIRST, DROP PRIMARY KEY, ADD PRIMARY KEY (street_id, channel, bill_day, line_no)");
    await queryRunner.query(`UPDATE channel_bill_line b JOIN channel_order o ON o.id = b.order_id JOIN point p ON p.id = o.point_id JOIN community c ON c.id = p.community_id
      SET b.street_id = c.street_id`);
    await queryRunner.query(`UPDATE channel_bill_line b JOIN (SELECT channel, bill_day, MIN(street_id) AS street_id FROM channel_bill_line WHERE street_id <> '' GROUP BY channel, bill_day) k
      ON k.channel = b.channel AND k.bill_day = b.bill_day SET b.street_id = k.street_id WHERE b.street_id = ''`);
    await queryRunner.query("UPDATE channel_bill_line SET street_id = COALESCE((SELECT MIN(id) FROM street), '') WHERE street_id = ''");
    await queryRunner.query('ALTER TABLE channel_bill_line ALTER COLUMN street_id DROP DEFAULT');
  }

  /** One reading of each bill stays: that of the first street. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE b FROM channel_bill_line b JOIN (SELECT channel, bill_day, line_no, MIN(street_id) AS street_id FROM channel_bill_line GROUP BY channel, bill_day, line_no) k
      ON k.channel = b.channel AND k.bill_day = b.bill_day AND k.line_no = b.line_no WHERE b.street_id <> k.street_id`);
    await queryRunner.query('ALTER TABLE channel_bill_line DROP PRIMARY KEY, ADD PRIMARY KEY (channel, bill_day, line_no), DROP COLUMN street_id');
  }
}
