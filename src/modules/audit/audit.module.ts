import { Global, Module } from '@nestjs/common';
import { DenialRecorder } from '../../infra/http/authenticators.js';
import { AuditedDenials, AuditTrail } from './audit-trail.js';

@Global()
@Module({
  providers: [AuditTrail, { provide: DenialRecorder, useClass: AuditedDenials }],
  exports: [AuditTrail, DenialRecorder],
})
export class AuditModule {}
