export { OrderingModule } from './ordering.module.js';
export { OrderBook, type DeliveryOrder, type StandingOrders } from './order-book.js';
