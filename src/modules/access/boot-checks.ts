import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '../../infra/config/app-config.js';
import { FirstAdministratorNotice } from './first-administrator-notice.js';

/** What must be true of accounts before a production process serves anyone. */
@Injectable()
export class BootChecks implements OnApplicationBootstrap {
  constructor(private readonly dataSource: DataSource, private readonly config: AppConfig, private readonly notice: FirstAdministratorNotice) {}

  /** @throws Error in production when demo data or demo logins are in the database */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.mode !== 'production') return;
    const [demo] = await this.dataSource.query<{ n: string | number }[]>(
      'SELECT (SELECT COUNT(*) FROM staff WHERE is_demo = 1) + (SELECT COUNT(*) FROM street WHERE is_demo = 1) AS n',
    );
    if (Number(demo?.n ?? 0) > 0) throw new Error('This database holds demo data with well-known passwords; production refuses to start on it.');
    await this.notice.print();
  }
}
