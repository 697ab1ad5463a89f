import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { noticeListAnswer, noticeListQuery, type NoticeListAnswer, type NoticeListQuery } from '../../contract/notices.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { NoticeList } from './notice-list.query.js';

@Controller('notices')
export class NoticesController {
  constructor(private readonly list: NoticeList) {}

  @Get()
  @Access('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'attendant', 'auditor')
  @ApiOperation({ operationId: 'listNotices' })
  @ApiResponse({ status: 200, standardSchema: noticeListAnswer })
  read(@Query({ schema: noticeListQuery }) query: NoticeListQuery, @CurrentStaff() staff: StaffIdentity): Promise<NoticeListAnswer> {
    return this.list.read(query, staff);
  }
}
