import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { auditListAnswer, auditListQuery, type AuditListAnswer, type AuditListQuery } from '../../contract/audit.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { AuditLines } from './audit-list.query.js';

@Controller('audit')
export class AuditController {
  constructor(private readonly lines: AuditLines) {}

  @Get()
  @Access('administrator', 'auditor')
  @ApiOperation({ operationId: 'listAuditLines', summary: 'Who saw, changed or was denied what' })
  @ApiResponse({ status: 200, standardSchema: auditListAnswer })
  list(@CurrentStaff() reader: StaffIdentity, @Query({ schema: auditListQuery }) query: AuditListQuery): Promise<AuditListAnswer> {
    return this.lines.list(reader, query);
  }
}
