import type { NextSite, ReachAnswer } from '../../../../../src/contract/reach.js';
import type { TripSketch } from '../../../../../src/contract/dispatch.js';

/** Names of colour tokens, so that a map has the colours of the page around it. */
export type Ink = '--ink' | '--paper' | '--sky' | '--persimmon' | '--jade' | '--amber' | '--line' | '--alarm';
export const DASHES = [[1, 0], [4, 2], [1.5, 2], [6, 2, 1.5, 2]] as const;

/** What is drawn over a map: lines and marks in metres from a place in WGS-84, x to the east and y to the north. */
export interface Drawing {
  readonly latitude: number; readonly longitude: number;
  readonly frame: { readonly minX: number; readonly minY: number; readonly widthM: number; readonly heightM: number };
  /** Each `parts` is a line of its own: x y x y … */
  readonly lines: readonly { readonly ink: Ink; readonly dash: number; readonly widthPx: number; readonly parts: readonly (readonly number[])[] }[];
  readonly marks: readonly { readonly x: number; readonly y: number; readonly ink: Ink; readonly fill: Ink; readonly radiusPx: number; readonly text: string; readonly beside: boolean }[];
}

const METRES_PER_DEGREE = 111_195;
const TRIP_INKS: readonly Ink[] = ['--sky', '--persimmon', '--jade', '--amber'];
const BAND_INKS: readonly Ink[] = ['--jade', '--sky', '--amber', '--line'];

/** Longitude and latitude of a spot of the drawing: the exact inverse of how the server flattens places. */
export function placeOf(drawing: Pick<Drawing, 'latitude' | 'longitude'>, x: number, y: number): [number, number] {
  const shrink = Math.cos((drawing.latitude * Math.PI) / 180);
  return [drawing.longitude + x / (METRES_PER_DEGREE * shrink), drawing.latitude + y / METRES_PER_DEGREE];
}

export function spotOf(drawing: Pick<Drawing, 'latitude' | 'longitude'>, longitude: number, latitude: number): { x: number; y: number } {
  const shrink = Math.cos((drawing.latitude * Math.PI) / 180);
  return { x: Math.round((longitude - drawing.longitude) * METRES_PER_DEGREE * shrink), y: Math.round((latitude - drawing.latitude) * METRES_PER_DEGREE) };
}

/** Ways and doors of a plan; colours and dashes as on the sketch. */
export function drawTrips(sketch: TripSketch): Drawing {
  const { latitude, longitude, minX, minY, widthM, heightM } = sketch;
  const inkOf = (index: number): Ink => TRIP_INKS[index % TRIP_INKS.length] ?? '--sky';
  return {
    latitude, longitude, frame: { minX, minY, widthM, heightM },
    lines: sketch.trips.map((trip, index) => ({ ink: inkOf(index), dash: index % DASHES.length, widthPx: 4, parts: [trip.way] })),
    marks: [
      ...sketch.trips.flatMap((trip, index) => doorsByPlace(trip.doors).map((door) => ({ x: door.x, y: door.y, ink: inkOf(index), fill: '--paper' as const, radiusPx: 11, text: door.text, beside: false }))),
      { x: 0, y: 0, ink: '--paper', fill: '--ink', radiusPx: 9, text: '', beside: false },
    ],
  };
}

/** Isochrones, homes, points and tried sites. */
export function drawReach(reach: ReachAnswer, sites: readonly NextSite[], tried: NextSite | null): Drawing {
  const { latitude, longitude, frame } = reach;
  const inkOf = (index: number): Ink => BAND_INKS[index % BAND_INKS.length] ?? '--line';
  return {
    latitude, longitude, frame,
    // The nearest band lies on top.
    lines: reach.bands.map((band, index) => ({ ink: inkOf(index), dash: 0, widthPx: 3, parts: fours(band.lines) })).toReversed(),
    marks: [
      ...reach.homes.map((home) => ({ x: home.x, y: home.y, ink: '--paper' as const, fill: home.inside ? '--ink' as const : '--alarm' as const, radiusPx: home.inside ? 3 : 4, text: home.inside ? '' : '✕', beside: !home.inside })),
      ...reach.points.map((point) => ({ x: point.x, y: point.y, ink: '--ink' as const, fill: point.pointId === reach.pointId ? '--ink' as const : '--paper' as const, radiusPx: 8, text: point.name, beside: true })),
      ...sites.map((site, index) => ({ x: site.x, y: site.y, ink: '--persimmon' as const, fill: '--paper' as const, radiusPx: 11, text: String(index + 1), beside: false })),
      ...(tried === null ? [] : [{ x: tried.x, y: tried.y, ink: '--persimmon' as const, fill: '--paper' as const, radiusPx: 9, text: '?', beside: false }]),
    ],
  };
}

function fours(flat: readonly number[]): number[][] {
  const lines: number[][] = [];
  for (let at = 0; at + 3 < flat.length; at += 4) lines.push(flat.slice(at, at + 4));
  return lines;
}

/** Doors of one building are one mark with all their numbers. */
function doorsByPlace(doors: readonly { seq: number; x: number; y: number }[]): { x: number; y: number; text: string }[] {
  const places = new Map<string, { x: number; y: number; numbers: Set<number> }>();
  for (const { seq, x, y } of doors) {
    const place = places.get(`${x} ${y}`) ?? { x, y, numbers: new Set<number>() };
    place.numbers.add(seq);
    places.set(`${x} ${y}`, place);
  }
  return [...places.values()].map(({ x, y, numbers }) => ({ x, y, text: [...numbers].join('·') }));
}
