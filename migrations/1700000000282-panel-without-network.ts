import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a kiosk needs to know an attendant's number by itself, and what was done at a panel, as the kiosk wrote it down. */
export class PanelWithoutNetwork1700000000282 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // kiosk_verifier: slow salted digest of the number, bound to point and day of drawing; null of a number drawn before, until it is used.
    await queryRunner.query('ALTER TABLE staff_pin ADD COLUMN kiosk_verifier JSON NULL');
    await queryRunner.query(`CREATE TABLE kiosk_panel_act (
      device_id CHAR(36) NOT NULL,
      id CHAR(36) NOT NULL,
      made_as CHAR(36) NOT NULL,
      act VARCHAR(10) NOT NULL,
      staff_id CHAR(36) NULL,
      acted_at DATETIME(3) NOT NULL,
      received_at DATETIME(3) NOT NULL,
      PRIMARY KEY (device_id, id)
    )`);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER kiosk_panel_act_no_${action.toLowerCase()} BEFORE ${action} ON kiosk_panel_act FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'kiosk_panel_act is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE kiosk_panel_act');
    await queryRunner.query('ALTER TABLE staff_pin DROP COLUMN kiosk_verifier');
  }
}
