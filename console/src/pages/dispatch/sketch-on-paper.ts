import type { TripSketch } from '../../../../src/contract/dispatch.js';
import type { Paper } from '../../parts/paper/paper.js';

interface Frame { readonly xMm: number; readonly yMm: number; readonly widthMm: number; readonly heightMm: number }
/** Grey as roads on the screen; ways are black, so that a printer without colour shows them. */
const ROAD = '#bdb6a8';
const DOOR_MM = 2.6;
const DEPOT_MM = 2;

/** Roads, the way of the trips and the doors' numbers, as large as the frame allows, north at the top. */
export function drawSketch(paper: Paper, sketch: TripSketch, frame: Frame): void {
  // Numbers of doors at the edge stay within the frame.
  const scale = Math.min((frame.widthMm - 2 * DOOR_MM) / sketch.widthM, (frame.heightMm - 2 * DOOR_MM) / sketch.heightM);
  const [spareX, spareY] = [frame.widthMm - scale * sketch.widthM, frame.heightMm - scale * sketch.heightM];
  const xOf = (x: number): number => frame.xMm + spareX / 2 + (x - sketch.minX) * scale;
  const yOf = (y: number): number => frame.yMm + spareY / 2 + (sketch.minY + sketch.heightM - y) * scale;
  const placed = (flat: readonly number[]): number[] => flat.map((value, index) => (index % 2 === 0 ? xOf(value) : yOf(value)));
  paper.within(frame.xMm, frame.yMm, frame.widthMm, frame.heightMm, () => {
    for (const road of sketch.roads) paper.line(placed(road), 0.8, ROAD);
    for (const trip of sketch.trips) paper.line(placed(trip.way), 0.6);
    for (const { seq, x, y } of sketch.trips.flatMap((trip) => trip.doors)) {
      paper.dot(xOf(x), yOf(y), DOOR_MM, '#fff', '#000', 0.4);
      paper.text(String(seq), xOf(x) - DOOR_MM, yOf(y) - 1.9, 2 * DOOR_MM, { sizeMm: 3.2, align: 'center' });
    }
    paper.dot(xOf(0), yOf(0), DEPOT_MM, '#000', '#fff', 0.6);
  });
  paper.box(frame.xMm, frame.yMm, frame.widthMm, frame.heightMm, 0.2);
}
