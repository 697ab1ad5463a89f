import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { BootRefusal } from '../infra/boot-refusal.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { InfraModule } from '../infra/infra.module.js';
import { AccessModule, CreateFirstAdministrator } from '../modules/access/index.js';
import { AuditModule } from '../modules/audit/index.js';

/**
 * Makes the one-time code for the first administrator of an empty installation and prints it, once, to this terminal;
 * the database keeps its hash. An earlier code that nobody used is void from now on. Refused on demo data.
 */
async function firstCode(): Promise<void> {
  const config = configFromEnvironment();
  if (config.demo) throw new BootRefusal('START.DEMO_MODE', 'A demo has its logins; a first administrator belongs to an installation without demo data (NODE_ENV=production or DEMO=0).');
  @Module({ imports: [InfraModule.forRoot(config), AuditModule, AccessModule] })
  class CodeModule {}
  const app = await NestFactory.createApplicationContext(CodeModule, { logger: false, abortOnError: false });
  try {
    const code = await app.get(CreateFirstAdministrator).issueCode();
    console.log(code === null
      ? 'there are staff already; no code was made'
      : `first administrator: open ${config.publicOrigin}/console/first-administrator and enter the one-time code ${code} (valid 24 hours, works once, shown only now)`);
  } finally {
    await app.close();
  }
}

try {
  await firstCode();
} catch (error) {
  console.error(error instanceof BootRefusal ? error.message : error);
  // What was refused while it came up is half up: its connections would keep the process alive.
  process.exit(1);
}
