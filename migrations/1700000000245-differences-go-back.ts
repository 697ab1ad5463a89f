import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sale without network names the transfer by which the operator bore its difference, so that it goes back with the meal. */
export class DifferencesGoBack1700000000245 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_sale ADD COLUMN difference_transfer_id CHAR(36) NULL, ADD KEY ix_offline_sale_meal (meal_id)');
    // Both were written in one transaction by one person: for this diner, this amount, at that moment.
    await queryRunner.query(`UPDATE offline_sale o JOIN meal m ON m.id = o.meal_id
      JOIN account a ON a.owner_code = m.senior_id AND a.kind IN ('wallet', 'debt') JOIN entry e ON e.account_id = a.id AND e.amount_fen = o.due_fen - o.shown_fen
      JOIN transfer t ON t.id = e.transfer_id AND t.kind = 'offline-difference' AND t.actor_id = o.decided_by AND t.created_at BETWEEN o.decided_at - INTERVAL 10 SECOND AND o.decided_at + INTERVAL 10 SECOND
      SET o.difference_transfer_id = t.id WHERE o.charged_to = 'operator'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE offline_sale DROP KEY ix_offline_sale_meal, DROP COLUMN difference_transfer_id');
  }
}
