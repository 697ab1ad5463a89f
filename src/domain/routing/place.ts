/** A place on the earth in WGS-84 degrees. Other datums (GCJ-02, BD-09) are converted at the edges only. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The only datum inside the product; a mixed datum shifts a door near Hangzhou by about half a kilometre. */
export const DATUM = 'WGS-84';

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Great-circle distance in metres (haversine). */
export function straightDistanceM(a: Place, b: Place): number {
  const dLatitude = (b.latitude - a.latitude) * RADIANS;
  const dLongitude = (b.longitude - a.longitude) * RADIANS;
  const chord = Math.sin(dLatitude / 2) ** 2
    + Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * Math.sin(dLongitude / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}
