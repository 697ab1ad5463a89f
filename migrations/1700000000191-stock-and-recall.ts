import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Suppliers with their licences, lots as they were received, every movement of them, and recalls. stock_movement is
 * append-only; stock_lot.left_g is their sum, kept by the same transaction.
 */
export class StockAndRecall1700000000191 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    for (const action of ['UPDATE', 'DELETE']) {
      await queryRunner.query(
        `CREATE TRIGGER stock_movement_no_${action.toLowerCase()} BEFORE ${action} ON stock_movement FOR EACH ROW
         SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'stock_movement is append-only'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE meal DROP KEY ix_meal_set_meal');
    for (const table of ['recall_dish', 'recall_batch', 'recall', 'stock_movement', 'stock_lot', 'purchase_pack', 'supplier']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  `CREATE TABLE supplier (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    name VARCHAR(80) NOT NULL,
    address VARCHAR(120) NOT NULL,
    contact VARCHAR(60) NOT NULL,
    licence_no VARCHAR(40) NOT NULL,
    licence_valid_to DATE NOT NULL,
    updated_by CHAR(36) NULL,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_supplier_name (kitchen_id, name),
    CONSTRAINT fk_supplier_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  // Grams that one bought pack of an ingredient holds.
  `CREATE TABLE purchase_pack (
    kitchen_id CHAR(36) NOT NULL,
    ingredient_id CHAR(36) NOT NULL,
    pack_g INT NOT NULL,
    set_by CHAR(36) NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (kitchen_id, ingredient_id),
    CONSTRAINT ck_purchase_pack CHECK (pack_g > 0),
    CONSTRAINT fk_purchase_pack_ingredient FOREIGN KEY (ingredient_id) REFERENCES ingredient (id)
  )`,
  // The purchase record of the law: name, specification, quantity, production date or batch, shelf life, arrival, and the supplier's
  // name, address and contact as they were on that day. state: open | recalled.
  `CREATE TABLE stock_lot (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    ingredient_id CHAR(36) NOT NULL,
    lot_no VARCHAR(20) NOT NULL,
    name VARCHAR(40) NOT NULL,
    spec VARCHAR(60) NOT NULL,
    received_g INT NOT NULL,
    left_g INT NOT NULL,
    produced_on DATE NULL,
    producer_batch VARCHAR(40) NOT NULL,
    shelf_life_days INT NOT NULL,
    expires_on DATE NOT NULL,
    arrived_at DATETIME(3) NOT NULL,
    supplier_id CHAR(36) NOT NULL,
    supplier_name VARCHAR(80) NOT NULL,
    supplier_address VARCHAR(120) NOT NULL,
    supplier_contact VARCHAR(60) NOT NULL,
    proof VARCHAR(120) NOT NULL,
    arrival_c DECIMAL(4,1) NULL,
    cost_fen BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL DEFAULT 'open',
    received_by CHAR(36) NULL,
    UNIQUE KEY uq_stock_lot_no (kitchen_id, lot_no),
    KEY ix_stock_lot_ingredient (kitchen_id, ingredient_id, expires_on),
    CONSTRAINT ck_stock_lot CHECK (received_g > 0 AND left_g >= 0 AND cost_fen >= 0),
    CONSTRAINT fk_stock_lot_supplier FOREIGN KEY (supplier_id) REFERENCES supplier (id),
    CONSTRAINT fk_stock_lot_ingredient FOREIGN KEY (ingredient_id) REFERENCES ingredient (id)
  )`,
  // kind: received | issued | counted | thrown. grams is signed: what came in is positive.
  `CREATE TABLE stock_movement (
    id CHAR(36) NOT NULL PRIMARY KEY,
    lot_id CHAR(36) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    grams INT NOT NULL,
    batch_id CHAR(36) NULL,
    reason VARCHAR(120) NOT NULL DEFAULT '',
    moved_by CHAR(36) NULL,
    moved_at DATETIME(3) NOT NULL,
    KEY ix_stock_movement_lot (lot_id, moved_at),
    KEY ix_stock_movement_batch (batch_id),
    CONSTRAINT fk_stock_movement_lot FOREIGN KEY (lot_id) REFERENCES stock_lot (id),
    CONSTRAINT fk_stock_movement_batch FOREIGN KEY (batch_id) REFERENCES kitchen_batch (id)
  )`,
  // state: open | undo-asked | undone. Sales stay locked until a second person has agreed to the undo.
  `CREATE TABLE recall (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kitchen_id CHAR(36) NOT NULL,
    lot_id CHAR(36) NULL,
    batch_id CHAR(36) NULL,
    reason VARCHAR(120) NOT NULL,
    state VARCHAR(10) NOT NULL,
    opened_by CHAR(36) NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    undo_reason VARCHAR(120) NOT NULL DEFAULT '',
    undo_asked_by CHAR(36) NULL,
    undo_asked_at DATETIME(3) NULL,
    undone_by CHAR(36) NULL,
    undone_at DATETIME(3) NULL,
    KEY ix_recall_kitchen (kitchen_id, opened_at),
    CONSTRAINT fk_recall_kitchen FOREIGN KEY (kitchen_id) REFERENCES kitchen (id)
  )`,
  `CREATE TABLE recall_batch (
    recall_id CHAR(36) NOT NULL,
    batch_id CHAR(36) NOT NULL,
    PRIMARY KEY (recall_id, batch_id),
    KEY ix_recall_batch_batch (batch_id),
    CONSTRAINT fk_recall_batch_recall FOREIGN KEY (recall_id) REFERENCES recall (id),
    CONSTRAINT fk_recall_batch_batch FOREIGN KEY (batch_id) REFERENCES kitchen_batch (id)
  )`,
  // Dishes of a day that are not sold while the recall stands.
  `CREATE TABLE recall_dish (
    recall_id CHAR(36) NOT NULL,
    dish_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    PRIMARY KEY (recall_id, dish_id, business_day),
    KEY ix_recall_dish_day (business_day, dish_id),
    CONSTRAINT fk_recall_dish_recall FOREIGN KEY (recall_id) REFERENCES recall (id)
  )`,
  // A recall asks who ate a set meal at a point.
  'ALTER TABLE meal ADD KEY ix_meal_set_meal (set_meal_id, point_id)',
];
