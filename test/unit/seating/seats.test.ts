import fc from 'fast-check';
import { decideGate, freeSeats, publicWaits, type SeatZone } from '../../../src/domain/seating/index.js';

const ZONE: SeatZone = { seats: 4, stayMin: 40, peakFromMin: 660, peakToMin: 750, keepFree: 2 };

it('opens by age alone, while a seat is free, and to whoever comes back', () => {
  expect(decideGate(ZONE, 3, { ageYears: 60, seatedAlready: false })).toBe('open');
  expect(decideGate(ZONE, 0, { ageYears: 59, seatedAlready: false })).toBe('too-young');
  expect(decideGate(ZONE, 4, { ageYears: 90, seatedAlready: false })).toBe('full');
  expect(decideGate(ZONE, 4, { ageYears: 90, seatedAlready: true })).toBe('open');
});

it('makes the public wait at the peak only, and only while seats are short', () => {
  expect([659, 660, 749, 750].map((minute) => publicWaits(ZONE, 3, minute))).toEqual([false, true, true, false]);
  expect([0, 2, 3, 9].map((taken) => publicWaits(ZONE, taken, 700))).toEqual([false, false, true, true]);
});

it('never tells less than no free seats, and never opens a full zone to somebody new', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 110 }), (seats, taken, ageYears) => {
    const zone = { ...ZONE, seats };
    expect(freeSeats(zone, taken)).toBeGreaterThanOrEqual(0);
    if (decideGate(zone, taken, { ageYears, seatedAlready: false }) === 'open') expect(taken).toBeLessThan(seats);
  }));
});
