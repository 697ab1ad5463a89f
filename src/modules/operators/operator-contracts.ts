import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import { standingOf, stopsClaim, stopsSale, type OperatorStanding } from '../../domain/operators/index.js';
import { PaperBook, type StoredPaper } from './paper-book.js';

/** The door to operators' papers: how an operator stands on a day. */
@Injectable()
export class OperatorContracts {
  constructor(private readonly dataSource: DataSource, private readonly papers: PaperBook) {}

  /**
   * Contract, licence and bank account in force on a day with what is wrong about them. A day of the past is answered by
   * the papers that cover it, whatever was agreed later.
   */
  async standingOn(operatorId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<OperatorStanding> {
    const versions = await this.papers.of([operatorId], tx);
    return standingOf(versions.filter((paper) => paper.state === 'counts'), day, await this.isShared(operatorId, versions, tx));
  }

  /** Whether a subsidised meal may be sold on the day: a contract and a food licence hold. */
  async maySellOn(operatorId: string, day: BusinessDay, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const counting = (await this.papers.of([operatorId], tx)).filter((paper) => paper.state === 'counts');
    return !standingOf(counting, day, false).problems.some(stopsSale);
  }

  /** Those of the days, each once and in order, on which no claim of the operator may be paid; the papers are read once. */
  async unfitDays(operatorId: string, days: readonly BusinessDay[], tx: EntityManager = this.dataSource.manager): Promise<BusinessDay[]> {
    return this.failing(operatorId, days, stopsClaim, tx);
  }

  /** Those of the days, each once and in order, on which the operator had no contract or no food licence. */
  async unlicensedDays(operatorId: string, days: readonly BusinessDay[], tx: EntityManager = this.dataSource.manager): Promise<BusinessDay[]> {
    return this.failing(operatorId, days, stopsSale, tx);
  }

  private async failing(operatorId: string, days: readonly BusinessDay[], stops: typeof stopsClaim, tx: EntityManager): Promise<BusinessDay[]> {
    const counting = (await this.papers.of([operatorId], tx)).filter((paper) => paper.state === 'counts');
    // A shared account is flagged and stops nothing: it need not be looked up.
    return [...new Set(days)].sort().filter((day) => standingOf(counting, day, false).problems.some(stops));
  }

  private async isShared(operatorId: string, versions: readonly StoredPaper[], tx: EntityManager): Promise<boolean> {
    const hashes = versions.flatMap((paper) => (paper.accountHash !== null && paper.state === 'counts' ? [paper.accountHash] : []));
    return (await this.papers.sharing(operatorId, hashes, tx)).length > 0;
  }
}
