export { BatchBook } from './batch-book.js';
export { BatchList } from './batch-list.query.js';
export { holdsGoodsSql } from './holds-goods.js';
export { BOXES_FROM_KITCHEN_SQL } from './kitchen-boxes.js';
export { ProductionModule } from './production.module.js';
export { ProductionSettingsBook } from './production-settings-book.js';
