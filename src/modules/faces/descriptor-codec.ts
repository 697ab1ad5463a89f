import { isDescriptorLength, normalise, type UnitVector } from '../../domain/identity/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';

/** The bytes of a descriptor as sent. The contract has checked the base64; this checks that it has as many numbers as the model gives. */
export function descriptorBytes(base64: string, length: number): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== length * 4) throw new DomainError('FACE.DESCRIPTOR_INVALID', 'invalid');
  return bytes;
}

/**
 * Reads little-endian float32 as a unit vector.
 *
 * @throws DomainError FACE.DESCRIPTOR_INVALID for values that are not finite and for the zero vector
 */
export function readDescriptor(bytes: Buffer): UnitVector {
  const length = bytes.length / 4;
  if (!isDescriptorLength(length)) throw new DomainError('FACE.DESCRIPTOR_INVALID', 'invalid');
  const values = Float32Array.from({ length }, (_, index) => bytes.readFloatLE(index * 4));
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (!Number.isFinite(squares) || squares < 1e-6) throw new DomainError('FACE.DESCRIPTOR_INVALID', 'invalid');
  return normalise(values);
}

/** The reverse of readDescriptor. */
export function writeDescriptor(template: UnitVector): Buffer {
  const bytes = Buffer.alloc(template.length * 4);
  template.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}
