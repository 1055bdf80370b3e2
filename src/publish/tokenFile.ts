import { randomBytes } from 'node:crypto';
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { VaultError } from '../shared/errors.ts';

export const tokenScopes = ['read-prd', 'read', 'write'] as const;
/** `read-prd`: what is in production or was; `read`: drafts and history too; `write`: makes and edits drafts as well. Nobody's token promotes. */
export type TokenScope = (typeof tokenScopes)[number];

/** A token as it is kept: by its hash only. Times are ISO 8601 UTC. */
export type TokenRecord = {
  id: string;
  vaultId: string;
  name: string;
  scope: TokenScope;
  sha256: string;
  createdAt: string;
  createdBy: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};
type FileForm = { promptvaultTokens: 1; tokens: TokenRecord[] };

/** How long a lock of somebody who died in between holds others up, in ms. */
const staleLockMs = 5000;
/** How old what was read may be: a token revoked by another process is refused after this at the latest, in ms. */
const glanceMs = 100;

/** The tokens of one user in one file, which several processes read and change. */
export function openTokenFile(file: string) {
  let known: TokenRecord[] = [];
  let seen = '';
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** All records, at most 100 ms old, or as they are now. BAD_FILE when the file is none of ours. */
  function records(when: 'lately' | 'now' = 'lately'): readonly TokenRecord[] {
    const now = performance.now();
    if (when === 'lately' && now - lookedAt < glanceMs) return known;
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    const mark = stats ? markOf(stats) : '';
    if (mark !== seen) {
      known = stats ? readRecords(file) : [];
      seen = mark;
    }
    lookedAt = now;
    return known;
  }

  /**
   * Reads, changes and replaces the file while no other process does. What merely notes something gives up with BUSY at once
   * when another one does, so that it never takes a lock for forgotten and undoes a revocation.
   */
  async function change<T>(edit: (records: TokenRecord[]) => T, when: 'its turn' | 'now' = 'its turn'): Promise<T> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const unlock = await lock(`${file}.lock`, when);
    try {
      lookedAt = Number.NEGATIVE_INFINITY;
      const next = structuredClone(records()) as TokenRecord[];
      const result = edit(next);
      await replaceFile(file, { promptvaultTokens: 1, tokens: next });
      return result;
    } finally {
      lookedAt = Number.NEGATIVE_INFINITY;
      await unlock();
    }
  }
  return { records, change };
}

const markOf = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`;

function readRecords(file: string): TokenRecord[] {
  try {
    const { promptvaultTokens, tokens } = JSON.parse(readFileSync(file, 'utf8')) as FileForm;
    if (promptvaultTokens === 1 && Array.isArray(tokens)) return tokens;
  } catch (error) {
    throw badFile(file, error);
  }
  throw badFile(file);
}

function badFile(file: string, cause?: unknown): VaultError {
  const message = `${file} is no file of access tokens. Take it away; tokens must be made anew then`;
  return new VaultError('BAD_FILE', message, { file, reason: 'not a file of access tokens' }, cause);
}

async function replaceFile(file: string, form: FileForm): Promise<void> {
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(next, `${JSON.stringify(form, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await chmod(next, 0o600);
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** BUSY when somebody alive holds it for too long. */
async function lock(name: string, when: 'its turn' | 'now'): Promise<() => Promise<void>> {
  const until = performance.now() + 2 * staleLockMs;
  for (;;) {
    try {
      await (await open(name, 'wx', 0o600)).close();
      return () => rm(name, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (when === 'now' || performance.now() > until) throw held(name);
    if (await isStale(name)) await takeAway(name);
    await wait(20);
  }
}

async function isStale(name: string): Promise<boolean> {
  const made = (await stat(name).catch(() => undefined))?.mtimeMs;
  return made !== undefined && Date.now() - made > staleLockMs;
}

/** One at a time looks once more and takes it away: for others who found it dead it may be the lock of somebody alive by then. */
async function takeAway(name: string): Promise<void> {
  const turn = `${name}.turn`;
  try {
    await (await open(turn, 'wx', 0o600)).close();
  } catch {
    if (await isStale(turn)) await rm(turn, { force: true });
    return;
  }
  try {
    if (await isStale(name)) await rm(name, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

const held = (name: string) => new VaultError('BUSY', `${name} is held by another process`, { file: name });
