import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BootRefusal } from '../../infra/boot-refusal.js';
import { AppConfig } from '../../infra/config/app-config.js';

/** What must be true of accounts before a production process serves anyone. Changes nothing. */
@Injectable()
export class BootChecks implements OnApplicationBootstrap {
  constructor(private readonly dataSource: DataSource, private readonly config: AppConfig) {}

  /** @throws BootRefusal START.DEMO_DATA in production when demo data or demo logins are in the database */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.mode !== 'production') return;
    const [demo] = await this.dataSource.query<{ n: string | number }[]>(
      'SELECT (SELECT COUNT(*) FROM staff WHERE is_demo = 1) + (SELECT COUNT(*) FROM street WHERE is_demo = 1) AS n',
    );
    if (Number(demo?.n ?? 0) === 0) return;
    throw new BootRefusal('START.DEMO_DATA', 'This database holds a demo street and logins with a well-known password; production refuses to start on it. Nothing was changed. '
      + 'Name another database (DATABASE_URL) or another data folder (DATA_DIR), or start without NODE_ENV=production.');
  }
}
