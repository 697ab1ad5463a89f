import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { LifeEventKind } from '../../domain/persons/index.js';
import type { Actor } from '../../infra/http/actor.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { SENIOR_SCOPE } from '../seniors/index.js';

export interface StoredEvent {
  readonly id: string;
  readonly seniorId: string;
  readonly kind: LifeEventKind;
  readonly fromDay: BusinessDay;
  readonly at: Date;
  readonly reversed: boolean;
  /** Of a change of category: which one; null of everything else. */
  readonly code: string | null;
}

/** Finds an event for a member of staff: outside of the scope none exists. */
@Injectable()
export class EventScope {
  /** @throws DomainError LIFE_EVENT.NOT_FOUND */
  async find(tx: EntityManager, eventId: string, actor: Actor, lock = false): Promise<StoredEvent> {
    const scope = scopeFilter(actor.staff, SENIOR_SCOPE);
    const [row] = await tx.query<(Omit<StoredEvent, 'reversed'> & { reversedById: string | null })[]>(
      `SELECT e.id, e.senior_id AS seniorId, e.kind, e.from_day AS fromDay, e.at, JSON_VALUE(e.detail, '$.code') AS code, (SELECT v.id FROM life_event v WHERE v.reverses_id = e.id) AS reversedById
       FROM life_event e JOIN senior s ON s.id = e.senior_id WHERE e.id = ? AND ${scope.sql}${lock ? ' FOR UPDATE' : ''}`, [eventId, ...scope.params],
    );
    if (row === undefined) throw new DomainError('LIFE_EVENT.NOT_FOUND', 'not-found');
    const { reversedById, ...event } = row;
    return { ...event, reversed: reversedById !== null };
  }
}
