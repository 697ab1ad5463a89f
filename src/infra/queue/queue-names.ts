/** Every BullMQ queue. Payloads are ids, parsed by zod in the consumer; Redis holds no truth. */
export const QUEUE = {
  /** Plans the routes of one depot, day and period at its cut-off. */
  routePlanning: 'route-planning',
  /** Delayed checks of loads that should have arrived. */
  lateness: 'lateness',
  /** Reminders before a trip leaves, and delayed checks of trips that should have left or served their last door. */
  tripLateness: 'trip-lateness',
  /** Timers of no-answer ladders and alarms, and what hangs on the hour. */
  care: 'care',
  /** Notices to people over a channel. */
  notices: 'notices',
  /** Seals the journal after commit. */
  journal: 'journal',
  /** Checks of the whole ledger, nightly and when asked for. */
  ledgerCheck: 'ledger-check',
  /** Rehearsals of policies and replays of months. */
  policyRuns: 'policy-runs',
  /** Adds sealed meals up for reports and claims. */
  mealRollup: 'meal-rollup',
  /** Wakes at 16:00 and 20:00 to remind of days that are not closed. */
  dayClose: 'day-close',
  /** Hourly: purging and closing. */
  upkeep: 'upkeep',
  /** Looks for exceptions over the days of a street, every night and when asked. */
  exceptions: 'exceptions',
} as const;

export type QueueName = (typeof QUEUE)[keyof typeof QUEUE];

/** Which queue carries an outbox message of a type; a type without a queue cannot be added. */
export const QUEUE_OF_MESSAGE: Readonly<Record<string, QueueName>> = {
  'transfer.posted': QUEUE.journal,
  'ledger-check.asked': QUEUE.ledgerCheck,
  'journal.sealed': QUEUE.mealRollup,
  'notice.requested': QUEUE.notices,
  'trip.planned': QUEUE.tripLateness,
  'trip.departs': QUEUE.tripLateness,
  'trip.left': QUEUE.tripLateness,
  'load.left': QUEUE.lateness,
  'policy-run.requested': QUEUE.policyRuns,
};
