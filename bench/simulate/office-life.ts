import { CareAlerts } from '../../src/modules/care/index.js';
import { WelfareList } from '../../src/modules/care/welfare-list.js';
import { WorkLadder } from '../../src/modules/care/work-ladder.js';
import type { TestApp } from '../../test/fixtures/start-app.js';
import type { SimulatedWeek } from './lay-week.js';

const OUTCOMES = ['answered', 'away', 'in-hospital', 'needs-help', 'handed-over'] as const;

/** The dispatcher's desk: takes alarms after a while, finds out about people, makes the calls. */
export class OfficeLife {
  constructor(private readonly world: TestApp, private readonly week: SimulatedWeek) {}

  async somethingRuns(): Promise<boolean> {
    const [row] = await this.world.dataSource.query<{ n: string | number }[]>(
      'SELECT (SELECT COUNT(*) FROM care_ladder WHERE ended_at IS NULL) + (SELECT COUNT(*) FROM care_alert WHERE taken_at IS NULL) AS n',
    );
    return Number(row.n) > 0;
  }

  async minute(): Promise<void> {
    const { chance, dispatcher } = this.week;
    const alerts = await this.world.dataSource.query<{ id: string; takenAt: Date | null }[]>('SELECT id, taken_at AS takenAt FROM care_alert WHERE closed_at IS NULL ORDER BY id');
    for (const alert of alerts) {
      if (alert.takenAt === null && chance() < 0.15) await this.world.app.get(CareAlerts, { strict: false }).take(alert.id, dispatcher);
      else if (alert.takenAt !== null && chance() < 0.05) await this.world.app.get(CareAlerts, { strict: false }).close(alert.id, { note: '已上门看过' }, dispatcher);
    }
    const ladders = await this.world.dataSource.query<{ id: string; step: string }[]>('SELECT id, step FROM care_ladder WHERE ended_at IS NULL ORDER BY id');
    for (const ladder of ladders) {
      if (chance() < 0.06) await this.end(ladder.id);
    }
    const calls = await this.world.dataSource.query<{ id: string }[]>('SELECT id FROM welfare_call WHERE result IS NULL ORDER BY id');
    for (const call of calls) if (chance() < 0.2) await this.world.app.get(WelfareList, { strict: false }).record(call.id, { result: chance() < 0.9 ? 'well' : 'not-reached', note: '' }, dispatcher);
  }

  /** The evening of the week: somebody knows about everybody. */
  async endAll(): Promise<void> {
    const ladders = await this.world.dataSource.query<{ id: string }[]>('SELECT id FROM care_ladder WHERE ended_at IS NULL ORDER BY id');
    for (const ladder of ladders) await this.end(ladder.id);
  }

  private async end(ladderId: string): Promise<void> {
    const outcome = OUTCOMES[Math.floor(this.week.chance() * OUTCOMES.length)];
    await this.world.app.get(WorkLadder, { strict: false }).end(ladderId, { outcome, note: '打通了' }, this.week.dispatcher);
  }
}
