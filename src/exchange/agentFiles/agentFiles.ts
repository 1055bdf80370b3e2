import { basename, dirname, resolve } from 'node:path';
import { codeOf, VaultError } from '../../shared/errors.ts';
import type { Database } from '../../vault/database.ts';
import type { Served, VaultApi, VaultEvent } from '../../vault/types.ts';
import { type AgentFileRow, agentFileRows } from './agentFileRows.ts';
import { agentFormats } from './agentFormats.ts';
import { agentName } from './agentName.ts';
import { agentPlace } from './agentPlace.ts';
import { markedText, readMarker, sameText } from './marker.ts';
import {
  type AgentFile,
  type AgentFileCalls,
  type AgentFileChange,
  type AgentFileState,
  agentFileKinds,
} from './types.ts';

/** `file` is the vault as it was asked for: the folder that a link leads to is another workspace. */
type AgentVault = Pick<VaultApi, 'get'> & { database: Database; file: string };
/** `text` is what the file should say, null while nothing is in production. */
type Found = AgentFile & { row: AgentFileRow; served: Served | null; text: string | null };

const forced: readonly AgentFileState[] = ['edited', 'foreign'];
const mended: readonly AgentFileState[] = ['missing', 'behind'];

/**
 * Released prompts as files where agents read them. A file is written only because a person chose it, released, moved or
 * renamed its prompt here, and only below the folder around `.promptvault`; one that is not ours, or was edited, stays.
 */
export function agentFileCalls(vault: AgentVault): AgentFileCalls & { follow(events: readonly VaultEvent[]): void } {
  const { database } = vault;
  const rows = agentFileRows(database);

  function look(row: AgentFileRow): Found {
    const { path, kind, title, description } = row;
    const format = agentFormats[kind];
    const name = agentName(path);
    const file = format.file(name);
    const served = productionOf(vault, path);
    const about = { path, kind, file, version: served?.version ?? null, row, served };
    if (!served) return { ...about, text: null, state: 'unreleased', problem: 'nothing is in production yet' };
    const text = markedText(format.write({ name, title, description, served }), served);
    if (format.runs?.test(text)) {
      return { ...about, text, state: 'unsafe', problem: 'its text holds a command that the agent would run' };
    }
    return { ...about, text, ...stateOf(row, file, text) };
  }

  function stateOf(row: AgentFileRow, file: string, text: string): Pick<AgentFile, 'state' | 'problem'> {
    try {
      const there = agentPlace(requireRoot(vault.file), file).read();
      if (there === undefined) return { state: 'missing', problem: 'it is not written yet' };
      if (sameText(there, text)) return { state: 'current', problem: null };
      const marker = readMarker(there);
      if (!marker) return { state: 'foreign', problem: 'another file has this name' };
      if (marker.path !== row.path && isClaimed(file, row)) {
        return { state: 'taken', problem: `${marker.path} has a file of this name` };
      }
      if (!marker.untouched) return { state: 'edited', problem: 'it was edited by hand' };
      return { state: 'behind', problem: `it has ${marker.path}@${marker.version}, or an older form` };
    } catch (error) {
      return { state: 'blocked', problem: (error as Error).message };
    }
  }

  /** Whether another prompt's file has this name. */
  const isClaimed = (file: string, { id }: AgentFileRow) =>
    rows.all().some((other) => other.id !== id && agentFormats[other.kind].file(agentName(other.path)) === file);

  function bring(row: AgentFileRow, { force, dryRun }: { force?: boolean; dryRun?: boolean }): AgentFileChange {
    const found = look(row);
    const writes = mended.includes(found.state) || (force === true && forced.includes(found.state));
    if (dryRun || !writes) {
      if (!dryRun && found.state === 'current') remember(found);
      return told(found, writes ? 'written' : 'kept');
    }
    try {
      agentPlace(requireRoot(vault.file), found.file).write(found.text ?? '');
    } catch (error) {
      return told({ ...found, state: 'blocked', problem: (error as Error).message }, 'kept');
    }
    remember(found);
    return told(found, 'written');
  }

  /** The file that a moved prompt had goes, when it is still as it was written. */
  function remember({ row, file, served }: Found): void {
    if (row.file !== null && row.file !== file) removeFile(row, row.file);
    const hash = served?.hash ?? null;
    // A vault that lies in git changes only when there is something to remember.
    if (row.file !== file || row.hash !== hash) rows.remember(row, { file, hash });
  }

  /** True when it was there and went. A vault may name any file: only what looks like ours in name and text is touched. */
  function removeFile(row: AgentFileRow, file: string): boolean {
    if (!agentFormats[row.kind].files.test(file) || isClaimed(file, row)) return false;
    try {
      const place = agentPlace(requireRoot(vault.file), file);
      if (!readMarker(place.read() ?? '')?.untouched) return false;
      place.remove();
      return true;
    } catch {
      return false;
    }
  }

  function drop(row: AgentFileRow): AgentFileChange {
    const found = look(row);
    const removed = removeFile(row, row.file ?? found.file);
    rows.drop(row);
    return told(found, removed ? 'removed' : 'kept');
  }

  return {
    agentFiles: async ({ path, limit = 200, after }) => {
      const page = path === undefined ? rows.page(after, limit) : rows.of(path);
      return page.map((row) => toFile(look(row)));
    },
    chooseAgentFiles: async ({ path, add = [], remove = [], force }) => {
      requireRoot(vault.file);
      requireKinds([...add, ...remove]);
      rows.promptId(path);
      const dropped = rows.of(path).filter(({ kind }) => remove.includes(kind) && !add.includes(kind));
      const gone = dropped.map(drop);
      rows.choose(path, add);
      const wanted = rows.of(path).filter(({ kind }) => add.includes(kind));
      return [...gone, ...wanted.map((row) => bring(row, { force }))];
    },
    writeAgentFiles: async ({ path, ...how }) => {
      requireRoot(vault.file);
      if (path !== undefined) rows.promptId(path);
      return (path === undefined ? rows.all() : rows.of(path)).map((row) => bring(row, how));
    },
    follow(events) {
      const paths = new Set(events.filter(changesFiles).flatMap(({ path }) => path ?? []));
      if (paths.size === 0 || rootOf(vault.file) === undefined) return;
      try {
        for (const path of paths) for (const row of rows.of(path)) bring(row, {});
      } catch {
        // The release itself is done, and what is behind shows as that wherever somebody looks.
      }
    },
  };
}

const changesFiles = ({ kind, details }: VaultEvent) =>
  ['version.rolledBack', 'prompt.moved', 'prompt.edited'].includes(kind) ||
  (kind === 'version.promoted' && (details as { to?: string } | null)?.to === 'PRD');

function toFile({ path, kind, file, version, state, problem }: Found): AgentFile {
  return { path, kind, file, version, state, problem };
}
const told = (found: Found, done: AgentFileChange['done']): AgentFileChange => ({ ...toFile(found), done });

function productionOf(vault: AgentVault, path: string): Served | null {
  try {
    return vault.get({ ref: path });
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The folder around `.promptvault`; a vault that lies elsewhere belongs to no workspace. */
function rootOf(vaultFile: string): string | undefined {
  const folder = dirname(resolve(vaultFile));
  return basename(folder) === '.promptvault' ? dirname(folder) : undefined;
}

function requireRoot(vaultFile: string): string {
  const root = rootOf(vaultFile);
  if (root !== undefined) return root;
  const message = `Files for agents lie beside the folder .promptvault, and ${vaultFile} lies in none`;
  throw new VaultError('INVALID_INPUT', message, { field: 'vault' });
}

function requireKinds(kinds: readonly string[]): void {
  const unknown = kinds.find((kind) => !(agentFileKinds as readonly string[]).includes(kind));
  if (unknown === undefined) return;
  throw new VaultError('INVALID_INPUT', `${unknown} is none of ${agentFileKinds.join(', ')}`, { field: 'kind' });
}
