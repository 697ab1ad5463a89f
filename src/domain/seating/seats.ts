/** The reserved zone of a point as its street has set it. Minutes of the day are Shanghai's; the peak is half-open. */
export interface SeatZone {
  readonly seats: number;
  /** How long a seat counts as taken where nobody says that it is free again. */
  readonly stayMin: number;
  readonly peakFromMin: number;
  readonly peakToMin: number;
  /** During the peak nothing is sold to the public while fewer seats than this are free. */
  readonly keepFree: number;
}

/** From this age on a person may enter the zone; the entry right is age, not payment. */
export const ZONE_LEAST_AGE = 60;

/** Seats that nobody sits on; never negative, since attendants may seat more than there are. */
export const freeSeats = (zone: Pick<SeatZone, 'seats'>, taken: number): number => Math.max(0, zone.seats - taken);

export const isPeak = (zone: SeatZone, minute: number): boolean => zone.peakFromMin <= minute && minute < zone.peakToMin;

/** Whether the public must wait for seniors. */
export function publicWaits(zone: SeatZone, taken: number, minute: number): boolean {
  return isPeak(zone, minute) && freeSeats(zone, taken) < zone.keepFree;
}

export type GateDecision = 'open' | 'full' | 'too-young';

/** @param seatedAlready whoever comes back to the own seat takes no second one */
export function decideGate(zone: SeatZone, taken: number, person: { ageYears: number; seatedAlready: boolean }): GateDecision {
  if (person.ageYears < ZONE_LEAST_AGE) return 'too-young';
  return person.seatedAlready || freeSeats(zone, taken) > 0 ? 'open' : 'full';
}
