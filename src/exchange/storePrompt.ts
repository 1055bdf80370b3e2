import { isDeepStrictEqual } from 'node:util';
import { codeOf } from '../shared/errors.ts';
import { eachVersion } from '../vault/eachVersion.ts';
import type { DraftEdit, Variable, VaultApi, VersionInfo, VersionRecord } from '../vault/types.ts';
import type { PlacedPrompt } from './assignPaths.ts';

export type StoreOutcome = 'created' | 'updated' | 'unchanged';
/** What of an existing prompt differs from its source. */
type Change = { content: boolean; title?: string; description?: string; tags: string[] };

/** What storing would do, and, when `write` is set, does: the same answer either way. */
export function storePrompt(vault: VaultApi, prompt: PlacedPrompt, options: { write: boolean }): StoreOutcome {
  const stored = findStored(vault, prompt.path);
  if (!stored) {
    if (options.write) create(vault, prompt);
    return 'created';
  }
  const change = changeOf(prompt, stored);
  if (!change.content && change.tags.length === 0 && change.title === undefined && change.description === undefined) {
    return 'unchanged';
  }
  if (options.write) update(vault, prompt, { stored, change });
  return 'updated';
}

/** The newest draft of a prompt, without drafts its newest version; undefined when there is no such prompt. */
function findStored(vault: VaultApi, path: string): VersionRecord | undefined {
  try {
    const found = newestDraftOrVersion(eachVersion(vault, path));
    return found && vault.show({ ref: `${path}@${found.version}` });
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function create(vault: VaultApi, prompt: PlacedPrompt): void {
  const { path, tags, messages, settings, description, variables, rationale } = prompt;
  const title = prompt.title ?? prompt.defaultTitle;
  vault.create({ path, title, tags, messages, settings, description, variables, rationale });
}

function update(vault: VaultApi, prompt: PlacedPrompt, found: { stored: VersionRecord; change: Change }): void {
  const { path, messages, settings, variables, rationale } = prompt;
  const { stored, change } = found;
  if (change.content) {
    const edit: Omit<DraftEdit, 'ref'> = { messages, settings, variables, rationale };
    if (isDraft(stored)) {
      vault.edit({ ...edit, ref: `${path}@${stored.version}`, expectRevision: stored.revision });
    } else {
      const draft = vault.createVersion({ ref: `${path}@${stored.version}`, rationale: rationale ?? 'Imported' });
      vault.edit({ ...edit, ref: `${path}@${draft.version}`, expectRevision: draft.revision });
    }
  }
  const { title, description, tags } = change;
  if (title !== undefined || description !== undefined) vault.editPrompt({ path, title, description });
  if (tags.length > 0) vault.tag({ path, add: tags });
}

// Values a person gave in the vault stay where the source says nothing: only what the source states is compared.
function changeOf(prompt: PlacedPrompt, stored: VersionRecord): Change {
  const change: Change = {
    content:
      !isDeepStrictEqual(prompt.messages, stored.messages) ||
      !isDeepStrictEqual(prompt.settings, stored.settings) ||
      !declaresAll(stored.variables, prompt.variables ?? []),
    tags: [...new Set(prompt.tags)].filter((tag) => !stored.tags.includes(tag)),
  };
  if (prompt.title !== undefined && prompt.title !== stored.title) change.title = prompt.title;
  if (prompt.description !== undefined && prompt.description !== stored.description) {
    change.description = prompt.description;
  }
  return change;
}

// The vault declares the placeholders it finds, so it may know more than the source.
function declaresAll(declared: Variable[], wanted: Variable[]): boolean {
  return wanted.every((variable) => declared.some((one) => isDeepStrictEqual({ ...one }, { ...variable })));
}

function newestDraftOrVersion(highestFirst: Iterable<VersionInfo>): VersionInfo | undefined {
  let newest: VersionInfo | undefined;
  for (const one of highestFirst) {
    if (isDraft(one)) return one;
    newest ??= one;
  }
  return newest;
}

function isDraft({ stage }: VersionInfo): boolean {
  return stage === 'DEV' || stage === 'TST';
}
