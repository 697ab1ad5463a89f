import exported from 'gcoord';

/** The package's types speak of a default export inside; what Node hands over is that export itself. */
const gcoord = exported as unknown as typeof exported.default;

/** A place on earth in degrees. */
interface Degrees { readonly latitude: number; readonly longitude: number }

/**
 * WGS-84 to GCJ-02, the datum of Chinese map services. Everything inside is WGS-84; only what leaves for such a map is
 * shifted, and only here: at Hangzhou the two differ by some 500 m.
 */
export function toGcj02({ latitude, longitude }: Degrees): Degrees {
  const [shiftedLongitude, shiftedLatitude] = gcoord.transform([longitude, latitude], gcoord.WGS84, gcoord.GCJ02);
  return { latitude: shiftedLatitude, longitude: shiftedLongitude };
}

/** GCJ-02 to WGS-84, for what comes from such a map. */
export function fromGcj02({ latitude, longitude }: Degrees): Degrees {
  const [shiftedLongitude, shiftedLatitude] = gcoord.transform([longitude, latitude], gcoord.GCJ02, gcoord.WGS84);
  return { latitude: shiftedLatitude, longitude: shiftedLongitude };
}
