import type { Type } from '@nestjs/common';
import { AccessModule } from './modules/access/index.js';
import { AuditModule } from './modules/audit/index.js';
import { DevicesModule } from './modules/devices/index.js';

/** Every capability, one line each; both processes load them all, the worker adds the job consumers. */
export const CAPABILITIES: Type[] = [
  AccessModule,
  AuditModule,
  DevicesModule,
];
