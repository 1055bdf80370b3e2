/** A value of a record; blobs are not read. */
export type ScannedValue = string | number | null;

const pageSize = 4096;
const leafTable = 0x0d;

/**
 * Every record on every leaf page of a SQLite file, whatever table it is of and whether anything still leads to it. Whoever
 * reads them must be able to tell what they are: by a hash they carry. Cells that make no sense are passed over.
 */
export function* scanPages(file: Buffer): Generator<ScannedValue[]> {
  for (let start = 0; start + pageSize <= file.length; start += pageSize) {
    const head = start === 0 ? 100 : 0;
    if (file[start + head] !== leafTable) continue;
    const cells = Math.min(file.readUInt16BE(start + head + 3), 1000);
    for (let i = 0; i < cells; i += 1) {
      const record = readCell(file, start, head + 8 + 2 * i);
      if (record) yield record;
    }
  }
}

function readCell(file: Buffer, start: number, slot: number): ScannedValue[] | null {
  try {
    const cell = file.readUInt16BE(start + slot);
    if (cell < slot || cell >= pageSize) return null;
    const size = varint(file, start + cell);
    const rowid = varint(file, size.next);
    const payload = readPayload(file, rowid.next, { size: size.value, pageEnd: start + pageSize });
    return payload && readRecord(payload, rowid.value);
  } catch {
    return null;
  }
}

/** A payload too long for its page goes on in a chain of overflow pages (sqlite.org/fileformat2, 1.6). */
function readPayload(file: Buffer, at: number, { size, pageEnd }: { size: number; pageEnd: number }): Buffer | null {
  if (size > file.length) return null;
  const most = pageSize - 35;
  if (size <= most) return at + size <= pageEnd ? file.subarray(at, at + size) : null;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const fits = least + ((size - least) % (pageSize - 4));
  const local = fits <= most ? fits : least;
  const parts = [file.subarray(at, at + local)];
  let page = file.readUInt32BE(at + local);
  for (let left = size - local; left > 0; left -= pageSize - 4) {
    const start = (page - 1) * pageSize;
    if (page === 0 || start + pageSize > file.length) return null;
    page = file.readUInt32BE(start);
    parts.push(file.subarray(start + 4, start + 4 + Math.min(left, pageSize - 4)));
  }
  return Buffer.concat(parts);
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8];

function readRecord(payload: Buffer, rowid: number): ScannedValue[] {
  const header = varint(payload, 0);
  const types: number[] = [];
  for (let at = header.next; at < header.value; ) {
    const type = varint(payload, at);
    types.push(type.value);
    at = type.next;
  }
  let at = header.value;
  return types.map((type, column) => {
    // An integer key is stored as nothing and is the rowid.
    if (type === 0) return column === 0 ? rowid : null;
    if (type === 8 || type === 9) return type - 8;
    const size = type <= 6 ? (integerSizes[type] ?? 0) : type === 7 ? 8 : (type - (type % 2 === 0 ? 12 : 13)) / 2;
    const bytes = payload.subarray(at, at + size);
    at += size;
    if (type >= 13 && type % 2 === 1) return bytes.toString('utf8');
    if (type <= 6) return bytes.length > 6 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, bytes.length);
    return null;
  });
}

/** SQLite's numbers of 1 to 9 bytes; ours are far below 2^53. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i += 1) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 };
}
