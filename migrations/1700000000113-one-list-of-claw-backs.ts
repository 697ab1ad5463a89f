import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Meals to be taken back stand in one list, whatever found them: a life event, or a confirmed exception. */
export class OneListOfClawBacks1700000000113 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `ALTER TABLE claw_back
     MODIFY life_event_id CHAR(36) NULL,
     ADD COLUMN finding_id CHAR(36) NULL,
     ADD KEY ix_claw_back_finding (finding_id),
     ADD CONSTRAINT fk_claw_back_finding FOREIGN KEY (finding_id) REFERENCES exception_finding (id),
     ADD CONSTRAINT ck_claw_back_cause CHECK (life_event_id IS NOT NULL OR finding_id IS NOT NULL)`,
  // A meal that both asked for keeps what was decided about the event.
  'UPDATE claw_back c JOIN exception_claw_back k ON k.meal_id = c.meal_id SET c.finding_id = k.finding_id',
  `INSERT IGNORE INTO claw_back (meal_id, finding_id, state, gross_fen, subsidy_fen, proposed_by, proposed_at, decided_by, decided_at, reason, transfer_id, booked_on)
     SELECT k.meal_id, k.finding_id, IF(k.state = 'asked', 'proposed', k.state), m.gross_fen, m.gross_fen - m.due_fen, k.asked_by, k.asked_at, k.decided_by, k.decided_at,
            LEFT(k.note, 120), IF(k.state = 'approved', r.transfer_id, NULL), IF(k.state = 'approved', r.business_day, NULL)
     FROM exception_claw_back k JOIN meal m ON m.id = k.meal_id LEFT JOIN meal_reversal r ON r.meal_id = k.meal_id`,
  'DROP TABLE exception_claw_back',
];

const DOWN = [
  `CREATE TABLE exception_claw_back (
    id CHAR(36) NOT NULL PRIMARY KEY,
    finding_id CHAR(36) NOT NULL,
    meal_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    asked_by CHAR(36) NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    decided_by CHAR(36) NULL,
    decided_at DATETIME(3) NULL,
    note VARCHAR(400) NOT NULL DEFAULT '',
    UNIQUE KEY uq_exception_claw_back_meal (meal_id),
    KEY ix_exception_claw_back_finding (finding_id),
    KEY ix_exception_claw_back_state (state),
    CONSTRAINT ck_exception_claw_back CHECK (decided_by IS NULL OR decided_by <> asked_by),
    CONSTRAINT fk_exception_claw_back_finding FOREIGN KEY (finding_id) REFERENCES exception_finding (id),
    CONSTRAINT fk_exception_claw_back_meal FOREIGN KEY (meal_id) REFERENCES meal (id)
  )`,
  `INSERT INTO exception_claw_back (id, finding_id, meal_id, amount_fen, state, asked_by, asked_at, decided_by, decided_at, note)
     SELECT UUID(), finding_id, meal_id, subsidy_fen, IF(state = 'proposed', 'asked', state), proposed_by, proposed_at, decided_by, decided_at, reason
     FROM claw_back WHERE finding_id IS NOT NULL`,
  'DELETE FROM claw_back WHERE life_event_id IS NULL',
  `ALTER TABLE claw_back DROP CONSTRAINT ck_claw_back_cause, DROP FOREIGN KEY fk_claw_back_finding, DROP KEY ix_claw_back_finding, DROP COLUMN finding_id,
     MODIFY life_event_id CHAR(36) NOT NULL`,
];
