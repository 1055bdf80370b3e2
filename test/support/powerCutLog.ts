import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One change that a process asked of the system, in the order in which they were made. */
export type DiskChange =
  | { kind: 'create'; path: string; inode: bigint }
  | { kind: 'write'; inode: bigint; offset: number; data: Buffer }
  | { kind: 'truncate'; inode: bigint; size: number }
  | { kind: 'sync'; path: string; inode: bigint }
  | { kind: 'mkdir' | 'unlink'; path: string }
  | { kind: 'link' | 'rename'; path: string; to: string }
  /** Somebody was told that the work is done. */
  | { kind: 'acknowledge' };

const headerSize = 28;

export function readChanges(log: string): DiskChange[] {
  const bytes = readFileSync(log);
  const changes: DiskChange[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = String.fromCharCode(bytes[at] ?? 0);
    const inode = bytes.readBigUInt64LE(at + 8);
    const offset = Number(bytes.readBigUInt64LE(at + 16));
    const pathEnd = at + headerSize + bytes.readUInt32LE(at + 4);
    const end = pathEnd + bytes.readUInt32LE(at + 24);
    const path = bytes.toString('utf8', at + headerSize, pathEnd);
    changes.push(toChange(kind, { path, inode, offset, data: bytes.subarray(pathEnd, end) }));
    at = end;
  }
  return changes;
}

type Fields = { path: string; inode: bigint; offset: number; data: Buffer };

function toChange(kind: string, { path, inode, offset, data }: Fields): DiskChange {
  const to = data.toString();
  const known: Record<string, DiskChange> = {
    C: { kind: 'create', path, inode },
    W: { kind: 'write', inode, offset, data },
    T: { kind: 'truncate', inode, size: offset },
    S: { kind: 'sync', path, inode },
    D: { kind: 'mkdir', path },
    U: { kind: 'unlink', path },
    L: { kind: 'link', path, to },
    M: { kind: 'rename', path, to },
    A: { kind: 'acknowledge' },
  };
  const change = known[kind];
  if (!change) throw new Error(`The recording is broken: no such change ${JSON.stringify(kind)}`);
  return change;
}

/** Says in the log that everything asked for up to here was answered. Between two calls nobody else writes to the log. */
export function acknowledge(log: string): void {
  const record = Buffer.alloc(headerSize);
  record.write('A');
  appendFileSync(log, record);
}

/**
 * The library that records, compiled into `folder`. It needs Linux and a C compiler (Debian's gcc), no rights and no
 * tracer; elsewhere the test has nothing to record with.
 */
export function compileRecorder(folder: string): string {
  const library = join(folder, 'powerCutShim.so');
  const source = join(import.meta.dirname, 'powerCutShim.c');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    throw new Error('The power-cut test needs Linux and a C compiler: apt-get install gcc libc6-dev', { cause: error });
  }
  return library;
}

/** Settings that make a process and its children write down what they change below `root`. */
export function recordingTo(p: { library: string; root: string; log: string }): Record<string, string> {
  return { LD_PRELOAD: p.library, PV_ROOT: p.root, PV_LOG: p.log };
}
