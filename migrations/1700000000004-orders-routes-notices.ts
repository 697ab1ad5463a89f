import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Standing plans, orders, crews, route sheets and stop results; notices; outbox and inbox of the job queues. */
export class OrdersRoutesNotices1700000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.slice().reverse()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'standing_plan', 'meal_order', 'order_closing', 'crew', 'delivery_setting', 'route_plan', 'route_trip', 'route_stop',
  'radius_decision', 'unplanned_order', 'plan_run', 'notice', 'outbox_message', 'inbox_message',
];

const UP = [
  // weekday_mask: bit 0 = Monday … bit 6 = Sunday. fulfilment: delivery | collect.
  `CREATE TABLE standing_plan (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    period VARCHAR(10) NOT NULL,
    weekday_mask TINYINT UNSIGNED NOT NULL,
    set_code CHAR(1) NOT NULL,
    fulfilment VARCHAR(10) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL,
    paused_from DATE NULL,
    paused_to DATE NULL,
    KEY ix_standing_plan_senior (senior_id),
    CONSTRAINT fk_standing_plan_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // active is 1 while the order stands and NULL once cancelled, so one standing order per senior, day and period.
  `CREATE TABLE meal_order (
    id CHAR(36) NOT NULL PRIMARY KEY,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    set_code CHAR(1) NOT NULL,
    fulfilment VARCHAR(10) NOT NULL,
    source VARCHAR(12) NOT NULL,
    standing_plan_id CHAR(36) NULL,
    status VARCHAR(12) NOT NULL,
    active TINYINT(1) NULL,
    created_by CHAR(36) NULL,
    created_at DATETIME(3) NOT NULL,
    cancelled_at DATETIME(3) NULL,
    UNIQUE KEY uq_meal_order (senior_id, business_day, period, active),
    KEY ix_meal_order_day (business_day, period, point_id),
    CONSTRAINT fk_meal_order_senior FOREIGN KEY (senior_id) REFERENCES senior (id)
  )`,
  // The cut-off of a point, day and period as it happened, once: what stands then is what the kitchen cooks and crews carry.
  `CREATE TABLE order_closing (
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    orders INT NOT NULL,
    closed_at DATETIME(3) NOT NULL,
    PRIMARY KEY (point_id, business_day, period)
  )`,
  // kind: own | contractor | volunteer. vehicle: foot | tricycle | car. depot_kind: point | kitchen.
  `CREATE TABLE crew (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    operator_id CHAR(36) NULL,
    depot_kind VARCHAR(8) NOT NULL,
    depot_id CHAR(36) NOT NULL,
    vehicle VARCHAR(12) NOT NULL,
    capacity_boxes SMALLINT NOT NULL,
    shift_start_min SMALLINT NOT NULL,
    shift_end_min SMALLINT NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1
  )`,
  // What a street sets for its deliveries; absent names keep the defaults of domain/routing.
  `CREATE TABLE delivery_setting (
    street_id CHAR(36) NOT NULL PRIMARY KEY,
    settings JSON NOT NULL,
    changed_by CHAR(36) NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_delivery_setting_street FOREIGN KEY (street_id) REFERENCES street (id)
  )`,
  // status: draft before the cut-off, final after. input_digest: of orders, crews, settings and travel times; the same
  // digest means the same plan, so a second run changes nothing. *_s of trips and stops: seconds since midnight in Shanghai.
  `CREATE TABLE route_plan (
    id CHAR(36) NOT NULL PRIMARY KEY,
    depot_kind VARCHAR(8) NOT NULL,
    depot_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    status VARCHAR(12) NOT NULL,
    travel_time_source VARCHAR(40) NOT NULL,
    estimated_doors INT NOT NULL,
    seed INT NOT NULL,
    orders INT NOT NULL,
    input_digest CHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_route_plan (depot_id, business_day, period)
  )`,
  `CREATE TABLE route_trip (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_plan_id CHAR(36) NOT NULL,
    crew_id CHAR(36) NOT NULL,
    trip_no SMALLINT NOT NULL,
    depart_s INT NOT NULL,
    last_door_s INT NOT NULL,
    back_s INT NOT NULL,
    boxes SMALLINT NOT NULL,
    distance_m INT NOT NULL,
    left_at DATETIME(3) NULL,
    closed_at DATETIME(3) NULL,
    KEY ix_route_trip_plan (route_plan_id),
    CONSTRAINT fk_route_trip_plan FOREIGN KEY (route_plan_id) REFERENCES route_plan (id)
  )`,
  `CREATE TABLE route_stop (
    id CHAR(36) NOT NULL PRIMARY KEY,
    route_trip_id CHAR(36) NOT NULL,
    seq SMALLINT NOT NULL,
    meal_order_id CHAR(36) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    door_at_s INT NOT NULL,
    climb_s INT NOT NULL,
    door_s INT NOT NULL,
    window_start_s INT NOT NULL,
    window_end_s INT NOT NULL,
    result VARCHAR(12) NOT NULL DEFAULT 'open',
    reason VARCHAR(40) NULL,
    received_by VARCHAR(20) NULL,
    proof VARCHAR(80) NULL,
    device_at DATETIME(3) NULL,
    result_at DATETIME(3) NULL,
    result_by CHAR(36) NULL,
    meal_id CHAR(36) NULL,
    portion_taken TINYINT(1) NOT NULL DEFAULT 0,
    UNIQUE KEY uq_route_stop_order (meal_order_id),
    KEY ix_route_stop_trip (route_trip_id, seq),
    CONSTRAINT fk_route_stop_trip FOREIGN KEY (route_trip_id) REFERENCES route_trip (id),
    CONSTRAINT fk_route_stop_order FOREIGN KEY (meal_order_id) REFERENCES meal_order (id)
  )`,
  // Every order outside the home radius of its point, with what was decided for it before departure.
  `CREATE TABLE radius_decision (
    id CHAR(36) NOT NULL PRIMARY KEY,
    meal_order_id CHAR(36) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    point_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    travel_s INT NOT NULL,
    missing_min SMALLINT NOT NULL,
    must_serve TINYINT(1) NOT NULL,
    decision VARCHAR(20) NOT NULL,
    depot_kind VARCHAR(8) NULL,
    depot_id CHAR(36) NULL,
    decided_by CHAR(36) NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_radius_decision_order (meal_order_id),
    KEY ix_radius_decision_depot (depot_id, business_day, period)
  )`,
  `CREATE TABLE unplanned_order (
    meal_order_id CHAR(36) NOT NULL PRIMARY KEY,
    route_plan_id CHAR(36) NOT NULL,
    senior_id CHAR(36) NOT NULL,
    must_serve TINYINT(1) NOT NULL,
    reason VARCHAR(30) NOT NULL,
    CONSTRAINT fk_unplanned_order_plan FOREIGN KEY (route_plan_id) REFERENCES route_plan (id)
  )`,
  // One row per run of a depot's plan. open is 1 while it waits or runs and NULL afterwards; once is 'cut-off' for the
  // run at the cut-off, so that it exists once however often it is asked for; again: asked for while it ran, so another
  // follows it. Redis only carries the job.
  `CREATE TABLE plan_run (
    id CHAR(36) NOT NULL PRIMARY KEY,
    depot_kind VARCHAR(8) NOT NULL,
    depot_id CHAR(36) NOT NULL,
    business_day DATE NOT NULL,
    period VARCHAR(10) NOT NULL,
    cause VARCHAR(12) NOT NULL,
    once VARCHAR(8) NULL,
    open TINYINT(1) NULL,
    again TINYINT(1) NOT NULL DEFAULT 0,
    state VARCHAR(10) NOT NULL,
    step VARCHAR(12) NULL,
    requested_by CHAR(36) NULL,
    requested_at DATETIME(3) NOT NULL,
    started_at DATETIME(3) NULL,
    finished_at DATETIME(3) NULL,
    changed TINYINT(1) NULL,
    failure VARCHAR(60) NULL,
    UNIQUE KEY uq_plan_run_once (depot_id, business_day, period, once),
    UNIQUE KEY uq_plan_run_open (depot_id, business_day, period, open),
    KEY ix_plan_run_state (state, requested_at)
  )`,
  // recipient_kind: senior | staff | crew | point | street.
  `CREATE TABLE notice (
    id CHAR(36) NOT NULL PRIMARY KEY,
    kind VARCHAR(30) NOT NULL,
    channel VARCHAR(12) NOT NULL,
    recipient_kind VARCHAR(10) NOT NULL,
    recipient_id CHAR(36) NOT NULL,
    text VARCHAR(300) NOT NULL,
    text_en VARCHAR(300) NOT NULL,
    dedup_key VARCHAR(80) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    UNIQUE KEY uq_notice_dedup (dedup_key)
  )`,
  `CREATE TABLE outbox_message (
    id CHAR(36) NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL AUTO_INCREMENT UNIQUE,
    type VARCHAR(40) NOT NULL,
    payload JSON NOT NULL,
    run_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    published_at DATETIME(3) NULL,
    KEY ix_outbox_message_published (published_at, position)
  )`,
  `CREATE TABLE inbox_message (
    consumer VARCHAR(40) NOT NULL,
    message_id CHAR(36) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (consumer, message_id)
  )`,
];
