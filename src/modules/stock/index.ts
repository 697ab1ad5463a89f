export { LotList } from './lot-list.query.js';
export { StockModule } from './stock.module.js';
