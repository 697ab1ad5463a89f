import type { EntityManager } from 'typeorm';
import type { NoticeKind } from '../../contract/notices.js';
import { clockText } from '../../domain/kernel/business-day.js';
import type { Notices } from '../notices/index.js';

type PlaceNotice = Extract<NoticeKind, 'device-enrolled' | 'device-place-guessed' | 'device-place-lapsed'>;

/** Point and street hear of each machine that waits, and of what ended its wait without anybody having confirmed it. */
export async function tellPlace(tx: EntityManager, notices: Notices, kind: PlaceNotice, deviceId: string, now: Date): Promise<void> {
  const [at] = await tx.query<{ device: string; point: string; pointId: string; streetId: string }[]>(
    `SELECT d.name AS device, p.name AS point, p.id AS pointId, c.street_id AS streetId
     FROM device d JOIN point p ON p.id = d.point_id JOIN community c ON c.id = p.community_id WHERE d.id = ?`, [deviceId],
  );
  if (at === undefined) return;
  const facts = { device: at.device, point: at.point, time: clockText(now) };
  await notices.request(tx, { kind, recipientKind: 'point', recipientId: at.pointId, facts, dedupKey: `${kind}-${deviceId}-point` });
  await notices.request(tx, { kind, recipientKind: 'street', recipientId: at.streetId, facts, dedupKey: `${kind}-${deviceId}-street` });
}
