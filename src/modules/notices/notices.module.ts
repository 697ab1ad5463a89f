import { Module } from '@nestjs/common';
import { NoticeChannel, SandboxChannel } from './notice-channel.js';
import { NoticeList } from './notice-list.query.js';
import { Notices } from './notices.js';
import { NoticesController } from './notices.controller.js';
import { SendNotice } from './send-notice.js';

@Module({
  controllers: [NoticesController],
  providers: [Notices, NoticeList, SendNotice, { provide: NoticeChannel, useClass: SandboxChannel }],
  exports: [Notices, SendNotice],
})
export class NoticesModule {}
