import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HomeMove, LifeSpan, OperatorAccount, PointFact, SeniorFact, StaffFact, StandingFacts } from '../../domain/exceptions/index.js';
import { businessDayOf, type BusinessDay } from '../../domain/kernel/business-day.js';
import { mergesOf, personOf } from '../seniors/index.js';

/** What stands still while the days of a street are read: places, people, spans of lives, accounts. A few rows a person. */
@Injectable()
export class StandingFactsOfStreet {
  async read(tx: EntityManager, streetId: string): Promise<StandingFacts> {
    return {
      points: await this.points(tx, streetId), seniors: await this.seniors(tx, streetId), staff: await this.staff(tx),
      lifeSpans: await this.lifeSpans(tx, streetId), operatorAccounts: await this.accounts(tx, streetId),
    };
  }

  private async points(tx: EntityManager, streetId: string): Promise<Map<string, PointFact>> {
    const rows = await tx.query<{ pointId: string; operatorId: string; latitude: number; longitude: number; startMin: number | null; endMin: number | null }[]>(
      `SELECT p.id AS pointId, p.operator_id AS operatorId, p.latitude, p.longitude, MIN(v.start_min) AS startMin, MAX(v.end_min) AS endMin
       FROM point p JOIN community c ON c.id = p.community_id LEFT JOIN meal_service v ON v.point_id = p.id
       WHERE c.street_id = ? GROUP BY p.id ORDER BY p.id`,
      [streetId],
    );
    // A point without a service has no hours to be outside of.
    return new Map(rows.map(({ pointId, operatorId, latitude, longitude, startMin, endMin }) =>
      [pointId, { pointId, operatorId, place: { latitude, longitude }, startMin: startMin ?? 0, endMin: endMin ?? 1440 }]));
  }

  private async seniors(tx: EntityManager, streetId: string): Promise<Map<string, SeniorFact>> {
    const rows = await tx.query<{ seniorId: string; pointId: string; latitude: number; longitude: number; birthDate: BusinessDay }[]>(
      'SELECT id AS seniorId, point_id AS pointId, latitude, longitude, birth_date AS birthDate FROM senior WHERE street_id = ?', [streetId],
    );
    // A right of a record that was merged holds for the person.
    const rights = await tx.query<{ seniorId: string; code: string; from: BusinessDay; to: BusinessDay | null }[]>(
      `SELECT ${personOf('c.senior_id')} AS seniorId, c.code, c.valid_from AS \`from\`, c.valid_to AS \`to\`
       FROM senior_category c JOIN senior s ON s.id = c.senior_id ${mergesOf('c.senior_id')}
       WHERE s.street_id = ? AND c.status = 'approved' ORDER BY c.id`, [streetId],
    );
    const moves = await this.homeMoves(tx, streetId);
    const rightsOf = new Map<string, NonNullable<SeniorFact['rights']>>();
    for (const { seniorId, ...right } of rights) rightsOf.set(seniorId, [...(rightsOf.get(seniorId) ?? []), right]);
    return new Map(rows.map(({ seniorId, pointId, latitude, longitude, birthDate }) =>
      [seniorId, { pointId, home: { latitude, longitude }, homeMoves: moves.get(seniorId) ?? [], birthDate, rights: rightsOf.get(seniorId) ?? [] }]));
  }

  /** What a move within the street found in the register, so that a door is held against the home of its day. */
  private async homeMoves(tx: EntityManager, streetId: string): Promise<Map<string, HomeMove[]>> {
    const rows = await tx.query<{ seniorId: string; from: BusinessDay; at: Date; undoneAt: Date | null; latitude: string | null; longitude: string | null }[]>(
      `SELECT e.senior_id AS seniorId, e.from_day AS \`from\`, e.at, v.at AS undoneAt, JSON_VALUE(f.before_state, '$.latitude') AS latitude, JSON_VALUE(f.before_state, '$.longitude') AS longitude
       FROM life_event e JOIN senior s ON s.id = e.senior_id JOIN life_event_effect f ON f.life_event_id = e.id AND f.consequence = 'home'
       LEFT JOIN life_event v ON v.reverses_id = e.id WHERE s.street_id = ? AND e.kind = 'move-within' ORDER BY e.at, e.id`, [streetId],
    );
    const moves = new Map<string, HomeMove[]>();
    for (const { seniorId, from, at, undoneAt, latitude, longitude } of rows) {
      const written = businessDayOf(at);
      const before = latitude === null || longitude === null ? null : { latitude: Number(latitude), longitude: Number(longitude) };
      const move: HomeMove = undoneAt === null ? { from: from < written ? from : written, to: from > written ? from : written, before } : { from: written, to: businessDayOf(undoneAt), before: null };
      moves.set(seniorId, [...(moves.get(seniorId) ?? []), move]);
    }
    return moves;
  }

  /** Two accounts that carry one name are taken for one person until somebody has looked. */
  private async staff(tx: EntityManager): Promise<Map<string, StaffFact>> {
    const rows = await tx.query<{ staffId: string; name: string; createdAt: Date }[]>('SELECT id AS staffId, display_name AS name, created_at AS createdAt FROM staff');
    return new Map(rows.map(({ staffId, name, createdAt }) => [staffId, { personKey: `name:${name.replace(/\s/g, '')}`, firstDay: businessDayOf(createdAt) }]));
  }

  private async lifeSpans(tx: EntityManager, streetId: string): Promise<LifeSpan[]> {
    const ended = await tx.query<{ spanId: string; seniorId: string; status: string; from: BusinessDay }[]>(
      `SELECT CONCAT('status:', id) AS spanId, id AS seniorId, status, status_from AS \`from\` FROM senior
       WHERE street_id = ? AND status IN ('deceased', 'moved') AND status_from IS NOT NULL`,
      [streetId],
    );
    const pauses = await tx.query<{ spanId: string; seniorId: string; from: BusinessDay; to: BusinessDay | null }[]>(
      `SELECT CONCAT('pause:', p.id) AS spanId, p.senior_id AS seniorId, p.paused_from AS \`from\`, p.paused_to AS \`to\`
       FROM standing_plan p JOIN senior s ON s.id = p.senior_id WHERE s.street_id = ? AND p.paused_from IS NOT NULL`,
      [streetId],
    );
    const stays = await tx.query<LifeSpan[]>(
      `SELECT CONCAT('stay:', y.id) AS spanId, y.senior_id AS seniorId, y.kind, y.from_day AS \`from\`, y.to_day AS \`to\`
       FROM senior_stay y JOIN senior s ON s.id = y.senior_id WHERE s.street_id = ? AND y.active = 1 AND y.kind IN ('nursing-home', 'hospital')`,
      [streetId],
    );
    return [
      ...stays,
      ...ended.map(({ status, ...span }): LifeSpan => ({ ...span, kind: status === 'deceased' ? 'death' : 'moved', to: null })),
      ...pauses.map((span): LifeSpan => ({ ...span, kind: 'pause' })),
    ];
  }

  /** The account's holder stands for the account where no number is stored; later accounts count once approved. */
  private async accounts(tx: EntityManager, streetId: string): Promise<OperatorAccount[]> {
    const later = await tx.query<OperatorAccount[]>(
      `SELECT DISTINCT a.id AS accountId, a.operator_id AS operatorId, CONCAT('account:', a.account_hash) AS accountKey, a.valid_from AS \`from\`, a.valid_to AS \`to\`
       FROM operator_paper a JOIN operator_paper_decision d ON d.paper_id = a.id AND d.outcome = 'approved'
       JOIN point p ON p.operator_id = a.operator_id JOIN community c ON c.id = p.community_id
       WHERE c.street_id = ? AND a.kind = 'bank-account' AND a.account_hash IS NOT NULL ORDER BY a.id`,
      [streetId],
    );
    const first = await tx.query<OperatorAccount[]>(
      `SELECT DISTINCT CONCAT('first:', o.id) AS accountId, o.id AS operatorId, CONCAT('name:', REPLACE(o.bank_account_name, ' ', '')) AS accountKey,
              o.contract_from AS \`from\`, o.contract_to AS \`to\`
       FROM operator o JOIN point p ON p.operator_id = o.id JOIN community c ON c.id = p.community_id WHERE c.street_id = ? ORDER BY o.id`,
      [streetId],
    );
    return [...first, ...later];
  }
}
