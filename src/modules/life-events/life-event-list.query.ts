import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LifeEventRow, LifeEventsAnswer } from '../../contract/life-events.js';
import { isRestorable, type Consequence } from '../../domain/persons/index.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import type { Actor } from '../../infra/http/actor.js';
import { PersonMerges, SeniorRecords, SeniorStays } from '../seniors/index.js';
import { lastSeenOf } from './last-seen.js';

interface EventRow extends Omit<LifeEventRow, 'at' | 'effects' | 'undo' | 'mayUndo'> {
  at: Date; undoReason: string | null; askedBy: string | null; askedByName: string | null; askedAt: Date | null;
}

/** The life of one person as it was reported: events with their effects, stays, the day of the last sign of life. */
@Injectable()
export class LifeEventList {
  constructor(
    private readonly dataSource: DataSource, private readonly records: SeniorRecords, private readonly stays: SeniorStays,
    private readonly merges: PersonMerges,
  ) {}

  /** @throws DomainError SENIOR.NOT_FOUND */
  async of(seniorId: string, actor: Actor): Promise<LifeEventsAnswer> {
    const senior = await this.records.find(seniorId, actor);
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT e.id, e.kind, e.from_day AS \`from\`, e.to_day AS \`to\`, e.source, e.evidence, e.at, e.reverses_id AS reversesId, v.id AS reversedById,
         f.display_name AS recordedByName, u.reason AS undoReason, u.asked_by AS askedBy, u.asked_at AS askedAt,
         (SELECT display_name FROM staff WHERE id = u.asked_by) AS askedByName
       FROM life_event e LEFT JOIN staff f ON f.id = e.recorded_by LEFT JOIN life_event v ON v.reverses_id = e.id
       LEFT JOIN life_event_undo u ON u.life_event_id = e.id AND u.open = 1
       WHERE e.senior_id = ? ORDER BY e.at DESC, e.id DESC LIMIT 200`, [senior.id],
    );
    const effects = await this.effectsOf(rows.map((row) => row.id));
    const merged = (await this.merges.mergedInto()).get(senior.id) ?? null;
    const seen = await lastSeenOf(this.dataSource.manager, await this.merges.recordsOf(senior.id));
    const stays = await this.stays.of(senior.id);
    return {
      rows: rows.map(({ undoReason, askedBy, askedByName, askedAt, at, ...row }) => ({
        ...row, at: at.toISOString(), effects: effects.get(row.id) ?? [],
        undo: askedAt === null ? null : {
          reason: undoReason ?? '', askedByName: askedByName ?? '', askedAt: askedAt.toISOString(),
          mayDecide: actor.staff.role === 'street' && askedBy !== actor.staff.staffId,
        },
        mayUndo: actor.staff.role === 'street' && row.kind !== 'reversal' && row.reversedById === null && askedAt === null,
      })),
      stays: stays.map(({ id, kind, fromDay, toDay }) => ({ id, kind, from: fromDay, to: toDay })),
      lastSeen: seen.get(senior.id) ?? latest([...seen.values()]), mergedIntoId: merged, release: await this.releaseOf(senior.id),
    };
  }

  private async effectsOf(eventIds: readonly string[]): Promise<Map<string, LifeEventRow['effects']>> {
    const effects = new Map<string, LifeEventRow['effects']>();
    if (eventIds.length === 0) return effects;
    const rows = await this.dataSource.query<{ eventId: string; consequence: Consequence; n: number }[]>(
      'SELECT life_event_id AS eventId, consequence, n FROM life_event_effect WHERE life_event_id IN (?)', [eventIds],
    );
    for (const { eventId, consequence, n } of rows) {
      effects.set(eventId, [...(effects.get(eventId) ?? []), { consequence, n: Number(n), restorable: isRestorable(consequence) }]);
    }
    return effects;
  }

  private async releaseOf(seniorId: string): Promise<LifeEventsAnswer['release']> {
    const [row] = await this.dataSource.query<{ lifeEventId: string; state: 'freed' | 'paid' | 'withdrawn'; balanceFen: number; payeeRelation: string | null; payeeNamed: number }[]>(
      `SELECT life_event_id AS lifeEventId, state, balance_fen AS balanceFen, payee_relation AS payeeRelation, payee_name_cipher IS NOT NULL AS payeeNamed
       FROM wallet_release WHERE senior_id = ? ORDER BY recorded_at DESC LIMIT 1`, [seniorId],
    );
    return row === undefined ? null : { ...row, balanceFen: Number(row.balanceFen), payeeNamed: Number(row.payeeNamed) === 1 };
  }
}

function latest(days: readonly BusinessDay[]): BusinessDay | null {
  return [...days].sort().at(-1) ?? null;
}
