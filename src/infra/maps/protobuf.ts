/** A field of a protocol buffer: a number for varints, bytes for what has a length. */
export interface ProtoField { readonly number: number; readonly varint: number; readonly bytes: Uint8Array }

const EMPTY = new Uint8Array(0);
const LONGEST = 10;

/** Reads varints one after the other. Numbers are exact up to 2^53; ids and deltas of maps are far below. */
export class VarintReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** A varint of ten bytes is a negative int64 (an offset of a map may be one); all others are what they say. */
  integer(): number {
    const start = this.at;
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new RangeError('the file ends in the middle of a number');
      this.at += 1;
      const length = this.at - start;
      if (length > LONGEST) throw new RangeError('a number longer than ten bytes');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return length < LONGEST ? value : this.negative(start);
      factor *= 128;
    }
  }

  private negative(start: number): number {
    const bits = this.bytes.subarray(start, this.at).reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
    return Number(BigInt.asIntN(64, bits));
  }

  /** Zigzag: 0, -1, 1, -2 … */
  signed(): number {
    const value = this.integer();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  slice(length: number): Uint8Array {
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw new RangeError('the file ends in the middle of a field');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }
}

/** The fields of a message in their order; fixed-width fields come as bytes. @throws RangeError for bytes that are none */
export function* protoFields(bytes: Uint8Array): Generator<ProtoField> {
  const reader = new VarintReader(bytes);
  while (!reader.done) {
    const key = reader.integer();
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === 0) yield { number, varint: reader.integer(), bytes: EMPTY };
    else if (wire === 2) yield { number, varint: 0, bytes: reader.slice(reader.integer()) };
    else if (wire === 1 || wire === 5) yield { number, varint: 0, bytes: reader.slice(wire === 1 ? 8 : 4) };
    else throw new RangeError(`wire type ${wire}`);
  }
}

/** Numbers packed into one field. */
export function packed(bytes: Uint8Array, signed: boolean): number[] {
  const reader = new VarintReader(bytes);
  const values: number[] = [];
  while (!reader.done) values.push(signed ? reader.signed() : reader.integer());
  return values;
}
