export { ClawBacks } from './claw-backs/claw-backs.js';
export { LifeEventsModule } from './life-events.module.js';
export { DeliveryOffers } from './delivery-offers.js';
export { RecordLifeEvent } from './record-life-event.js';
