import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OperatorDetail, OperatorListAnswer, OperatorPaper } from '../../contract/operators.js';
import { addDays, daysBetween, type BusinessDay } from '../../domain/kernel/business-day.js';
import { standingOf, stopsClaim, stopsSale } from '../../domain/operators/index.js';
import { Clock } from '../../infra/clock/clock.js';
import type { Actor } from '../../infra/http/actor.js';
import { OperatorScope } from './operator-scope.js';
import { endOf, PaperBook, type StoredPaper } from './paper-book.js';

const COUNTED_DAYS = 30;

/** Operators of a street with how they stand today; every version of their papers. */
@Injectable()
export class OperatorLists {
  constructor(private readonly dataSource: DataSource, private readonly scope: OperatorScope, private readonly papers: PaperBook, private readonly clock: Clock) {}

  async list(actor: Actor): Promise<OperatorListAnswer> {
    const operators = await this.scope.operators(actor);
    const today = this.clock.today();
    const ids = operators.map(({ id }) => id);
    const versions = await this.papers.of(ids);
    const counts = await this.countsOf(ids, today);
    const rows = await Promise.all(operators.map(async (operator) => {
      const own = versions.filter((paper) => paper.operatorId === operator.id);
      const standing = standingOf(own.filter((paper) => paper.state === 'counts'), today, (await this.sharedWith(operator.id, own)).length > 0);
      const ends = [standing.contract, standing.licence, standing.bankAccount].flatMap((paper) => (paper?.validTo ? [daysBetween(today, paper.validTo)] : []));
      const counted = counts.get(operator.id);
      return {
        ...operator, points: counted?.points ?? 0, contractTo: endOf(own, 'contract', today), licenceTo: endOf(own, 'licence', today),
        accountName: standing.bankAccount?.partyName ?? null, problems: [...standing.problems], endsInDays: ends.length === 0 ? null : Math.min(...ends),
        seniorMeals: counted?.seniorMeals ?? 0, publicMeals: counted?.publicMeals ?? 0,
      };
    }));
    return { rows, total: rows.length };
  }

  /** @throws DomainError OPERATOR.NOT_FOUND as REQUEST.NOT_FOUND outside the scope */
  async detail(operatorId: string, actor: Actor): Promise<OperatorDetail> {
    const operator = await this.scope.require(this.dataSource.manager, operatorId, actor);
    const day = this.clock.today();
    const versions = await this.papers.of([operatorId]);
    const sharedWith = await this.sharedWith(operatorId, versions);
    const { problems } = standingOf(versions.filter((paper) => paper.state === 'counts'), day, sharedWith.length > 0);
    const points = await this.dataSource.query<(Omit<OperatorDetail['points'][number], 'openToPublic'> & { openToPublic: number })[]>(
      'SELECT id, code, name, kind, supply, open_to_public AS openToPublic FROM point WHERE operator_id = ? ORDER BY code', [operatorId],
    );
    return {
      ...operator, day, problems: [...problems], maySell: !problems.some(stopsSale), mayClaim: !problems.some(stopsClaim), sharedWith,
      points: points.map((point) => ({ ...point, openToPublic: point.openToPublic === 1 })), papers: versions.map((paper) => paperFor(paper, actor)),
    };
  }

  private async sharedWith(operatorId: string, versions: readonly StoredPaper[]): Promise<string[]> {
    const hashes = versions.flatMap((paper) => (paper.accountHash !== null && paper.state !== 'refused' && paper.state !== 'replaced' ? [paper.accountHash] : []));
    return (await this.papers.sharing(operatorId, hashes)).map(({ name }) => name);
  }

  /** Meals that stand, of the last days; who ate at the public price without an account is counted apart. */
  private async countsOf(ids: readonly string[], today: BusinessDay): Promise<Map<string, { points: number; seniorMeals: number; publicMeals: number }>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<{ id: string; points: number; seniorMeals: number | null; publicMeals: number | null }[]>(
      `SELECT o.id, (SELECT COUNT(*) FROM point p WHERE p.operator_id = o.id) AS points, x.seniorMeals, x.publicMeals
       FROM operator o LEFT JOIN (
         SELECT m.operator_id AS id, SUM(m.senior_id IS NOT NULL) AS seniorMeals, SUM(m.senior_id IS NULL) AS publicMeals
         FROM meal m LEFT JOIN meal_reversal r ON r.meal_id = m.id WHERE m.business_day > ? AND r.meal_id IS NULL GROUP BY m.operator_id) x ON x.id = o.id
       WHERE o.id IN (?)`, [addDays(today, -COUNTED_DAYS), ids],
    );
    return new Map(rows.map((row) => [row.id, { points: Number(row.points), seniorMeals: Number(row.seniorMeals ?? 0), publicMeals: Number(row.publicMeals ?? 0) }]));
  }
}

function paperFor(paper: StoredPaper, actor: Actor): OperatorPaper {
  const mayRole = actor.staff.role === 'street' || actor.staff.role === 'finance';
  return {
    paperId: paper.paperId, kind: paper.kind, number: paper.number, partyName: paper.partyName, validFrom: paper.validFrom, validTo: paper.validTo,
    evidence: paper.evidence, state: paper.state, recordedByName: paper.recordedByName, recordedAt: paper.recordedAt?.toISOString() ?? null,
    decidedByName: paper.decidedByName, mayDecide: paper.state === 'proposed' && mayRole && paper.recordedBy !== actor.staff.staffId,
  };
}
