import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateFolder } from '../vault/backupPlace.ts';

/** What a target was last told of a path; `version` null: that there is nothing. `at` is ISO 8601 UTC. */
export type LedgerEntry = { target: string; path: string; version: string | null; hash: string | null; at: string };
type Line = LedgerEntry & { key?: string };

/**
 * What this machine sent, beside the vault: a vault goes back in time with git checkout, a target does not. Without it an
 * older branch would not know what to take back, and would deliver once more what is waiting in an old outbox.
 */
export type SentLedger = {
  /** By path. */
  of(target: string): ReadonlyMap<string, LedgerEntry>;
  /** Whether the delivery of this key was done here. */
  hasDone(key: string): boolean;
  note(entry: LedgerEntry): void;
  noteDone(key: string): void;
};

const keptKeys = 20_000;

/** The ledger of a vault, in the platform's place for a program's state unless a folder is given. */
export function sentLedger(vaultId: string, folder = join(stateFolder(), 'sent')): SentLedger {
  const file = join(folder, `${vaultId.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 64) || 'unknown'}.jsonl`);
  const targets = new Map<string, Map<string, LedgerEntry>>();
  const done = new Set<string>();
  let read = 0;
  let lines = 0;

  function take(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      lines += 1;
      try {
        const { key, ...entry } = JSON.parse(line) as Line;
        if (key !== undefined) done.add(key);
        else entriesOf(entry.target).set(entry.path, entry);
      } catch {
        // A line that was cut off: what it told of is sent once more.
      }
    }
  }
  function entriesOf(target: string): Map<string, LedgerEntry> {
    const known = targets.get(target) ?? new Map<string, LedgerEntry>();
    targets.set(target, known);
    return known;
  }
  /** Reads what was added since, by whatever process. */
  function refresh(): void {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < read) {
      targets.clear();
      done.clear();
      read = 0;
      lines = 0;
    }
    if (size === read) return;
    take(readFrom(file, read, size));
    read = size;
    if (lines > 1000 && lines > 4 * (sizeOf(targets) + Math.min(done.size, keptKeys))) compact();
  }
  function compact(): void {
    const entries = [...targets.values()].flatMap((known) => [...known.values()]);
    const keys = [...done].slice(-keptKeys).map((key) => ({ key }));
    const text = [...entries, ...keys].map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(`${file}.tmp`, text, { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
    read = Buffer.byteLength(text);
    lines = entries.length + keys.length;
  }
  function add(line: LedgerEntry | { key: string }): void {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      refresh();
    } catch {
      // Where nothing can be kept, the worst that happens is that something is sent twice.
      take(JSON.stringify(line));
    }
  }
  return {
    of(target) {
      refresh();
      return entriesOf(target);
    },
    hasDone(key) {
      refresh();
      return done.has(key);
    },
    note: add,
    noteDone: (key) => add({ key }),
  };
}

const sizeOf = (targets: Map<string, Map<string, LedgerEntry>>) =>
  [...targets.values()].reduce((sum, known) => sum + known.size, 0);

function readFrom(file: string, from: number, to: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(to - from);
    const length = readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
