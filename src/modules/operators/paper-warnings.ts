import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { daysBetween } from '../../domain/kernel/business-day.js';
import { warningDue, type PaperKind } from '../../domain/operators/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Upkeep } from '../../infra/upkeep/upkeep.js';
import { Notices } from '../notices/index.js';
import { PaperBook } from './paper-book.js';

const PAPER_WORDS: Readonly<Record<PaperKind, { zh: string; en: string }>> = {
  contract: { zh: '合同', en: 'contract' }, licence: { zh: '食品经营许可证', en: 'food licence' }, 'bank-account': { zh: '收款账户', en: 'bank account' },
};

/** Says 30 and 7 days before an end that a paper ends, once each. Rebuilt from the papers at every run, so nothing is forgotten with Redis. */
@Injectable()
export class PaperWarnings implements OnModuleInit {
  constructor(
    private readonly upkeep: Upkeep, private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork,
    private readonly papers: PaperBook, private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.upkeep.register({ name: 'operator-papers', run: () => this.warn() });
  }

  /** @returns notices written by this run */
  async warn(): Promise<number> {
    const today = this.clock.today();
    const operators = await this.dataSource.query<{ id: string; name: string; streetId: string }[]>(
      `SELECT o.id, o.name, COALESCE(o.street_id, (SELECT MIN(c.street_id) FROM point p JOIN community c ON c.id = p.community_id WHERE p.operator_id = o.id)) AS streetId FROM operator o`,
    );
    const versions = await this.papers.of(operators.map(({ id }) => id));
    let said = 0;
    for (const paper of versions.filter((one) => one.state === 'counts')) {
      const due = warningDue(paper.validTo, today);
      const operator = operators.find(({ id }) => id === paper.operatorId);
      if (due === null || paper.validTo === null || operator?.streetId == null) continue;
      // A successor that begins where this one ends makes the end harmless.
      if (versions.some((next) => next.operatorId === paper.operatorId && next.kind === paper.kind && next.state === 'counts' && next !== paper && next.validFrom === paper.validTo)) continue;
      const words = PAPER_WORDS[paper.kind];
      const facts = { operator: operator.name, paper: words.zh, paperEn: words.en, day: paper.validTo, days: daysBetween(today, paper.validTo) };
      const fresh = await this.unitOfWork.run((tx) => this.notices.request(tx, {
        kind: 'paper-ending', recipientKind: 'street', recipientId: operator.streetId, facts, dedupKey: `paper-${due}-${paper.operatorId}-${paper.kind.slice(0, 4)}-${paper.validTo ?? ''}`,
      }));
      if (fresh) said += 1;
    }
    return said;
  }
}
