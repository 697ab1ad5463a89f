import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UnseenAnswer, UnseenQuery, UnseenRow } from '../../contract/life-events.js';
import { ageOn, businessDayOf, daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { isAwayOn, maskPhone, unseenBand, type Stay } from '../../domain/persons/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import type { Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { PersonMerges, SENIOR_SCOPE } from '../seniors/index.js';
import { lastSeenOf } from './last-seen.js';

interface PersonRow { seniorId: string; name: string; birthDate: BusinessDay; communityName: string; pointName: string; phoneCipher: string; createdAt: Date }

/** Whom nobody has served or met for 30, 60 or 90 days: the community's list of people to visit (standards.md 2.2). */
@Injectable()
export class UnseenQueue {
  constructor(
    private readonly dataSource: DataSource, private readonly merges: PersonMerges, private readonly keyring: Keyring, private readonly clock: Clock,
  ) {}

  async run(query: UnseenQuery, actor: Actor): Promise<UnseenAnswer> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const people = await this.dataSource.query<PersonRow[]>(
      `SELECT s.id AS seniorId, s.name, s.birth_date AS birthDate, c.name AS communityName, p.name AS pointName, s.phone_cipher AS phoneCipher, s.created_at AS createdAt
       FROM senior s JOIN community c ON c.id = s.community_id JOIN point p ON p.id = s.point_id WHERE s.status = 'active' AND ${scope.sql}`, [...scope.params],
    );
    const seen = await this.seenOf(people);
    const today = this.clock.today();
    const found = people.flatMap((person) => {
      const lastSeen = seen.get(person.seniorId) ?? null;
      const daysUnseen = daysBetween(lastSeen ?? businessDayOf(person.createdAt), today);
      const band = unseenBand(daysUnseen);
      return band === null ? [] : [{ person, lastSeen, daysUnseen, band }];
    });
    const chosen = found.filter((one) => one.band >= Number(query.days)).sort((a, b) => b.daysUnseen - a.daysUnseen || (a.person.seniorId < b.person.seniorId ? -1 : 1));
    const shown = chosen.slice((query.page - 1) * query.size, query.page * query.size);
    const stays = await this.staysOf(shown.map(({ person }) => person.seniorId));
    const rows = shown.map(({ person, ...rest }): UnseenRow => ({
      seniorId: person.seniorId, name: person.name, ageYears: ageOn(person.birthDate, today), communityName: person.communityName, pointName: person.pointName,
      phoneMasked: maskPhone(this.keyring.open('identity', person.phoneCipher)), ...rest, away: awayOn(stays.get(person.seniorId) ?? [], today),
    }));
    const counted = (band: number): number => found.filter((one) => one.band >= band).length;
    return { rows, total: chosen.length, counts: { d30: counted(30), d60: counted(60), d90: counted(90) } };
  }

  /** A record that was merged into another vouches for it. */
  private async seenOf(people: readonly PersonRow[]): Promise<Map<string, BusinessDay>> {
    const merged = await this.merges.mergedInto();
    const ids = new Set(people.map((person) => person.seniorId));
    const others = [...merged].filter(([, into]) => ids.has(into)).map(([from]) => from);
    const seen = await lastSeenOf(this.dataSource.manager, [...ids, ...others]);
    for (const from of others) {
      const into = merged.get(from) ?? from;
      const day = seen.get(from);
      if (day !== undefined && day > (seen.get(into) ?? '')) seen.set(into, day);
    }
    return seen;
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

function awayOn(stays: readonly Stay[], day: BusinessDay): Stay['kind'] | null {
  return stays.find((stay) => isAwayOn([stay], day))?.kind ?? null;
}
