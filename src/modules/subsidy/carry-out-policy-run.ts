import { Injectable } from '@nestjs/common';
import { policyRulesSchema } from '../../contract/policy.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { Inbox } from '../../infra/queue/outbox.js';
import { RehearseMonth } from './rehearse-month.js';
import { ReplayMonth } from './replay-month.js';

interface RunRow { streetId: string; kind: 'rehearsal' | 'replay'; rules: unknown; month: string; state: string }

/** Carries out a rehearsal or a replay and stores its result; carried out twice, it stores the same. */
@Injectable()
export class CarryOutPolicyRun {
  constructor(
    private readonly units: UnitOfWork, private readonly rehearse: RehearseMonth, private readonly replay: ReplayMonth,
    private readonly inbox: Inbox, private readonly clock: Clock,
  ) {}

  /** @param run `messageId` null when the caller waits for it */
  async execute(run: { policyRunId: string; messageId: string | null }): Promise<void> {
    const reader = this.units.reader;
    const [row] = await reader.query<RunRow[]>('SELECT street_id AS streetId, kind, rules, month, state FROM policy_run WHERE id = ?', [run.policyRunId]);
    if (row === undefined || row.state === 'done') return this.finish(run, null, 'done');
    await reader.query("UPDATE policy_run SET state = 'running' WHERE id = ?", [run.policyRunId]);
    const tell = async (mealsDone: number): Promise<void> => {
      await reader.query('UPDATE policy_run SET meals_done = ? WHERE id = ?', [mealsDone, run.policyRunId]);
    };
    try {
      const summary = row.kind === 'replay'
        ? await this.replay.execute(row.streetId, row.month, tell)
        : await this.rehearse.execute(row.streetId, row.month, policyRulesSchema.parse(parseJson(row.rules)), tell);
      await this.finish(run, JSON.stringify(summary), 'done');
    } catch (error) {
      // What cannot be computed now cannot be computed later either; anything else (a lost connection) is tried again.
      if (!(error instanceof InvariantError)) throw error;
      await this.finish(run, null, 'failed');
    }
  }

  private async finish(run: { policyRunId: string; messageId: string | null }, summary: string | null, state: 'done' | 'failed'): Promise<void> {
    await this.units.run(async (tx) => {
      if (run.messageId !== null && !await this.inbox.once(tx, 'policy-runs', run.messageId)) return;
      if (summary !== null || state === 'failed') {
        await tx.query(
          "UPDATE policy_run SET state = ?, summary = ?, meals_done = IF(? = 'done', meals_total, meals_done), finished_at = ? WHERE id = ? AND state <> 'done'",
          [state, summary, state, this.clock.now(), run.policyRunId],
        );
      }
    });
  }
}
