/** A descriptor as the contract carries it: float32, little endian, base64 with padding. */
export function encodeDescriptor(descriptor: ArrayLike<number>): string {
  const bytes = new Uint8Array(descriptor.length * 4);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < descriptor.length; index += 1) view.setFloat32(index * 4, descriptor[index] as number, true);
  return btoa(String.fromCharCode(...bytes));
}

/** The inverse of encodeDescriptor. */
export function decodeDescriptor(text: string): Float32Array {
  const binary = atob(text);
  const view = new DataView(new ArrayBuffer(binary.length));
  for (let index = 0; index < binary.length; index += 1) view.setUint8(index, binary.charCodeAt(index));
  return Float32Array.from({ length: binary.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
