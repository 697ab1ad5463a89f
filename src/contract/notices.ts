import { z } from 'zod';

const id = z.uuid();
const instant = z.iso.datetime();

/** What a notice is about. */
export const NOTICE_KINDS = [
  'load-late', 'trip-late', 'must-serve-unplanned', 'radius-decided', 'plan-failed', 'plan-under-way', 'plan-doors-late', 'trip-unmanned', 'meal-not-handed-over', 'wallet-topped-up', 'wallet-low', 'help-called',
  'stop-held', 'meals-ended', 'special-ending', 'paper-ending', 'birthday-90',
  'payment-dropped', 'payment-found', 'device-forged', 'device-enrolled', 'device-place-guessed', 'device-place-lapsed', 'payment-key-reused', 'pin-guessed', 'pin-guessed-own',
  'day-unclosed', 'day-unclosed-escalated', 'portions-sent', 'recall-opened', 'recall-on-road', 'recall-elsewhere', 'allergen-added', 'recalled-meal', 'probe-alarm', 'probe-was-out', 'probe-silent', 'load-warm', 'dish-changed',
  'face-enrolled', 'face-restored', 'meal-collected',
  'no-answer', 'care-alarm', 'care-condition', 'wrong-box', 'welfare-list', 'volunteers-wanted', 'storm-delivery', 'delivery-pattern',
  'trip-departs', 'trip-not-left', 'trip-stale', 'crate-differs',
  'storm-undone', 'storm-crew', 'storm-point', 'storm-over',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const NOTICE_RECIPIENTS = ['senior', 'staff', 'crew', 'point', 'street', 'contact', 'community', 'kitchen'] as const;
export type NoticeRecipientKind = (typeof NOTICE_RECIPIENTS)[number];

/** GET /api/v1/notices: what was sent or waits, newest first. */
export const noticeListQuery = z.strictObject({
  kind: z.enum(NOTICE_KINDS).optional(),
  recipientKind: z.enum(NOTICE_RECIPIENTS).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
});
export type NoticeListQuery = z.infer<typeof noticeListQuery>;

export const noticeRow = z.object({
  id,
  kind: z.enum(NOTICE_KINDS),
  /** `sandbox` records and sends nothing outside. */
  channel: z.string(),
  recipientKind: z.enum(NOTICE_RECIPIENTS),
  recipientName: z.string(),
  text: z.object({ zh: z.string(), en: z.string() }),
  createdAt: instant,
  sentAt: instant.nullable(),
});
export type NoticeRow = z.infer<typeof noticeRow>;
export const noticeListAnswer = z.object({ rows: z.array(noticeRow), total: z.int() });
export type NoticeListAnswer = z.infer<typeof noticeListAnswer>;
