/** A value as a SQLite record holds it; a blob is undefined, since no table of ours has one. */
export type StoredValue = string | number | null | undefined;

const integerSizes = [0, 1, 2, 3, 4, 6, 8];

/**
 * The values of a record (sqlite.org/fileformat2, 2.1), or null when its sizes make no sense. `rowid` stands for an integer
 * key, which a table stores as nothing; null in an index. Throws RangeError where the record ends too early.
 */
export function readRecord(payload: Buffer, rowid: number | null): StoredValue[] | null {
  const header = varint(payload, 0);
  const types: number[] = [];
  for (let at = header.next; at < header.value; ) {
    const type = varint(payload, at);
    types.push(type.value);
    at = type.next;
  }
  const bodySize = types.reduce((sum, type) => sum + sizeOf(type), 0);
  if (header.value + bodySize !== payload.length) return null;
  let at = header.value;
  return types.map((type, column) => {
    if (type === 0) return column === 0 ? rowid : null;
    const bytes = payload.subarray(at, at + sizeOf(type));
    at += bytes.length;
    return decode(type, bytes);
  });
}

function sizeOf(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  return type === 7 ? 8 : (integerSizes[type] ?? 0);
}

function decode(type: number, bytes: Buffer): StoredValue {
  if (type === 7) return bytes.readDoubleBE();
  if (type === 8 || type === 9) return type - 8;
  if (type >= 12) return type % 2 === 1 ? bytes.toString('utf8') : undefined;
  if (bytes.length === 0) return undefined;
  return bytes.length > 6 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, bytes.length);
}

/** SQLite's numbers of 1 to 9 bytes; ours are far below 2^53. */
export function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i += 1) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 };
}
