export { KitchenConsumerModule } from './kitchen-consumer.module.js';
export { KitchenModule } from './kitchen.module.js';
export { LoadList } from './load-list.query.js';
export { ORDER_DEPOT } from './live-sales.query.js';
