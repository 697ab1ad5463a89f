import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../infra/config/app-config.js';
import { CreateFirstAdministrator } from './create-first-administrator.js';

/** Tells the operator's engineer, on the terminal only, how the first administrator is created. */
@Injectable()
export class FirstAdministratorNotice {
  constructor(private readonly firstAdministrator: CreateFirstAdministrator, private readonly config: AppConfig) {}

  /** Prints nothing once staff exist. */
  async print(): Promise<void> {
    const code = await this.firstAdministrator.issueCode();
    if (code === null) return;
    process.stdout.write(`first administrator: open ${this.config.publicOrigin}/console/first-administrator and enter the one-time code ${code} (valid 24 hours)\n`);
  }
}
