export { OrderingModule } from './ordering.module.js';
export { SeniorOrders, type AheadOrder, type EndedPlan } from './senior-orders.js';
export { OrderBook, type DeliveryOrder, type StandingOrders } from './order-book.js';
export { PlaceUrgentOrder } from './place-urgent-order.js';
export { StormOrders } from './storm-orders.js';
export { CancelOrder } from './cancel-order.js';
export { OrdersAhead } from './orders-ahead.query.js';
export { PlaceOrder } from './place-order.js';
