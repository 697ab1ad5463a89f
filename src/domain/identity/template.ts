import { InvariantError } from '../kernel/domain-error.js';

/** A face as the embedder describes it, scaled to unit length. Valid only beside the id of the model that made it. */
export type UnitVector = Float32Array & { readonly __unit: 'unit-vector' };

/** Numbers per descriptor of the present embedder. */
export const DESCRIPTOR_LENGTH = 128;

/** @throws InvariantError for a vector of another length, with a value that is not finite, or of length zero. */
export function normalise(values: ArrayLike<number>): UnitVector {
  if (values.length !== DESCRIPTOR_LENGTH) throw new InvariantError(`descriptor of ${values.length} numbers`);
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    squares += value * value;
  }
  if (!Number.isFinite(squares) || squares === 0) throw new InvariantError('descriptor without direction');
  const scale = 1 / Math.sqrt(squares);
  return Float32Array.from(values, (value) => value * scale) as UnitVector;
}

/**
 * The template of one person from several frames of one capture: the normalised mean of the unit descriptors. Three
 * photos lower misses from 5 to about 2 in 100 at one false match in a thousand (measured; see docs/adr).
 *
 * @param descriptors at least one; need not be normalised
 */
export function templateOf(descriptors: readonly ArrayLike<number>[]): UnitVector {
  if (descriptors.length === 0) throw new InvariantError('a template needs a descriptor');
  const sum = new Float64Array(DESCRIPTOR_LENGTH);
  for (const descriptor of descriptors) {
    const unit = normalise(descriptor);
    for (let index = 0; index < DESCRIPTOR_LENGTH; index += 1) sum[index] = (sum[index]) + (unit[index]);
  }
  return normalise(sum);
}

/** Cosine of two unit vectors, -1 to 1. */
export function cosine(a: UnitVector, b: UnitVector): number {
  let product = 0;
  for (let index = 0; index < DESCRIPTOR_LENGTH; index += 1) product += (a[index]) * (b[index]);
  return product;
}
