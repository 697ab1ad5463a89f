export { decideGate, freeSeats, isPeak, publicWaits, ZONE_LEAST_AGE, type GateDecision, type SeatZone } from './seats.js';
