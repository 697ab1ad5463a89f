export { NoticesModule } from './notices.module.js';
export { NoticesConsumerModule } from './notices-consumer.module.js';
export { Notices, type NoticeRequest } from './notices.js';
export { SendNotice } from './send-notice.js';
