import { InvariantError } from '../kernel/domain-error.js';

/** A face as the embedder describes it, scaled to unit length. Valid only beside the id of the model that made it. */
export type UnitVector = Float32Array & { readonly __unit: 'unit-vector' };

/** Numbers per descriptor of the embedder that this release carries. */
export const DESCRIPTOR_LENGTH = 128;

/** Lengths that embedders have; the search walks sixteen columns at a time. */
export const isDescriptorLength = (length: number): boolean => length >= 64 && length <= 1024 && length % 16 === 0;

/** @throws InvariantError for a length that no embedder has, with a value that is not finite, or of length zero. */
export function normalise(values: ArrayLike<number>): UnitVector {
  if (!isDescriptorLength(values.length)) throw new InvariantError(`descriptor of ${values.length} numbers`);
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
 * The template of one person from several frames of one capture: the normalised mean of the unit descriptors
 * (docs/FACES.md has what it gains over one photo).
 *
 * @param descriptors at least one, all of one model; need not be normalised
 */
export function templateOf(descriptors: readonly ArrayLike<number>[]): UnitVector {
  const [first] = descriptors;
  if (first === undefined) throw new InvariantError('a template needs a descriptor');
  const sum = new Float64Array(first.length);
  for (const descriptor of descriptors) {
    if (descriptor.length !== first.length) throw new InvariantError('descriptors of different models in one template');
    const unit = normalise(descriptor);
    for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index]) + (unit[index]);
  }
  return normalise(sum);
}

/** Cosine of two unit vectors of one model, -1 to 1. @throws InvariantError for vectors of different models */
export function cosine(a: UnitVector, b: UnitVector): number {
  if (a.length !== b.length) throw new InvariantError('faces of different models are not comparable');
  let product = 0;
  for (let index = 0; index < a.length; index += 1) product += (a[index]) * (b[index]);
  return product;
}
