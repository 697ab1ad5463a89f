import { Global, Module } from '@nestjs/common';
import { DenialRecorder } from '../../infra/http/authenticators.js';
import { AuditLines } from './audit-list.query.js';
import { AuditController } from './audit.controller.js';
import { AuditedDenials, AuditTrail } from './audit-trail.js';

/** The record of acts and denials. Global because every capability writes to it. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditTrail, AuditLines, { provide: DenialRecorder, useClass: AuditedDenials }],
  exports: [AuditTrail, DenialRecorder],
})
export class AuditModule {}
