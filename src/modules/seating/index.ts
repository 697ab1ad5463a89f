export { SeatingModule } from './seating.module.js';
export { SeatZones } from './seat-zones.js';
