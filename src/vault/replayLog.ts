import type { EventRow } from './events.ts';
import { parsePath } from './paths.ts';
import { parseVersionNumber } from './references.ts';
import type { Row } from './tableShapes.ts';

export type ReplayedPrompt = {
  /** Columns of `prompts`. */
  row: Row;
  tags: Set<string>;
  deleted: boolean;
};
export type ReplayedVersion = {
  /** Columns of `versions` but its id. */
  row: Row;
  /** By number; columns of `revisions` but their ids. */
  revisions: Map<number, Row>;
  labels: Set<string>;
  deleted: boolean;
};
type Details = { readonly [name: string]: unknown };
type Entry = EventRow & { told: Details };

export const versionKey = (promptId: unknown, major: unknown, minor: unknown) => `${promptId}:${major}.${minor}`;

/**
 * The prompts and versions that the log tells of, as they are after its last entry. Every entry carries a hash, so what
 * follows from it is as true as the log is whole.
 */
export function replayLog(events: readonly EventRow[]) {
  const prompts = new Map<number, ReplayedPrompt>();
  const versions = new Map<string, ReplayedVersion>();
  /** When what a prompt has in production went there. */
  const deployed = new Map<number, string>();

  function tellPrompt(event: Entry, id: number): void {
    const { path, folder, name } = parsePath(event.path ?? '');
    const prompt = prompts.get(id) ?? {
      row: { id, title: name, description: '', created_at: event.at },
      tags: new Set(),
      deleted: false,
    };
    Object.assign(prompt.row, { path, folder, name, updated_at: event.at });
    promptSteps[event.kind]?.(prompt, event.told);
    prompts.set(id, prompt);
  }
  function tellVersion(event: Entry, promptId: number): void {
    const number = parseVersionNumber(event.version ?? '');
    if (!number) return;
    const key = versionKey(promptId, number.major, number.minor);
    const version = versions.get(key) ?? begin(event, { prompt_id: promptId, ...number });
    versionSteps[event.kind]?.(version, event);
    // A period does not begin before the one it ends, whatever the clock said.
    if (event.kind === 'version.promoted' && event.told.to === 'PRD') {
      const at = [event.at, String(version.row.created_at), deployed.get(promptId) ?? ''].sort().at(-1)!;
      deployed.set(promptId, at);
      version.row.deployed_at = at;
    }
    if (event.kind === 'version.retired') {
      const replacedBy = text(event.told.replacedBy);
      Object.assign(version.row, {
        stage: 'RET',
        retired_at: deployed.get(promptId) ?? event.at,
        replaced_by: replacedBy,
      });
    }
    versions.set(key, version);
  }
  for (const event of events) {
    if (event.prompt_id === null || event.kind.startsWith('run.')) continue;
    try {
      const entry = { ...event, told: (JSON.parse(event.details) ?? {}) as Details };
      tellPrompt(entry, event.prompt_id);
      tellVersion(entry, event.prompt_id);
    } catch {
      // An entry that PromptVault did not write: no path, or no JSON.
    }
  }
  return { prompts, versions };
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const words = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

function begin({ at, actor, told }: Entry, number: Row): ReplayedVersion {
  const row: Row = {
    ...{ ...number, stage: 'DEV', content_hash: text(told.hash), revision: 1, rationale: '' },
    ...{ copied_from: text(told.copiedFrom), rollback_of: text(told.rollbackOf) },
    ...{ created_at: at, created_by: actor, updated_at: at, updated_by: actor },
    ...{ deployed_at: null, retired_at: null, replaced_by: null },
  };
  return { row, revisions: new Map(), labels: new Set(), deleted: false };
}

const promptSteps: { readonly [kind: string]: (prompt: ReplayedPrompt, told: Details) => void } = {
  'prompt.created': ({ row, tags }, { title, tags: given }) => {
    row.title = text(title);
    for (const tag of words(given)) tags.add(tag);
  },
  'prompt.edited': ({ row }, { to }) => {
    const { title, description } = to as Details;
    Object.assign(row, { title, description });
  },
  'prompt.tagged': ({ tags }, told) => change(tags, told),
  'prompt.deleted': (prompt) => {
    prompt.deleted = true;
  },
};

const versionSteps: { readonly [kind: string]: (version: ReplayedVersion, event: Entry) => void } = {
  'version.created': (version, event) => save(version, event, 1),
  'version.edited': (version, event) => save(version, event, Number(event.told.revision)),
  'version.restored': (version, event) => save(version, event, Number(event.told.revision)),
  'version.promoted': (version, event) => {
    const { row } = version;
    // A promotion that says why is a revision of its own.
    if (event.reason !== null && event.reason !== row.rationale) save(version, event, Number(row.revision) + 1);
    Object.assign(row, { stage: text(event.told.to), content_hash: text(event.told.hash) });
  },
  'version.deleted': (version) => {
    version.deleted = true;
  },
  'version.labelled': ({ labels }, { told }) => change(labels, told),
};

function save({ row, revisions }: ReplayedVersion, { at, actor, told, reason }: Entry, revision: number): void {
  const saved = { revision, content_hash: text(told.hash), rationale: reason ?? (row.rationale as string) };
  Object.assign(row, { ...saved, updated_at: at, updated_by: actor });
  revisions.set(revision, { ...saved, at, actor });
}

function change(set: Set<string>, { added, removed }: Details): void {
  for (const word of words(removed)) set.delete(word);
  for (const word of words(added)) set.add(word);
}
