export { DevicesModule } from './devices.module.js';
export { UnsentKiosks, unsentSales, type UnsentKiosk } from './unsent-kiosks.query.js';
