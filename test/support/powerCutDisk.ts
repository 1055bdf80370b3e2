import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiskChange } from './powerCutLog.ts';

type ContentChange = Extract<DiskChange, { kind: 'write' | 'truncate' }>;
type EntryChange = { set?: [path: string, node: Node]; drop?: string };
type Node = { folder: true } | { folder: false; bytes: Buffer; size: number; unsynced: ContentChange[] };
type Content = Extract<Node, { folder: false }>;
/** Paths and contents of the files. */
export type DiskImage = Map<string, Buffer>;
/** What was there when a recording began; a file is known by its inode from then on. */
export type DiskStart = { files: DiskImage; inodes: Map<string, bigint> };
/** Numbers in [0, 1). */
export type Random = () => number;

/** What a disk writes in one piece. */
const sectorSize = 512;

/**
 * A disk as harsh as POSIX allows: until a file is synced any part of its writes may be missing, in any order and torn
 * at sectors, and a grown file may hold garbage where nothing arrived; until a folder is synced the last of its
 * changes (new, removed and renamed entries) may be missing.
 */
export function createDisk(start: DiskStart & { root: string }) {
  const live = new Map<string, Node>();
  const durable = new Map<string, Node>();
  const byInode = new Map<bigint, Content>();
  const unsyncedEntries = new Map<string, EntryChange[]>();
  for (const [path, bytes] of start.files) {
    const node: Content = { folder: false, bytes: Buffer.from(bytes), size: bytes.length, unsynced: [] };
    for (const folder of foldersBetween(start.root, path)) {
      live.set(folder, { folder: true });
      durable.set(folder, { folder: true });
    }
    live.set(path, node);
    durable.set(path, node);
    byInode.set(start.inodes.get(path) ?? 0n, node);
  }

  function content(inode: bigint): Content {
    const node = byInode.get(inode);
    if (!node) throw new Error(`The recording misses how the file with inode ${inode} began`);
    return node;
  }
  function changeEntry(path: string, change: EntryChange): void {
    const folder = dirname(path);
    unsyncedEntries.set(folder, [...(unsyncedEntries.get(folder) ?? []), change]);
    applyEntry(live, change);
  }
  function named(path: string): Node {
    const node = live.get(path);
    if (!node) throw new Error(`The recording misses how ${path} began`);
    return node;
  }
  function sync(path: string, inode: bigint): void {
    const node = byInode.get(inode);
    if (live.get(path)?.folder || path === start.root) {
      for (const change of unsyncedEntries.get(path) ?? []) applyEntry(durable, change);
      unsyncedEntries.delete(path);
    } else if (node) {
      for (const change of node.unsynced) applyContent(node, change);
      node.unsynced = [];
    }
  }

  return {
    apply(change: DiskChange): void {
      if (change.kind === 'create') {
        const node: Content = { folder: false, bytes: Buffer.alloc(0), size: 0, unsynced: [] };
        byInode.set(change.inode, node);
        changeEntry(change.path, { set: [change.path, node] });
      } else if (change.kind === 'write' || change.kind === 'truncate') content(change.inode).unsynced.push(change);
      else if (change.kind === 'sync') sync(change.path, change.inode);
      else if (change.kind === 'mkdir') changeEntry(change.path, { set: [change.path, { folder: true }] });
      else if (change.kind === 'unlink') changeEntry(change.path, { drop: change.path });
      else if (change.kind === 'link') changeEntry(change.to, { set: [change.to, named(change.path)] });
      else if (change.kind === 'rename') {
        const node = named(change.path);
        if (dirname(change.path) !== dirname(change.to)) throw new Error('No rename between folders is simulated');
        changeEntry(change.to, { set: [change.to, node], drop: change.path });
      }
    },
    /** What a process sees that goes on. */
    whole: (): DiskImage => image(live, start.root, ({ unsynced }) => unsynced),
    /** What may be there when the power comes back. */
    afterPowerCut(random: Random): DiskImage {
      const entries = new Map(durable);
      for (const changes of unsyncedEntries.values()) {
        const kept = Math.floor(random() * (changes.length + 1));
        for (const change of changes.slice(0, kept)) applyEntry(entries, change);
      }
      // Sometimes nothing of it arrived, sometimes nearly all.
      const share = random() < 0.4 ? Math.round(random()) : random();
      const tearing = random() < 0.5 ? 0.5 : 0;
      const keep = (node: Content) => node.unsynced.flatMap((change) => arrived(change, { random, share, tearing }));
      return image(entries, start.root, keep, random() < 0.5 ? random : undefined);
    },
  };
}

function foldersBetween(root: string, path: string): string[] {
  const folder = dirname(path);
  return folder === root || folder === '/' ? [] : [...foldersBetween(root, folder), folder];
}

function applyEntry(entries: Map<string, Node>, { set, drop }: EntryChange): void {
  if (drop) entries.delete(drop);
  if (set) entries.set(...set);
}

function applyContent(node: Pick<Content, 'bytes' | 'size'>, change: ContentChange, garbage?: Random): void {
  const end = change.kind === 'write' ? change.offset + change.data.length : change.size;
  if (end > node.bytes.length) {
    const grown = Buffer.alloc(end * 2);
    node.bytes.copy(grown, 0, 0, node.size);
    node.bytes = grown;
  }
  if (end > node.size) {
    node.bytes.fill(garbage ? Math.floor(garbage() * 256) : 0, node.size, end);
    node.size = end;
  }
  if (change.kind === 'truncate') node.size = end;
  else change.data.copy(node.bytes, change.offset);
}

/** What of one write reached the disk: all, nothing, or some of its sectors. */
function arrived(change: ContentChange, p: { random: Random; share: number; tearing: number }): ContentChange[] {
  if (p.random() >= p.share) return [];
  if (change.kind === 'truncate' || p.random() >= p.tearing) return [change];
  const parts: ContentChange[] = [];
  const end = change.offset + change.data.length;
  for (let from = change.offset; from < end; ) {
    const to = Math.min(end, (Math.floor(from / sectorSize) + 1) * sectorSize);
    const data = change.data.subarray(from - change.offset, to - change.offset);
    if (p.random() < 0.5) parts.push({ ...change, offset: from, data });
    from = to;
  }
  return parts;
}

function image(
  entries: Map<string, Node>,
  root: string,
  keep: (node: Content) => ContentChange[],
  garbage?: Random,
): DiskImage {
  const files: DiskImage = new Map();
  for (const [path, node] of entries) {
    if (node.folder) continue;
    // A file whose folder never arrived cannot be found.
    if (foldersBetween(root, path).some((folder) => !entries.get(folder)?.folder)) continue;
    const copy = { bytes: Buffer.from(node.bytes.subarray(0, node.size)), size: node.size };
    for (const change of keep(node)) applyContent(copy, change, garbage);
    files.set(path, copy.bytes.subarray(0, copy.size));
  }
  return files;
}

/** The files that are really below a folder. */
export function readImage(root: string): DiskImage {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))] as const),
  );
}

export function readStart(root: string): DiskStart {
  const files = readImage(root);
  return { files, inodes: new Map([...files.keys()].map((path) => [path, statSync(path, { bigint: true }).ino])) };
}

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
