export { DevicesModule } from './devices.module.js';
export { RaiseDeviceAlarm } from './raise-device-alarm.js';
export { UnsentKiosks, unsentSales, type UnsentKiosk } from './unsent-kiosks.query.js';
