import { DESCRIPTOR_LENGTH, normalise, type UnitVector } from '../../domain/identity/index.js';
import { DomainError } from '../../domain/kernel/domain-error.js';

/** The 512 bytes of a descriptor as sent. The contract has checked the base64; this checks the numbers. */
export function descriptorBytes(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== DESCRIPTOR_LENGTH * 4) throw new DomainError('FACE.DESCRIPTOR_INVALID', 'invalid');
  return bytes;
}

/**
 * Reads 128 little-endian float32 as a unit vector.
 *
 * @throws DomainError FACE.DESCRIPTOR_INVALID for values that are not finite and for the zero vector
 */
export function readDescriptor(bytes: Buffer): UnitVector {
  const values = Float32Array.from({ length: DESCRIPTOR_LENGTH }, (_, index) => bytes.readFloatLE(index * 4));
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (!Number.isFinite(squares) || squares < 1e-6) throw new DomainError('FACE.DESCRIPTOR_INVALID', 'invalid');
  return normalise(values);
}

/** The reverse of readDescriptor. */
export function writeDescriptor(template: UnitVector): Buffer {
  const bytes = Buffer.alloc(DESCRIPTOR_LENGTH * 4);
  template.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}
