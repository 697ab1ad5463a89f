export { KioskOrdersModule } from './kiosk-orders.module.js';
