import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UnseenAnswer, UnseenQuery, UnseenRow } from '../../contract/life-events.js';
import { addDays, ageOn, type BusinessDay } from '../../domain/kernel/business-day.js';
import { isAwayOn, maskPhone, UNSEEN_DAYS, unseenBand, type Stay } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import type { Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { PersonMerges, SENIOR_SCOPE } from '../seniors/index.js';
import { lastSeenOf, LAST_SEEN, SEEN_SINCE } from './last-seen.js';

interface Row { seniorId: string; name: string; birthDate: BusinessDay; communityName: string; pointName: string; phoneCipher: string; lastSeen: BusinessDay | null; daysUnseen: string }
interface Sql { readonly text: string; readonly params: readonly unknown[] }

/** Whom nobody has served or met for 30, 60 or 90 days: the community's list of people to visit (standards.md 2.2). */
@Injectable()
export class UnseenQueue {
  constructor(
    private readonly dataSource: DataSource, private readonly merges: PersonMerges, private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  /** The database leaves out whoever was seen lately, counts the others and hands over one page of them. */
  async run(query: UnseenQuery, actor: Actor): Promise<UnseenAnswer> {
    const today = this.clock.today();
    const unseen = await this.unseen(actor, today);
    const [count] = await this.dataSource.query<Record<'d30' | 'd60' | 'd90', string | null>[]>(
      `SELECT SUM(daysUnseen >= 30) AS d30, SUM(daysUnseen >= 60) AS d60, SUM(daysUnseen >= 90) AS d90 FROM (${unseen.text}) u`, [...unseen.params],
    );
    const counts = { d30: Number(count?.d30 ?? 0), d60: Number(count?.d60 ?? 0), d90: Number(count?.d90 ?? 0) };
    const page = await this.dataSource.query<Row[]>(
      `SELECT * FROM (${unseen.text}) u WHERE daysUnseen >= ? ORDER BY daysUnseen DESC, seniorId LIMIT ? OFFSET ?`,
      [...unseen.params, Number(query.days), query.size, (query.page - 1) * query.size],
    );
    const stays = await this.staysOf(page.map(({ seniorId }) => seniorId));
    return { rows: page.flatMap((row) => this.rowOf(row, stays.get(row.seniorId) ?? [], today)), total: counts[`d${query.days}`], counts };
  }

  /** Active people of the scope, without those seen within the first band, with the days since. */
  private async unseen(actor: Actor, today: BusinessDay): Promise<Sql> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const recently = addDays(today, -UNSEEN_DAYS[0]);
    const vouched = await this.vouchedFor();
    const days = vouched.length === 0 ? "SELECT '' AS id, NULL AS day WHERE 1 = 0" : vouched.map(() => 'SELECT ? AS id, CAST(? AS DATE) AS day').join(' UNION ALL ');
    return {
      text: `SELECT x.*, DATEDIFF(?, COALESCE(x.lastSeen, x.since)) AS daysUnseen FROM (
          SELECT s.id AS seniorId, s.name, s.birth_date AS birthDate, c.name AS communityName, p.name AS pointName, s.phone_cipher AS phoneCipher,
                 DATE(s.created_at + INTERVAL 8 HOUR) AS since, ${LAST_SEEN} AS lastSeen
          FROM senior s JOIN community c ON c.id = s.community_id JOIN point p ON p.id = s.point_id LEFT JOIN (${days}) v ON v.id = s.id
          WHERE s.status = 'active' AND ${scope.sql} AND NOT (${SEEN_SINCE}) AND (v.day IS NULL OR v.day <= ?)) x`,
      params: [today, ...vouched.flat(), ...scope.params, recently, recently, recently, recently],
    };
  }

  /** A record that was merged into another vouches for it. */
  private async vouchedFor(): Promise<[seniorId: string, day: BusinessDay][]> {
    const merged = await this.merges.mergedInto();
    const seen = await lastSeenOf(this.dataSource.manager, [...merged.keys()]);
    const days = new Map<string, BusinessDay>();
    for (const [from, into] of merged) {
      const day = seen.get(from);
      if (day !== undefined && day > (days.get(into) ?? '')) days.set(into, day);
    }
    return [...days];
  }

  private rowOf({ phoneCipher, birthDate, daysUnseen, seniorId, name, communityName, pointName, lastSeen }: Row, stays: readonly Stay[], today: BusinessDay): UnseenRow[] {
    const band = unseenBand(Number(daysUnseen));
    if (band === null) return [];
    return [{
      seniorId, name, communityName, pointName, lastSeen, ageYears: ageOn(birthDate, today), phoneMasked: maskPhone(this.keyring.open('identity', phoneCipher)),
      daysUnseen: Number(daysUnseen), band, away: stays.find((stay) => isAwayOn([stay], today))?.kind ?? null,
    }];
  }

  private async staysOf(seniorIds: readonly string[]): Promise<Map<string, Stay[]>> {
    const stays = new Map<string, Stay[]>();
    if (seniorIds.length === 0) return stays;
    const rows = await this.dataSource.query<(Stay & { seniorId: string })[]>(
      'SELECT senior_id AS seniorId, kind, from_day AS fromDay, to_day AS toDay FROM senior_stay WHERE senior_id IN (?) AND active = 1', [seniorIds],
    );
    for (const { seniorId, ...stay } of rows) stays.set(seniorId, [...(stays.get(seniorId) ?? []), stay]);
    return stays;
  }
}
