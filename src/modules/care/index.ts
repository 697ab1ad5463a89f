export { CareModule } from './care.module.js';
export { CareConsumerModule } from './care-consumer.module.js';
export { CareAlerts } from './care-alerts.js';
export { CareSchedule } from './care-schedule.js';
export { OpenAbsence } from './open-absence.js';
export { DoorCare, type CareDoor } from './door-care.js';
