/** A point of the picture, in its pixels. */
export interface Point { readonly x: number; readonly y: number }

/** x' = a x - b y + tx, y' = b x + a y + ty. */
export interface Similarity { readonly a: number; readonly b: number; readonly tx: number; readonly ty: number }

/** Side of the aligned picture that the embedder was trained on, in pixels. */
export const CHIP_SIZE_PX = 150;

const PADDING = 0.25;

/**
 * Mean position of the inner landmarks (numbers 27-54 and 60-64 of the 68) in the unit square, as the training of the
 * embedder used them: nose bridge and base, eyes, outer mouth above, inner mouth above. Source: mean face of dlib's
 * 68-point alignment.
 */
const MEAN_FACE: readonly (readonly [number, number])[] = [
  [0.490127, 0.203352], [0.490127, 0.307009], [0.490127, 0.409805], [0.490127, 0.515625],
  [0.36688, 0.587326], [0.426036, 0.609345], [0.490127, 0.628106], [0.554217, 0.609345], [0.613373, 0.587326],
  [0.121737, 0.216423], [0.187122, 0.178758], [0.265825, 0.179852], [0.334606, 0.231733], [0.260918, 0.245099], [0.182743, 0.244077],
  [0.645647, 0.231733], [0.714428, 0.179852], [0.793132, 0.178758], [0.858516, 0.216423], [0.79751, 0.244077], [0.719335, 0.245099],
  [0.254149, 0.780233], [0.340985, 0.745405], [0.428858, 0.727388], [0.490127, 0.742578], [0.551395, 0.727388], [0.639268, 0.745405], [0.726104, 0.780233],
  [0.290379, 0.784792], [0.428096, 0.778746], [0.490127, 0.785343], [0.552157, 0.778746], [0.689874, 0.784792],
];

const INNER = [...Array.from({ length: 28 }, (_, index) => 27 + index), 60, 61, 62, 63, 64];

/** Least-squares similarity that carries `from` to `to` (equal lengths, at least two different points). */
export function similarityBetween(from: readonly Point[], to: readonly Point[]): Similarity {
  const count = from.length;
  const mean = (points: readonly Point[]): Point => ({
    x: points.reduce((sum, point) => sum + point.x, 0) / count,
    y: points.reduce((sum, point) => sum + point.y, 0) / count,
  });
  const centreFrom = mean(from);
  const centreTo = mean(to);
  let dot = 0;
  let cross = 0;
  let spread = 0;
  from.forEach((point, index) => {
    const target = to[index] as Point;
    const [x, y] = [point.x - centreFrom.x, point.y - centreFrom.y];
    const [u, v] = [target.x - centreTo.x, target.y - centreTo.y];
    dot += x * u + y * v;
    cross += x * v - y * u;
    spread += x * x + y * y;
  });
  const a = dot / spread;
  const b = cross / spread;
  return { a, b, tx: centreTo.x - a * centreFrom.x + b * centreFrom.y, ty: centreTo.y - b * centreFrom.x - a * centreFrom.y };
}

/** The transform that lays the 68 landmarks of a face onto the chip. */
export function chipTransform(landmarks: readonly Point[]): Similarity {
  const onChip = (value: number): number => (CHIP_SIZE_PX * (PADDING + value)) / (2 * PADDING + 1);
  return similarityBetween(
    INNER.map((index) => landmarks[index] as Point),
    MEAN_FACE.map(([x, y]) => ({ x: onChip(x), y: onChip(y) })),
  );
}
