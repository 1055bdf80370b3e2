import { readRecord, type StoredValue, varint } from './readRecord.ts';

export type Tree = 'table' | 'index';
/** A page of a tree: where it leads to, and the records on it that make sense. */
export type Page = { tree: Tree; children: number[]; records: StoredValue[][] };

/** First byte of a page (sqlite.org/fileformat2, 1.6). */
const kinds: { readonly [first: number]: { tree: Tree; leaf: boolean } } = {
  2: { tree: 'index', leaf: false },
  5: { tree: 'table', leaf: false },
  10: { tree: 'index', leaf: true },
  13: { tree: 'table', leaf: true },
};

/** The pages of a SQLite file, read as bytes: SQLite itself never looks at them. The first page is number 1. */
export function readPages(file: Buffer, size: number) {
  const count = Math.floor(file.length / size);
  const startOf = (page: number) => (page - 1) * size;
  const isThere = (page: number) => page >= 1 && page <= count;

  /** Null for what is no page of a tree. */
  function read(page: number): Page | null {
    const start = startOf(page);
    const head = start + (page === 1 ? 100 : 0);
    const kind = isThere(page) ? kinds[file.readUInt8(head)] : undefined;
    if (!kind) return null;
    const children: number[] = [];
    const records: StoredValue[][] = [];
    const slots = head + (kind.leaf ? 8 : 12);
    const cells = Math.min(file.readUInt16BE(head + 3), (start + size - slots) / 2);
    for (let n = 0; n + 1 <= cells; n += 1) {
      const cell = start + file.readUInt16BE(slots + 2 * n);
      if (cell < slots || cell + 4 > start + size) continue;
      if (!kind.leaf) children.push(file.readUInt32BE(cell));
      const record = kind.tree === 'table' && !kind.leaf ? null : readCell(cell, { ...kind, end: start + size });
      if (record) records.push(record);
    }
    if (!kind.leaf) children.push(file.readUInt32BE(head + 8));
    return { tree: kind.tree, children, records };
  }

  function readCell(cell: number, { tree, leaf, end }: { tree: Tree; leaf: boolean; end: number }) {
    try {
      const length = varint(file, leaf ? cell : cell + 4);
      const rowid = tree === 'table' ? varint(file, length.next) : { value: null, next: length.next };
      const most = tree === 'table' ? size - 35 : Math.floor(((size - 12) * 64) / 255) - 23;
      const payload = readPayload(rowid.next, { length: length.value, most, end });
      return payload && readRecord(payload, rowid.value);
    } catch {
      return null;
    }
  }

  /** A payload too long for its page goes on in a chain of overflow pages. */
  function readPayload(at: number, { length, most, end }: { length: number; most: number; end: number }) {
    if (length > file.length) return null;
    if (length <= most) return at + length <= end ? file.subarray(at, at + length) : null;
    const least = Math.floor(((size - 12) * 32) / 255) - 23;
    const fits = least + ((length - least) % (size - 4));
    const local = fits <= most ? fits : least;
    const parts = [file.subarray(at, at + local)];
    let page = file.readUInt32BE(at + local);
    for (let left = length - local; left > 0; left -= size - 4) {
      if (!isThere(page)) return null;
      const start = startOf(page);
      page = file.readUInt32BE(start);
      parts.push(file.subarray(start + 4, start + 4 + Math.min(left, size - 4)));
    }
    return Buffer.concat(parts);
  }

  /** A tree from its root down, each page once. Where it leads to no page of its kind, that branch ends. */
  function* walk(root: number): Generator<{ number: number; page: Page }> {
    const tree = read(root)?.tree;
    const seen = new Set<number>();
    const ahead = [root];
    for (let number = ahead.pop(); number !== undefined; number = ahead.pop()) {
      const page = seen.has(number) ? null : read(number);
      seen.add(number);
      if (page?.tree !== tree || !page) continue;
      ahead.push(...page.children.toReversed());
      yield { number, page };
    }
  }

  /** What the file says is free: such pages hold rows that were deleted. Empty when its list makes no sense. */
  function free(): Set<number> {
    const found = new Set<number>();
    if (count === 0) return found;
    const told = file.readUInt32BE(36);
    for (let trunk = file.readUInt32BE(32); trunk !== 0 && found.size < told; ) {
      if (!isThere(trunk) || found.has(trunk)) return new Set();
      const start = startOf(trunk);
      found.add(trunk);
      const leaves = Math.min(file.readUInt32BE(start + 4), size / 4 - 2);
      for (let n = 0; n < leaves; n += 1) found.add(file.readUInt32BE(start + 8 + 4 * n));
      trunk = file.readUInt32BE(start);
    }
    return found.size === told ? found : new Set();
  }
  return { count, read, walk, free };
}
